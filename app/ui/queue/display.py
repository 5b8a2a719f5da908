"""The citizens' window, on a second screen where there is one: the number called, large; no names."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.services.queue.numbers import QueueState
from app.text import t
from app.ui.widgets import Type, current, font
from app.ui.widgets.paint import CENTRE, draw_text

_NUMBER, _WORDS, _BEFORE = 0.36, 0.075, 0.09


class CitizenDisplay(QWidget):
    """Shows what ``QueueState.calling`` holds, the latest number first. Esc closes it."""

    def __init__(self, office: str) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._office = office
        self._calling: tuple[tuple[str, str], ...] = ()
        self._waiting = 0
        self.setWindowTitle(t("Số thứ tự"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.resize(960, 540)

    def open_beside(self, window: QWidget) -> None:
        """On another screen than the officer's, filling it; with one screen only, as a window."""
        here = QWidget.screen(window)
        others = [each for each in QGuiApplication.screens() if each is not here]
        if others:
            self.setGeometry(others[0].geometry())
            self.showFullScreen()
        else:
            self.show()

    def show_state(self, state: QueueState) -> None:
        """The numbers now called."""
        self._calling = tuple((ticket.shown, counter) for ticket, counter in state.calling)
        self._waiting = state.waiting
        now = self._calling[0] if self._calling else ("", "")
        self.setAccessibleName(t("Mời số {number} đến {counter}").format(number=now[0], counter=now[1]))
        self.update()

    def shown(self) -> tuple[tuple[str, str], ...]:
        """Numbers and counters in sight, the latest first."""
        return self._calling

    def restyle(self) -> None:
        """Takes the colours of the look now worn."""
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        painter.fillRect(self.rect(), tokens.surface)
        wide, high = float(self.width()), float(self.height())
        self._line(painter, self._office, 0.03 * high, _WORDS * 0.7, tokens.secondary)
        if not self._calling:
            self._line(painter, t("Mời lấy số và chờ gọi"), 0.42 * high, _WORDS, tokens.text)
            return
        number, counter = self._calling[0]
        self._line(painter, t("Mời số"), 0.13 * high, _WORDS, tokens.text)
        self._line(painter, number, 0.18 * high, _NUMBER, tokens.blue)
        self._line(painter, t("đến {counter}").format(counter=counter), 0.655 * high, _WORDS, tokens.text)
        painter.fillRect(QRectF(0.1 * wide, 0.78 * high, 0.8 * wide, 1), tokens.card_line)
        before = "   ".join(shown for shown, _ in self._calling[1:])
        if before:
            self._line(painter, before, 0.8 * high, _BEFORE, tokens.secondary)
        waiting = t("{count} người đang chờ").format(count=self._waiting)
        self._line(painter, waiting, 0.92 * high, _WORDS * 0.6, tokens.secondary)

    def _line(self, painter: QPainter, words: str, top: float, part: float, ink: QColor) -> None:
        size = part * min(self.height(), self.width() * 0.62)
        face = QFont(font(Type.FIGURE, True))
        face.setPixelSize(max(12, round(size)))
        box = QRectF(0, top, self.width(), size * 1.35)
        draw_text(painter, box, words, face, ink, CENTRE)
