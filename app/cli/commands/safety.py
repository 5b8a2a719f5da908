"""``backup``, ``restore``, ``check``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands
from app.cli.commands.restore import restore
from app.cli.session import Session
from app.errors import CircumstanceError
from app.text import t


def add(commands: Commands) -> None:
    """Add the three commands."""
    backup = commands.add_parser("backup", help=t("sao lưu cả quầy vào một tệp đã mã hóa, có đọc lại"))
    backup.add_argument("file", type=Path, metavar="F")
    backup.set_defaults(run=_backup)
    again = commands.add_parser("restore", help=t("dựng lại quầy từ tệp sao lưu vào thư mục mới"))
    again.add_argument("file", type=Path, metavar="F")
    again.add_argument("--into", type=Path, metavar="DIR", help=t("bỏ trống: nơi chương trình tự tìm quầy"))
    again.set_defaults(run=restore)
    commands.add_parser("check", help=t("kiểm tra kho, tệp và nhật ký của quầy")).set_defaults(run=_check)


def _backup(session: Session) -> Answer:
    from app.services.safety.backup import make_backup

    made = make_backup(session.desk, session.officer, session.args.file)
    body = {
        "ok": True,
        "file": str(made.file.resolve()),
        "bytes": made.size,
        "dossiers": made.dossiers,
        "missing": list(made.missing),
    }
    words = [t("Đã sao lưu và đọc lại {count} hồ sơ: {file}").format(count=made.dossiers, file=made.file)]
    if made.missing:
        words.append(t("Thiếu {count} tệp đã lưu; chạy check để xem.").format(count=len(made.missing)))
    return Answer(body, words)


def _check(session: Session) -> Answer:
    from app.services.safety.check import check_desk

    session.shelf.forget(session.folder)
    checked = check_desk(session.folder)
    body = {"ok": checked.ok, "problems": [asdict(problem) for problem in checked.problems]}
    if checked.ok:
        return Answer(body, [t("Kho, tệp và nhật ký đều nguyên vẹn.")])
    words = [f"{problem.kind} {problem.name}: {problem.detail}" for problem in checked.problems]
    return Answer(body, words, exit=CircumstanceError.exit_code)
