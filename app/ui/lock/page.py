"""The page of the full lock: there is no store and no key behind it, only a way back in."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.roles import Officer
from app.errors import AppError
from app.services.people.access import must_change_password, sign_in
from app.text import t
from app.ui.background import Background
from app.ui.lock.door import Door, KeyOrder
from app.ui.ports import Runtime
from app.ui.settled import SettledColumn
from app.ui.sign_in.card import Entry, SignInCard
from app.ui.sign_in.forgotten import ForgottenCard, recover_with
from app.ui.sign_in.page import WIDTH
from app.ui.widgets import Button, Kind, Label, ScrollColumn, Tone, Type, current, px


@dataclass(frozen=True)
class Opened:
    """The store is open again for this officer; ``first_time``: his ``password`` was a one-time one;
    ``words``: of a new recovery sheet, to be told once."""

    runtime: Runtime
    officer: Officer
    first_time: bool = False
    password: str = field(default="", repr=False)
    words: str = field(default="", repr=False)


class LockedPage(QWidget):
    """``opened(Opened)`` when the store could be opened and the officer let in."""

    opened = Signal(object)

    def __init__(self, door: Door, login: str = "", why: str = "") -> None:
        super().__init__()
        self._door = door
        self._phrase = ""
        self._background = Background(door.report_defect)
        self._title = Label(t("Một Cửa Xã"), Type.FIGURE, semibold=True)
        self._state = Label("", Type.BODY, tone=Tone.SECONDARY, wrap=True)
        self._state.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.card = SignInCard(t("Mở khóa và vào làm việc"))
        self.card.ask(login, why, phrase=door.needs_phrase())
        self.card.tried.connect(self._try)
        self.recover = ForgottenCard(self._background, self._recover)
        self.recover.hide()
        self.recover.recovered.connect(self._recovered)
        self.recover.left.connect(lambda: self._show_recovery(shown=False))
        self.forgot = Button(t("Quên mật khẩu"), Kind.LINK, icon="key")
        self.forgot.clicked.connect(lambda: self._show_recovery(shown=True))
        self._inner = SettledColumn()
        column = QVBoxLayout(self._inner)
        column.addStretch(2)
        for part in (self._title, self._state):
            column.addWidget(part, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(px(16))
        for below in (self.card, self.recover, self.forgot):
            column.addWidget(below, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(ScrollColumn(self._inner))
        self.setAutoFillBackground(True)
        self.restyle()

    def restyle(self) -> None:
        """Takes colours and widths of the look now worn."""
        palette = self.palette()
        palette.setColor(self.backgroundRole(), current().window)
        self.setPalette(palette)
        self.card.setFixedWidth(px(WIDTH))
        self.recover.setFixedWidth(px(WIDTH))
        self._state.setFixedWidth(px(WIDTH))

    def closing(self) -> None:
        """Something still ends behind the page: nobody comes in before."""
        self._state.setText(t("Đang kết thúc việc dở rồi đóng kho dữ liệu…"))
        self.card.setEnabled(False)
        self.forgot.setEnabled(False)

    def closed(self) -> None:
        """The store is closed and its key gone."""
        self._state.setText(t("Kho dữ liệu đã đóng. Đồng bộ và sao lưu chạy lại khi mở khóa."))
        self.card.setEnabled(True)
        self.forgot.setEnabled(True)
        self.card.set_phrase_asked(self._door.needs_phrase())
        self.card.focus_first()

    def change_key(self, order: KeyOrder) -> None:
        """The store is closed: another key, then open for who ordered it. What fails leaves the old key."""

        def change() -> Opened:
            words = self._door.change_key(order)
            return Opened(self._door.open(order.phrase), order.by, words=words)

        self._state.setText(t("Đang đổi khóa dữ liệu…"))
        self._background.run(change, self.opened.emit, self._refused, owner=self)

    def leave(self) -> None:
        """The page goes: nothing typed stays, its worker ends."""
        self.card.forget()
        self.recover.forget()
        self._phrase = ""
        self._background.close()

    def _recover(self, words: str, login: str, new: str) -> Officer:
        """The store is opened for this alone."""
        runtime = self._door.open(self._phrase)
        try:
            return recover_with(runtime.desk, words, login, new)
        finally:
            self._door.shut(runtime)

    def _recovered(self, officer: Officer) -> None:
        self._show_recovery(shown=False)
        self.card.ask(officer.login, t("Đã đặt mật khẩu mới. Gõ mật khẩu ấy để vào."))
        self.closed()

    def _show_recovery(self, *, shown: bool) -> None:
        """The phrase typed on the card opens the store for the recovery too."""
        self._phrase = self.card.phrase.text() if shown else ""
        self.card.setVisible(not shown)
        self.forgot.setVisible(not shown)
        self.recover.setVisible(shown)
        self._inner.settle_soon()
        if shown:
            self.recover.ask()
        else:
            self.card.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.recover.isVisible():
            self.recover.turn_back()
        else:
            super().keyPressEvent(event)

    def _try(self, entry: Entry) -> None:
        self._state.setText(t("Đang mở kho dữ liệu…"))
        self._background.run(lambda: self._enter(entry), self.opened.emit, self._refused, owner=self)

    def _enter(self, entry: Entry) -> Opened:
        """Store first, then the officer; who is not let in leaves no open store behind."""
        runtime = self._door.open(entry.phrase)
        try:
            officer = sign_in(runtime.desk, entry.login, entry.password, entry.code)
            first_time = must_change_password(runtime.desk, officer)
        except BaseException:
            self._door.shut(runtime)
            raise
        return Opened(runtime, officer, first_time, entry.password if first_time else "")

    def _refused(self, error: AppError) -> None:
        self.closed()
        self.card.refused(error)
        self._inner.settle_soon()
