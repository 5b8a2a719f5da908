"""Who works here: login and password, on a calm page. Also the lock over an unattended desk."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.roles import Officer
from app.services.desk import Desk
from app.services.people.access import must_change_password, sign_in
from app.text import t
from app.ui.background import Background
from app.ui.settled import SettledColumn
from app.ui.sign_in.card import Entry, SignInCard
from app.ui.sign_in.forgotten import ForgottenCard, recover_with
from app.ui.sign_in.new_password import NewPasswordCard
from app.ui.widgets import Button, Card, Field, Kind, Label, ScrollColumn, Tone, Type, current, px

WIDTH = 400


class SignInPage(QWidget):
    """``signed_in(Officer)`` when login and password fit; ``shut_asked()``: close the store as well."""

    signed_in = Signal(object)
    shut_asked = Signal()

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
        self.card = SignInCard(t("Vào làm việc"))
        self.shut = Button(t("Đóng kho dữ liệu"), Kind.LINK, icon="lock", cap="Ctrl+Shift+L")
        self.shut.hide()
        self.forgot = Button(t("Quên mật khẩu"), Kind.LINK, icon="key")
        self.own = NewPasswordCard(desk, background)
        self.recover = ForgottenCard(background, partial(recover_with, desk))
        self._inner = SettledColumn()
        column = QVBoxLayout(self._inner)
        column.addStretch(2)
        column.addWidget(self._title, alignment=Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._unit, 4)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(px(16))
        for part in (self.card, self.own, self.recover, self.forgot, self.shut):
            column.addWidget(part, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.own.hide()
        self.recover.hide()
        self.forgot.clicked.connect(self.ask_words)
        self.recover.recovered.connect(self._recovered)
        self.recover.left.connect(self.ask)
        self.own.changed.connect(self._enter_as)
        self.own.left.connect(self.ask)
        self.card.tried.connect(self._try)
        self.shut.clicked.connect(self.shut_asked)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(ScrollColumn(self._inner))
        self.setAutoFillBackground(True)
        self.restyle()

    @property
    def login(self) -> Field:
        """Who comes."""
        return self.card.login

    @property
    def password(self) -> Field:
        """What he alone knows."""
        return self.card.password

    @property
    def enter(self) -> Button:
        """The way in."""
        return self.card.enter

    def restyle(self) -> None:
        """Takes colours and widths of the look now worn."""
        palette = self.palette()
        palette.setColor(self.backgroundRole(), current().window)
        self.setPalette(palette)
        self.card.setFixedWidth(px(WIDTH))
        self.own.setFixedWidth(px(WIDTH))
        self.recover.setFixedWidth(px(WIDTH))

    def offer_shutting(self) -> None:
        """There is somebody who can close the store behind this page."""
        self.shut.show()

    def ask(self, login: str = "", why: str = "") -> None:
        """Show the page for this officer; ``why`` says what happened (the desk was left alone)."""
        self._show(self.card)
        self.own.forget()
        self.recover.forget()
        self.card.ask(login, why)

    def ask_words(self) -> None:
        """Nobody can sign in: the recovery sheet."""
        self._show(self.recover)
        self.recover.ask()

    def ask_new_password(self, officer: Officer, once: str) -> None:
        """The one-time password was right: the officer's own comes before any work."""
        self._show(self.own)
        self.own.ask(officer, once)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.own.isVisible():
            self.own.turn_back()
        elif event.key() == Qt.Key.Key_Escape and self.recover.isVisible():
            self.recover.turn_back()
        else:
            super().keyPressEvent(event)

    def _try(self, entry: Entry) -> None:
        self._background.run(
            lambda: self._check(entry),
            lambda found: self._welcome(*found, entry.password),
            self.card.refused,
            owner=self,
        )

    def _check(self, entry: Entry) -> tuple[Officer, bool]:
        officer = sign_in(self._desk, entry.login, entry.password, entry.code)
        return officer, must_change_password(self._desk, officer)

    def _welcome(self, officer: Officer, first_time: bool, password: str) -> None:
        self.card.forget()
        if first_time:
            self.ask_new_password(officer, password)
        else:
            self._enter_as(officer)

    def _recovered(self, officer: Officer) -> None:
        self.ask(officer.login, t("Đã đặt mật khẩu mới. Gõ mật khẩu ấy để vào."))

    def _enter_as(self, officer: Officer) -> None:
        self._show(self.card)
        self.signed_in.emit(officer)

    def _show(self, card: Card) -> None:
        self.card.setVisible(card is self.card)
        self.own.setVisible(card is self.own)
        self.recover.setVisible(card is self.recover)
        self.forgot.setVisible(card is self.card)
        self._inner.settle_soon()


def _in_sentence(name: str) -> str:
    return name[:1].lower() + name[1:]
