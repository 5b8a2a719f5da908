"""What the officer sees when the program itself failed: that nothing is lost, and where help begins.

The note of the failure is already kept beside the logs, without any value; it joins the diagnosis pack.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.text import t
from app.ui.widgets import Kind, Notice, NoticeKind, px


class DefectNotice(QWidget):
    """Hidden until ``tell``. ``help_asked()``: the officer wants to put the pack together."""

    help_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.note = ""
        self.notice = Notice(NoticeKind.WARN, "")
        self.help = self.notice.add_act(t("Lập gói chẩn đoán"), kind=Kind.TINTED)
        self.close_act = self.notice.add_act(t("Làm tiếp"))
        self._around = QVBoxLayout(self)
        self._around.addWidget(self.notice)
        self.help.clicked.connect(self._help)
        self.close_act.clicked.connect(self.hide)
        self.hide()
        self.restyle()

    def tell(self, note: str) -> None:
        """Say it calmly; a second failure meanwhile changes only the note's name."""
        self.note = note
        self.notice.set_notice(
            NoticeKind.WARN,
            t("Chương trình vừa gặp lỗi ngoài dự tính. Những gì đã lưu vẫn nguyên."),
            t("Cứ làm tiếp. Nếu lặp lại, lập gói chẩn đoán gửi người hỗ trợ; ghi chú số {note}.").format(
                note=note
            ),
        )
        self.show()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._around.setContentsMargins(px(16), px(12), px(16), 0)

    def _help(self) -> None:
        self.hide()
        self.help_asked.emit()
