"""The page of the full lock: there is no store and no key behind it, only a way back in."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.roles import Officer
from app.errors import AppError
from app.services.people.access import must_change_password, sign_in
from app.text import t
from app.ui.background import Background
from app.ui.lock.door import Door
from app.ui.ports import Runtime
from app.ui.sign_in.card import Entry, SignInCard
from app.ui.sign_in.page import WIDTH
from app.ui.widgets import Label, Tone, Type, current, px


@dataclass(frozen=True)
class Opened:
    """The store is open again for this officer; ``first_time``: his password was a one-time one."""

    runtime: Runtime
    officer: Officer
    first_time: bool
    entry: Entry


class LockedPage(QWidget):
    """``opened(Opened)`` when the store could be opened and the officer let in."""

    opened = Signal(object)

    def __init__(self, door: Door, login: str = "", why: str = "") -> None:
        super().__init__()
        self._door = door
        self._background = Background(door.report_defect)
        self._title = Label(t("Một Cửa Xã"), Type.FIGURE, semibold=True)
        self._state = Label("", Type.BODY, tone=Tone.SECONDARY, wrap=True)
        self._state.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.card = SignInCard(t("Mở khóa và vào làm việc"))
        self.card.ask(login, why, phrase=door.needs_phrase())
        self.card.tried.connect(self._try)
        column = QVBoxLayout(self)
        column.addStretch(2)
        for part in (self._title, self._state):
            column.addWidget(part, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(px(16))
        column.addWidget(self.card, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.setAutoFillBackground(True)
        self.restyle()

    def restyle(self) -> None:
        """Takes colours and widths of the look now worn."""
        palette = self.palette()
        palette.setColor(self.backgroundRole(), current().window)
        self.setPalette(palette)
        self.card.setFixedWidth(px(WIDTH))
        self._state.setFixedWidth(px(WIDTH))

    def closing(self) -> None:
        """Something still ends behind the page: nobody comes in before."""
        self._state.setText(t("Đang kết thúc việc dở rồi đóng kho dữ liệu…"))
        self.card.setEnabled(False)

    def closed(self) -> None:
        """The store is closed and its key gone."""
        self._state.setText(t("Kho dữ liệu đã đóng. Đồng bộ và sao lưu chạy lại khi mở khóa."))
        self.card.setEnabled(True)
        self.card.set_phrase_asked(self._door.needs_phrase())
        self.card.focus_first()

    def leave(self) -> None:
        """The page goes: nothing typed stays, its worker ends."""
        self.card.forget()
        self._background.close()

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
        return Opened(runtime, officer, first_time, entry)

    def _refused(self, error: AppError) -> None:
        self.closed()
        self.card.refused(error)
