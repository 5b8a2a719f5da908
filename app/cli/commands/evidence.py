"""``evidence``: when a dossier's acts were done here and when the province answered, as a page."""

from __future__ import annotations

from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands, write_out
from app.cli.session import Session
from app.text import t


def add(commands: Commands) -> None:
    """Add ``evidence``."""
    evidence = commands.add_parser("evidence", help=t("in trang bằng chứng xử lý của một hồ sơ"))
    evidence.add_argument("number", metavar="NUMBER", help=t("mã hồ sơ, số biên nhận tạm hoặc id"))
    evidence.add_argument("--out", required=True, type=Path, metavar="F.pdf")
    evidence.set_defaults(run=_evidence)


def _evidence(session: Session) -> Answer:
    from app.services.papers.evidence import print_evidence

    args = session.args
    made = print_evidence(session.desk, session.officer, args.number)
    write_out(args.out, made.pdf)
    body = {"pages": made.pages, "copy_no": made.copy_no, "sha256": made.sha256}
    return Answer(body, [t("Đã ghi trang bằng chứng ra {file}.").format(file=args.out)])
