"""``audit verify``: whether the audit log is whole."""

from __future__ import annotations

from app.cli.answer import Answer
from app.cli.commands.options import Commands
from app.cli.session import Session
from app.errors import CircumstanceError
from app.text import t


def add(commands: Commands) -> None:
    """Add ``audit verify``."""
    audit = commands.add_parser("audit", help=t("nhật ký")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="act"
    )
    audit.add_parser("verify", help=t("kiểm tra nhật ký có bị sửa không")).set_defaults(run=_verify)


def _verify(session: Session) -> Answer:
    from app.services.audit import verify_audit

    verdict = verify_audit(session.desk, session.officer)
    body = {"rows": verdict.rows, "ok": verdict.ok, "first_broken": verdict.first_broken}
    if verdict.ok:
        return Answer(body, [t("Nhật ký nguyên vẹn, {rows} dòng.").format(rows=verdict.rows)])
    words = [
        t("Nhật ký bị sửa từ dòng {row}. Giữ nguyên máy và báo quản trị viên.").format(
            row=verdict.first_broken
        )
    ]
    return Answer(body, words, exit=CircumstanceError.exit_code)
