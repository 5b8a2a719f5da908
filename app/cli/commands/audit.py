"""``audit verify``: whether the audit log is whole and reaches its anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.answer import Answer
from app.cli.commands.options import Commands, group
from app.cli.session import Session
from app.errors import CircumstanceError
from app.text import t

if TYPE_CHECKING:
    from app.services.audit import AuditVerdict, FailedAnchor


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
    from app.services.audit import read_anchor, verify_audit

    printed = [read_anchor(text) for text in session.args.anchor]
    verdict = verify_audit(session.desk, session.officer, printed)
    body = {
        "rows": verdict.rows,
        "ok": verdict.ok,
        "first_broken": verdict.first_broken,
        "anchor": _anchor(verdict.anchor),
    }
    if verdict.ok:
        return Answer(body, [t("Nhật ký nguyên vẹn, {rows} dòng.").format(rows=verdict.rows)])
    words = [_words(verdict), t("Giữ nguyên máy và báo quản trị viên.")]
    return Answer(body, words, exit=CircumstanceError.exit_code)


def _anchor(failed: FailedAnchor | None) -> dict[str, object] | None:
    if failed is None:
        return None
    return {"kind": failed.kind.value, "seq": failed.seq, "misfit": failed.misfit.value}


def _words(verdict: AuditVerdict) -> str:
    from app.services.audit import AnchorKind, Misfit

    failed = verdict.anchor
    if failed is None:
        return t("Nhật ký bị sửa từ dòng {row}.").format(row=verdict.first_broken)
    if failed.misfit is Misfit.GONE:
        return t(
            "Các dòng nhật ký khớp nhau, nhưng dấu mốc cạnh kho không còn nên có thể đã thiếu phần cuối."
        )
    where = t("trang sổ đã in") if failed.kind is AnchorKind.PRINTED else t("dấu mốc cạnh kho")
    if failed.misfit is Misfit.SHORT:
        words = t(
            "Nhật ký chỉ có {rows} dòng, còn {where} ghi đã tới dòng {seq}: phần cuối bị mất, hoặc kho"
            " bị thay bằng bản cũ."
        )
    else:
        words = t("Dòng {seq} của nhật ký không phải dòng mà {where} đã ghi: kho bị thay bằng kho khác.")
    return words.format(rows=verdict.rows, where=where, seq=failed.seq)
