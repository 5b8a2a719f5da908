"""``audit verify``: whether the audit log is whole and reaches its anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.answer import Answer
from app.cli.commands.options import Commands, group
from app.cli.session import Session
from app.errors import CircumstanceError
from app.text import t

if TYPE_CHECKING:
    from app.services.audit.verify import FailedAnchor


def add(commands: Commands) -> None:
    """Add ``audit verify``."""
    verify = group(commands, "audit", t("nhật ký")).add_parser(
        "verify", help=t("kiểm tra nhật ký có bị sửa không")
    )
    verify.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar=t("MỐC"),
        help=t("mốc in ở chân trang sổ: số mục rồi dấu, đặt trong ngoặc kép"),
    )
    verify.set_defaults(run=_verify)


def _verify(session: Session) -> Answer:
    from app.services.audit.verify import read_anchor, verify_audit
    from app.services.audit.words import verdict_words

    printed = [read_anchor(text) for text in session.args.anchor]
    verdict = verify_audit(session.desk, session.officer, printed)
    body: dict[str, object] = {
        "rows": verdict.rows,
        "ok": verdict.ok,
        "first_broken": verdict.first_broken,
    }
    if verdict.anchor is not None:
        body["anchor"] = _anchor(verdict.anchor)
    words = verdict_words(verdict)
    if verdict.ok:
        return Answer(body, words[:1])
    return Answer(body, words, exit=CircumstanceError.exit_code)


def _anchor(failed: FailedAnchor) -> dict[str, object]:
    return {"kind": failed.kind.value, "seq": failed.seq, "misfit": failed.misfit.value}
