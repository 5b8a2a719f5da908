"""``key``: another key for the desk's data, another recovery sheet, a forgotten administrator password."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.answer import Answer
from app.cli.commands.options import Commands, group, write_out
from app.cli.session import NEW_PASSWORD, Session
from app.errors import AppError, UsageError
from app.text import t

if TYPE_CHECKING:
    from app.domain.roles import Officer

WORDS = "MOTCUA_RECOVERY"


def add(commands: Commands) -> None:
    """Add the command."""
    key = group(commands, "key", t("khóa dữ liệu và tờ khôi phục của quầy"))
    change = key.add_parser("change", help=t("đổi khóa dữ liệu; tờ khôi phục cũ không mở được quầy nữa"))
    change.add_argument("--sheet", type=Path, metavar="F.pdf", help=t("nơi đặt tờ khôi phục mới để in"))
    change.add_argument("--no-backup", action="store_true", help=t("không sao lưu trước khi đổi"))
    change.set_defaults(run=_change, alone=True)
    sheet = key.add_parser("sheet", help=t("tờ khôi phục mới cho khóa đang dùng"))
    sheet.add_argument("--sheet", type=Path, metavar="F.pdf", help=t("nơi đặt tờ khôi phục mới để in"))
    sheet.set_defaults(run=_sheet)
    forgot = key.add_parser("password", help=t("đặt lại mật khẩu quản trị viên bằng chín từ khôi phục"))
    forgot.add_argument("admin_login", metavar="LOGIN")
    forgot.set_defaults(run=_password)


def _change(session: Session) -> Answer:
    from app.services.safety.automatic import run_automatic_backup
    from app.services.safety.key_change import change_key

    args, by = session.args, session.officer
    _require_new(args.sheet)
    if not args.no_backup:
        run_automatic_backup(session.desk, by)
    session.shelf.forget(session.folder)
    made = change_key(session.folder, by, session.links.clock)
    words = [t("Đã đổi khóa dữ liệu của quầy.")]
    if made.unread:
        told = t("{count} tệp hỏng từ trước được để nguyên; chạy check để xem.")
        words.append(told.format(count=len(made.unread)))
    words.append(
        t("Bản sao lưu làm trước lúc này chỉ mở được bằng tờ khôi phục cũ: giữ tờ ấy đến khi hết bản.")
    )
    return _told(session, by, made.recovery_words, words, {"unread": list(made.unread)})


def _sheet(session: Session) -> Answer:
    from app.services.safety.key_change import new_sheet

    by = session.officer
    _require_new(session.args.sheet)
    given = os.environ.get(WORDS, "").strip()
    words = given or new_sheet(session.desk, by)
    told = t("Tờ khôi phục này đang có hiệu lực.") if given else t("Tờ khôi phục cũ không mở được quầy nữa.")
    return _told(session, by, words, [told], {})


def _told(session: Session, by: Officer, recovery: str, words: list[str], body: dict[str, Any]) -> Answer:
    """The new words, and the sheet where one was asked for by name."""
    from app.services.safety.recovery_sheet import recovery_sheet

    target: Path | None = session.args.sheet
    place = None
    if target is not None:
        try:
            write_out(target, recovery_sheet(session.desk, by, recovery))
        except AppError:  # the old words open nothing any more: whatever happens the new ones are told
            words.append(
                t("Chưa đặt được tờ khôi phục ở {file}; chép chín từ này ra giấy.").format(file=target)
            )
        else:
            words.append(t("In tờ khôi phục ở {file}, cất vào tủ rồi xóa tệp.").format(file=target))
            place = str(target.resolve())
    words.append(t("Chín từ khôi phục: {words}").format(words=recovery))
    return Answer({"ok": True, "recovery_words": recovery, "sheet": place, **body}, words)


def _password(session: Session) -> Answer:
    from app.services.people.recovery import recover_administrator

    words, new = os.environ.get(WORDS, ""), os.environ.get(NEW_PASSWORD, "")
    if not words.strip() or not new:
        raise UsageError(
            "recovery-missing",
            t("Chưa có chín từ khôi phục hoặc mật khẩu mới."),
            t("Đặt chín từ vào biến MOTCUA_RECOVERY, mật khẩu mới vào MOTCUA_NEW_PASSWORD rồi chạy lại."),
            field="words",
        )
    officer = recover_administrator(session.desk, words, session.args.admin_login, new)
    return Answer(
        {"ok": True, "login": officer.login},
        [t("Đã đặt mật khẩu mới cho {login}.").format(login=officer.login)],
    )


def _require_new(target: Path | None) -> None:
    if target is not None and (target.exists() or not target.resolve().parent.is_dir()):
        raise UsageError(
            "sheet-file",
            t("Không đặt tờ khôi phục vào chỗ này được."),
            t("Chọn một tệp mới trong một thư mục đang có, ví dụ khoi-phuc.pdf."),
            field="sheet",
        )
