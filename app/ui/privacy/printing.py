"""A paper of these sections on its way: to the printer, or into a file that the officer names."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from app.errors import AppError, StorageError
from app.keys import write_whole
from app.services.papers.slips import MadePaper, note_printed
from app.text import t
from app.ui.settings.section import Section
from app.ui.widgets import NoticeKind


def print_made(section: Section, made: MadePaper, name: str) -> None:
    """Hands a kept paper to the printer and notes what became of it."""
    desk, by = section.desk, section.by

    def note(queue: str, *, ok: bool) -> None:
        section.context.background.run(
            partial(note_printed, desk, by, made.job_id, queue, ok=ok), owner=section
        )

    def printed(queue: str) -> None:
        note(queue, ok=True)
        section.said(t("Đã in {name}.").format(name=name[:1].lower() + name[1:]))

    def broke(error: AppError) -> None:
        note("", ok=False)
        kept = t("Bản in đã giữ trong Chờ in; bật máy in rồi in lại.")
        section.tell(NoticeKind.WARN, error.title, kept)

    section.context.printer.print_pdf(made.pdf, name, printed, broke)


def ask_file(parent: QWidget, title: str, name: str, kinds: str) -> str:
    """Where to write, as the officer chooses; "" where he thought better of it."""
    home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return QFileDialog.getSaveFileName(parent, title, str(Path(home) / name), kinds)[0]


def write_chosen(target: str, content: bytes) -> str:
    """Write the file whole; gives its name. Raises ``StorageError`` "file-not-written"."""
    path = Path(target)
    try:
        write_whole(path, content)
    except (OSError, ValueError) as failure:
        raise StorageError(
            "file-not-written",
            t("Chưa ghi được tệp ra nơi đã chọn; trong quầy không có gì bị mất."),
            t("Chọn thư mục khác, hoặc kiểm tra chỗ trống trên ổ đĩa."),
        ) from failure
    return path.name


AskFile = Callable[[], str]
"""Asks for the name of a file; a test answers instead of a dialog."""
