"""Who works here: login and password, on a calm page. Also the lock over an unattended desk."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.roles import Officer
from app.errors import AppError
from app.services.desk import Desk
from app.services.people.access import must_change_password, sign_in
from app.text import t
from app.ui.background import Background
from app.ui.sign_in.new_password import NewPasswordCard
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
        self.own = NewPasswordCard(desk, background)
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
        column.addWidget(self.own, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.own.hide()
        self.own.changed.connect(self._enter_as)
        self.own.left.connect(self.ask)
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
        self.own.setFixedWidth(px(_WIDTH))

    def ask(self, login: str = "", why: str = "") -> None:
        """Show the page for this officer; ``why`` says what happened (the desk was left alone)."""
        self._show(self._card)
        self.own.forget()
        self.login.set_text(login)
        self.password.clear()
        self.password.set_error(None)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        (self.password if login else self.login).line.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.own.isVisible():
            self.own.turn_back()
        else:
            super().keyPressEvent(event)

    def _ask_password(self) -> None:
        self.password.line.setFocus()
        self.password.line.selectAll()  # what was refused is typed over, not typed on

    def _try(self) -> None:
        login, password = self.login.text(), self.password.text()
        self.enter.setEnabled(False)
        self._background.run(
            lambda: self._check(login, password),
            lambda found: self._welcome(*found, password),
            self._refused,
            owner=self,
        )

    def _check(self, login: str, password: str) -> tuple[Officer, bool]:
        officer = sign_in(self._desk, login, password)
        return officer, must_change_password(self._desk, officer)

    def _welcome(self, officer: Officer, first_time: bool, password: str) -> None:
        self.enter.setEnabled(True)
        self.password.clear()
        if first_time:
            self._show(self.own)
            self.own.ask(officer, password)
        else:
            self._enter_as(officer)

    def _enter_as(self, officer: Officer) -> None:
        self._show(self._card)
        self.signed_in.emit(officer)

    def _show(self, card: Card) -> None:
        self._card.setVisible(card is self._card)
        self.own.setVisible(card is self.own)

    def _refused(self, error: AppError) -> None:
        self.enter.setEnabled(True)
        self.password.set_error(f"{error.title} {error.next_step}")
        self.password.line.selectAll()
        self.password.line.setFocus()


def _in_sentence(name: str) -> str:
    return name[:1].lower() + name[1:]
