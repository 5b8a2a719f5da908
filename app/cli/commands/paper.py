"""``slip``: an official form of a dossier as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.cli.answer import Answer
from app.cli.commands.options import Commands, write_out
from app.cli.session import Session
from app.errors import RuleError
from app.text import t

FORMS: Final = ("01", "02", "03", "04", "05", "06", "07")
_ACTS: Final = {
    "02": "yêu cầu bổ sung, hoàn thiện hồ sơ",
    "03": "từ chối tiếp nhận",
    "04": "xin lỗi và gia hạn",
    "05": "dừng giải quyết",
}


def add(commands: Commands) -> None:
    """Add ``slip``."""
    slip = commands.add_parser("slip", help=t("in biểu mẫu của hồ sơ ra tệp PDF"))
    slip.add_argument("number", metavar="NUMBER")
    slip.add_argument("--form", required=True, choices=FORMS)
    slip.add_argument("--out", required=True, type=Path, metavar="F.pdf")
    slip.add_argument("--at-date", metavar="D")
    slip.set_defaults(run=_slip)


def _slip(session: Session) -> Answer:
    from app.services.dossier_view import find_dossier_id
    from app.services.slips import make_slip

    args = session.args
    officer = session.officer
    dossier_id = find_dossier_id(session.desk, args.number)
    if args.form != "01":
        raise _not_yet(args.form)
    made = make_slip(session.desk, officer, dossier_id)
    write_out(args.out, made.pdf)
    body = {"form": made.form, "form_set": made.form_set, "pages": made.pages, "copy_no": made.copy_no}
    return Answer(body, [t("Đã in mẫu {form} ra {file}.").format(form=made.form, file=args.out)])


def _not_yet(form: str) -> RuleError:
    if form in _ACTS:
        return RuleError(
            "act-not-done",
            t("Hồ sơ này chưa có việc “{act}” nên chưa có mẫu {form}.").format(act=t(_ACTS[form]), form=form),
            t("Làm việc đó trước rồi in."),
            field="form",
        )
    return RuleError(
        "form-not-offered",
        t("Bản này chưa in được mẫu {form}.").format(form=form),
        t("Hồ sơ vẫn đủ trong máy; mẫu này có ở bản sau."),
        field="form",
    )
