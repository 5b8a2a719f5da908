"""The officer's strip: who is called, who waits, and the five steps. Out of sight where numbers are off."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.domain.roles import Officer
from app.errors import AppError
from app.services.desk import Desk
from app.services.queue import numbers as queue
from app.services.queue.numbers import QueueState, Ticket
from app.services.queue.paper import ticket_pdf
from app.text import t
from app.ui.queue.display import CitizenDisplay
from app.ui.screen import Context
from app.ui.widgets import Button, Card, Kind, Label, Tone, Type, px

_EVERY_MS = 5_000
"""How often numbers drawn elsewhere are looked for."""


class QueueStrip(Card):
    """One line above the day's figures; it asks the worker itself and is hidden until numbers are on."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._state: QueueState | None = None
        self.display: CitizenDisplay | None = None
        self._number = Label("–", Type.FIGURE, semibold=True)
        self._what = Label("", Type.TABLE, semibold=True)
        self._waiting = Label("", Type.LABEL, tone=Tone.SECONDARY)
        self.next = Button(t("Gọi số tiếp"), Kind.TINTED, icon="bell")
        self.again = Button(t("Gọi lại"))
        self.absent = Button(t("Vắng"))
        self.served = Button(t("Xong"))
        self.draw = Button(t("Lấy số"), icon="plus")
        self.first = Button(t("Số ưu tiên"))
        self.show_window = Button(t("Màn hình chờ"), Kind.LINK)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._what)
        words.addWidget(self._waiting)
        self._row = QHBoxLayout()
        self._row.addWidget(self._number)
        self._row.addLayout(words, 1)
        for button in (self.next, self.again, self.absent, self.served, self.draw, self.first):
            self._row.addWidget(button)
        self._row.addWidget(self.show_window)
        self.body.addLayout(self._row)
        self._wire()
        self.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self.restyle()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        if hasattr(self, "_row"):
            self._row.setSpacing(px(8))

    def set_narrow(self, narrow: bool) -> None:
        """The rarer steps go where there is no room."""
        for button in (self.show_window, self.first):
            button.setVisible(not narrow)
        self._waiting.setVisible(True)

    def look(self) -> None:
        """Ask how the queue stands."""
        desk, by = self._context.runtime.desk, self._context.officer
        self._run(lambda: queue.queue_state(desk, by), latest="queue")

    def rest(self) -> None:
        """No more looking while the screen is out of sight, unless citizens are watching."""
        if self.display is None or not self.display.isVisible():
            self._timer.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.display is not None:
            self.display.close()
        event.accept()

    def _wire(self) -> None:
        for button, step in (
            (self.next, queue.call_next),
            (self.again, queue.call_again),
            (self.absent, queue.absent),
            (self.served, queue.served),
        ):
            button.clicked.connect(lambda _on=False, how=step: self._step(how))
        self.draw.clicked.connect(lambda: self._draw(priority=False))
        self.first.clicked.connect(lambda: self._draw(priority=True))
        self.show_window.clicked.connect(self._open_display)

    def _step(self, how: Callable[[Desk, Officer], Ticket]) -> None:
        desk, by = self._context.runtime.desk, self._context.officer

        def work() -> QueueState:
            how(desk, by)
            return queue.queue_state(desk, by)

        self._run(work)

    def _draw(self, *, priority: bool) -> None:
        desk, by = self._context.runtime.desk, self._context.officer

        def work() -> tuple[Ticket, bytes]:
            ticket = queue.draw(desk, by, priority=priority)
            return ticket, ticket_pdf(desk, by, ticket)

        self._context.background.run(work, lambda made: self._drawn(*made), self._failed, owner=self)

    def _drawn(self, ticket: Ticket, pdf: bytes) -> None:
        self._context.printer.print_pdf(pdf, t("Số thứ tự {number}").format(number=ticket.shown))
        self.look()

    def _run(self, work: Callable[[], QueueState], latest: str | None = None) -> None:
        self._context.background.run(work, self._show, self._failed, owner=self, latest=latest)

    def _show(self, state: QueueState) -> None:
        self._state = state
        self.setVisible(state.enabled)
        (self._timer.start if state.enabled else self._timer.stop)()
        mine = state.mine
        self._number.setText(mine.shown if mine is not None else "–")
        self._what.setText(_calls(mine) if mine is not None else t("Chưa gọi số nào"))
        gone = t(" · {count} vắng").format(count=len(state.absent)) if state.absent else ""
        self._waiting.setText(t("{count} người chờ").format(count=state.waiting) + gone)
        self.next.setEnabled(state.waiting > 0)
        for button in (self.again, self.absent, self.served):
            button.setEnabled(mine is not None)
        if self.display is not None:
            self.display.show_state(state)

    def _failed(self, error: AppError) -> None:
        self._waiting.setText(error.title)

    def _open_display(self) -> None:
        if self.display is None:
            self.display = CitizenDisplay(self._context.runtime.desk.profile.unit_name)
            self.destroyed.connect(self.display.deleteLater)
        if self._state is not None:
            self.display.show_state(self._state)
        self.display.open_beside(self.window())


def _calls(mine: Ticket) -> str:
    if mine.calls > 1:
        return t("Đang mời, gọi {count} lần").format(count=mine.calls)
    return t("Đang mời đến quầy")
