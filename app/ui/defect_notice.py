"""What the officer sees when the program itself failed: that nothing is lost, and where help begins.

The note of the failure is already kept beside the logs, without any value; it joins the diagnosis pack.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.text import t
from app.ui.widgets import Kind, Notice, NoticeKind


class DefectNotice(Notice):
    """Hidden until ``tell``. ``help_asked()``: the officer wants to put the pack together."""

    help_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(NoticeKind.WARN, "")
        if parent is not None:
            self.setParent(parent)
        self.note = ""
        self.help = self.add_act(t("Lập gói chẩn đoán"), kind=Kind.TINTED)
        self.close_act = self.add_act(t("Làm tiếp"))
        self.help.clicked.connect(self._help)
        self.close_act.clicked.connect(self.hide)
        self.hide()

    def tell(self, note: str) -> None:
        """Say it calmly; a second failure meanwhile changes only the note's name."""
        self.note = note
        self.set_notice(
            NoticeKind.WARN,
            t("Chương trình vừa gặp lỗi ngoài dự tính. Những gì đã lưu vẫn nguyên."),
            t("Cứ làm tiếp. Nếu lặp lại, lập gói chẩn đoán gửi người hỗ trợ; ghi chú số {note}.").format(
                note=note
            ),
        )
        self.show()

    def _help(self) -> None:
        self.hide()
        self.help_asked.emit()
