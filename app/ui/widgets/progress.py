"""Long work with numbers: how far, how fast, how long still, and a way to pause or stop."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.text import t
from app.ui.widgets.button import Button, Size
from app.ui.widgets.label import Label
from app.ui.widgets.look import Type, current, px
from app.ui.widgets.paint import draw_box
from app.ui.widgets.tokens import Tone


@dataclass(frozen=True)
class ProgressState:
    """``done`` of ``total`` things; bytes, speed (bytes a second) and seconds left where they are known."""

    what: str
    done: int = 0
    total: int = 0
    detail: str = ""
    bytes_done: int | None = None
    bytes_total: int | None = None
    bytes_per_second: float | None = None
    seconds_left: float | None = None


def bytes_text(count: float) -> str:
    """A size with a decimal comma: 950 B, 96 KB, 18,4 MB."""
    for unit, size in (("GB", 1 << 30), ("MB", 1 << 20)):
        if count >= size:
            return f"{count / size:.1f}".replace(".", ",") + f" {unit}"
    return f"{count / 1024:.0f} KB" if count >= 1024 else f"{count:.0f} B"


def time_left_text(seconds: float) -> str:
    """Rough time left: minutes and tens of seconds, never more exact than it can be."""
    whole = max(0, round(seconds))
    if whole >= 3600:
        return t("còn khoảng {h} giờ {m} phút").format(h=whole // 3600, m=whole % 3600 // 60)
    if whole >= 60:
        rest = whole % 60 // 10 * 10
        words = t("còn khoảng {m} phút {s} giây") if rest else t("còn khoảng {m} phút")
        return words.format(m=whole // 60, s=rest)
    return t("còn vài giây") if whole < 10 else t("còn khoảng {s} giây").format(s=whole // 10 * 10)


class Bar(QWidget):
    """A bar of 8 px; ``set_share`` 0 to 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def share(self) -> float:
        """How much is filled."""
        return self._share

    def set_share(self, share: float) -> None:
        """Fills the bar; outside 0 to 1 is cut."""
        self._share = min(1.0, max(0.0, share))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(120), px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        box, radius = QRectF(self.rect()), self.height() / 2
        draw_box(painter, box, radius, tokens.band, tokens.button_border)
        if self._share > 0:
            width = max(box.height(), box.width() * self._share)
            draw_box(painter, QRectF(0, 0, width, box.height()), radius, tokens.blue)


class Progress(QWidget):
    """What n/m · bytes · speed · time left, a bar, and a line on what a cut does.

    ``paused()``, ``resumed()`` and ``cancelled()`` are the officer's acts; the screen decides what follows.
    """

    paused = Signal()
    resumed = Signal()
    cancelled = Signal()

    def __init__(self, *, note: str = "", can_pause: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = Label("", Type.TABLE, semibold=True)
        self._detail = Label("", Type.LABEL, tone=Tone.SECONDARY, elide=True)
        self._amount = Label("", Type.TABLE, semibold=True, right=True)
        self._pace = Label("", Type.LABEL, tone=Tone.SECONDARY, right=True)
        self._pause = Button(t("Tạm dừng"), size=Size.SMALL)
        self._cancel = Button(t("Hủy"), size=Size.SMALL)
        self._bar = Bar()
        self._note = Label(note, Type.LABEL, tone=Tone.SECONDARY, elide=True)
        self._is_paused = False
        self._build()
        self._pause.setVisible(can_pause)
        self._note.setVisible(bool(note))
        self.restyle()

    def _build(self) -> None:
        self._head = QHBoxLayout()
        for part in (self._what, self._detail, self._amount, self._pace, self._pause, self._cancel):
            self._head.addWidget(part)
        self._head.setStretchFactor(self._detail, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._head)
        self._column.addWidget(self._bar)
        self._column.addWidget(self._note)
        self._pause.clicked.connect(self._on_pause)
        self._cancel.clicked.connect(self.cancelled)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def set_state(self, state: ProgressState) -> None:
        """Shows how far the work is."""
        count = f" {state.done}/{state.total}" if state.total else ""
        self._what.setText(state.what + count)
        self._detail.setText(state.detail)
        self._amount.setText(_amount(state))
        pace = []
        if state.bytes_per_second:
            pace.append(t("{size}/giây").format(size=bytes_text(state.bytes_per_second)))
        if state.seconds_left is not None:
            pace.append(time_left_text(state.seconds_left))
        self._pace.setText(" · ".join(pace))
        self._bar.set_share(_share(state))
        self.setAccessibleName(" ".join((self._what.text(), self._amount.text(), self._pace.text())).strip())

    def set_paused(self, paused: bool) -> None:
        """Whether the work rests; the button then offers to go on."""
        self._is_paused = paused
        self._pause.set_text(t("Làm tiếp") if paused else t("Tạm dừng"))

    def set_note(self, note: str) -> None:
        """The line on what a cut does."""
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._head.setSpacing(px(10))
        self._column.setSpacing(px(7))
        self._bar.setFixedHeight(px(8))

    def _on_pause(self) -> None:
        self.set_paused(not self._is_paused)
        (self.paused if self._is_paused else self.resumed).emit()


def _share(state: ProgressState) -> float:
    if state.bytes_total:
        return (state.bytes_done or 0) / state.bytes_total
    return state.done / state.total if state.total else 0.0


def _amount(state: ProgressState) -> str:
    if not state.bytes_total:
        return ""
    done, total = bytes_text(state.bytes_done or 0), bytes_text(state.bytes_total)
    if done.split(" ")[1] == total.split(" ")[1]:
        done = done.split(" ")[0]
    return f"{done} / {total}"
