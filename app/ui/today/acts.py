"""The big acts of the day, and how many came in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.text import t
from app.ui.widgets import Button, Kind, Label, Size, Tone, Type, px


class BigActs(QWidget):
    """Only acts that exist. ``asked(str)`` carries the name of the screen."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.receive = Button(t("Tiếp nhận hồ sơ"), Kind.PRIMARY, icon="inbox-down", cap="F2", size=Size.BIG)
        self.look_up = Button(t("Tìm hồ sơ"), icon="search", cap="F3", size=Size.BIG)
        self.assist = Button(t("Hỗ trợ tài khoản"), icon="person-plus", size=Size.BIG)
        self.procedures = Button(t("Tra thủ tục"), icon="book", size=Size.BIG)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for button, screen in (
            (self.receive, "reception"),
            (self.look_up, "dossiers"),
            (self.assist, "account_help"),
            (self.procedures, "procedures"),
        ):
            self._row.addWidget(button)
            button.clicked.connect(lambda _on=False, name=screen: self.asked.emit(name))
        self._row.addStretch(1)
        self._said = Label(t("Đã tiếp nhận hôm nay"), Type.LABEL, tone=Tone.SECONDARY, right=True)
        self._count = Label("", semibold=True, right=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._said)
        words.addWidget(self._count)
        self._row.addLayout(words)
        self.restyle()

    def set_received(self, count: int) -> None:
        """How many dossiers came in today."""
        self._count.setText(t("{count} hồ sơ").format(count=count))

    def set_room(self, *, counted: bool, procedures: bool) -> None:
        """What a small window can show beside the first three acts."""
        self._said.setVisible(counted)
        self._count.setVisible(counted)
        self.procedures.setVisible(procedures)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setSpacing(px(12))
