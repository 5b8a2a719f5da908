"""A desk no province knows yet: what still works, and how it is joined."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout

from app.text import t
from app.ui.widgets import Button, Card, Field, Label, Tone, Type, px


class EnrolCard(Card):
    """The command to join, ready to be copied; address and one-time code come from the province."""

    def __init__(self, data: Path) -> None:
        super().__init__(t("Quầy chưa nối với tỉnh"))
        words = t(
            "Nhận hồ sơ, in phiếu, tra cứu vẫn như thường. Mọi việc nằm an toàn trong máy, gửi đủ khi đã nối."
        )
        how = t(
            "Xin tỉnh địa chỉ cổng và mã ghi danh dùng một lần. Quản trị viên thay vào lệnh dưới đây rồi "
            "chạy một lần trên máy này; đèn sẽ tự đổi màu."
        )
        self.command = Field(t("Lệnh nối với tỉnh"))
        self.command.set_text(enrol_command(data))
        self.command.set_read_only(True)
        self.copy = Button(t("Sao chép lệnh"))
        self.body.addWidget(Label(words, wrap=True))
        self.body.addWidget(Label(how, Type.TABLE, tone=Tone.SECONDARY, wrap=True))
        self.body.addWidget(self.command)
        acts = QHBoxLayout()
        acts.setSpacing(px(8))
        acts.addWidget(self.copy)
        acts.addStretch(1)
        self.body.addLayout(acts)
        self.copy.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command.text())
        self.copy.set_text(t("Đã sao chép"))


def enrol_command(data: Path) -> str:
    """As it is typed; the places to fill in are in capitals."""
    return f'motcua --data "{data}" enrol --url https://DIA-CHI-CONG --code MA-GHI-DANH'
