"""The page shown when the desk cannot be opened: what happened, what is safe, what next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import AppError
from app.text import t
from app.ui.widgets import Button, Notice, NoticeKind, current, px


class FailedPage(QWidget):
    """One notice and one way out."""

    def __init__(self, error: AppError) -> None:
        super().__init__()
        self.setWindowTitle(t("Một Cửa Xã"))
        self.notice = Notice(NoticeKind.ERROR, error.title, error.next_step)
        self.notice.setFixedWidth(px(560))
        self.leave = Button(t("Đóng"))
        self.leave.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self.notice, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(px(12))
        column.addWidget(self.leave, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.setAutoFillBackground(True)
        palette = self.palette()
        palette.setColor(self.backgroundRole(), current().window)
        self.setPalette(palette)
        self.resize(px(800), px(480))
        self.leave.setFocus()
