"""Who works here: login and password, on a calm page. Also the lock over an unattended desk."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.roles import Officer
from app.errors import AppError
from app.services.access import sign_in
from app.services.desk import Desk
from app.text import t
from app.ui.background import Background
from app.ui.widgets import Button, Card, Field, Kind, Label, Size, Tone, Type, current, px

_WIDTH = 400


class SignInPage(QWidget):
    """``signed_in(Officer)`` when login and password fit."""

    signed_in = Signal(object)

    def __init__(self, desk: Desk, background: Background) -> None:
        super().__init__()
        self._desk, self._background = desk, background
        self._title = Label(t("Một Cửa Xã"), Type.FIGURE, semibold=True)
        self._unit = Label(
            t("Trung tâm Phục vụ hành chính công {unit}").format(unit=_in_sentence(desk.profile.unit_name)),
            Type.BODY,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        self._unit.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._why = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self._why.hide()
        self.login = Field(t("Tên đăng nhập"), icon="person-plus")
        self.password = Field(t("Mật khẩu"), icon="lock")
        self.password.line.setEchoMode(self.password.line.EchoMode.Password)
        self.enter = Button(t("Vào làm việc"), kind=Kind.PRIMARY, size=Size.BIG, cap="Enter")
        self.enter.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        card = Card()
        for part in (self._why, self.login, self.password, self.enter):
            card.body.addWidget(part)
        self._card = card
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self._title, alignment=Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._unit, 4)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(px(16))
        column.addWidget(card, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.login.entered.connect(self._ask_password)
        self.password.entered.connect(self._try)
        self.enter.clicked.connect(self._try)
        self.setAutoFillBackground(True)
        self.restyle()

    def restyle(self) -> None:
        """Takes colours and widths of the look now worn."""
        palette = self.palette()
        palette.setColor(self.backgroundRole(), current().window)
        self.setPalette(palette)
        self._card.setFixedWidth(px(_WIDTH))

    def ask(self, login: str = "", why: str = "") -> None:
        """Show the page for this officer; ``why`` says what happened (the desk was left alone)."""
        self.login.set_text(login)
        self.password.clear()
        self.password.set_error(None)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        (self.password if login else self.login).line.setFocus()

    def _ask_password(self) -> None:
        self.password.line.setFocus()
        self.password.line.selectAll()  # what was refused is typed over, not typed on

    def _try(self) -> None:
        login, password = self.login.text(), self.password.text()
        self.enter.setEnabled(False)
        self._background.run(
            lambda: sign_in(self._desk, login, password), self._welcome, self._refused, owner=self
        )

    def _welcome(self, officer: Officer) -> None:
        self.enter.setEnabled(True)
        self.password.clear()
        self.signed_in.emit(officer)

    def _refused(self, error: AppError) -> None:
        self.enter.setEnabled(True)
        self.password.set_error(f"{error.title} {error.next_step}")
        self.password.line.selectAll()
        self.password.line.setFocus()


def _in_sentence(name: str) -> str:
    return name[:1].lower() + name[1:]
