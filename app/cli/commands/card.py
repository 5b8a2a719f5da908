"""``read-card``: what the QR code of an identity card says."""

from __future__ import annotations

from app.cli.answer import Answer
from app.cli.commands.options import Commands
from app.cli.session import Session
from app.text import t


def add(commands: Commands) -> None:
    """Add ``read-card``."""
    read = commands.add_parser("read-card", help=t("đọc mã QR của thẻ căn cước"))
    read.add_argument("text", metavar="TEXT", help=t("nội dung mã; “-” là một dòng từ stdin"))
    read.set_defaults(run=_read)


def _read(session: Session) -> Answer:
    from app.domain.citizen_qr import parse_citizen_qr

    today = session.links.clock.now().date()
    card = parse_citizen_qr(session.text(session.args.text), today)
    body = {
        "personal_id": card.personal_id,
        "old_id": card.old_id,
        "name": card.name,
        "birth_date": card.birth_date,
        "sex": card.sex,
        "address": card.address,
        "issue_date": card.issue_date,
        "warnings": [
            {"code": warning.code, "field": warning.field, "text": warning.text} for warning in card.warnings
        ],
    }
    words = [card.name, card.personal_id, card.address, *(warning.text for warning in card.warnings)]
    return Answer(body, words)
