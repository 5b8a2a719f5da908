"""The 36 px box around whatever is typed or chosen, and the line of text in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from app.ui.widgets.icons import IconView
from app.ui.widgets.key_cap import KeyCap
from app.ui.widgets.label import Label
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import draw_box
from app.ui.widgets.tokens import Tone


class LineEdit(QLineEdit):
    """A bare line of text inside an ``InputBox``: no frame, no completion, nothing corrected while typing.

    ``focus_changed`` carries whether it now has the focus; ``key_for_popup`` lets a popup list take
    arrows, Enter and Esc first.
    """

    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.setTextMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._role = Type.BODY
        self._key_taker: QWidget | None = None
        self.restyle()

    def set_role(self, role: Type) -> None:
        """The type role of the text."""
        self._role = role
        self.restyle()

    def restyle(self) -> None:
        """Takes font and colours of the look now worn."""
        tokens = current()
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.Text, tokens.text)
        palette.setColor(QPalette.ColorRole.PlaceholderText, tokens.placeholder)
        palette.setColor(QPalette.ColorRole.Highlight, tokens.blue)
        palette.setColor(QPalette.ColorRole.HighlightedText, tokens.on_primary)
        self.setPalette(palette)
        self.setFont(font(self._role))
        self.setMinimumHeight(metrics(self._role).height() + 2)

    def take_keys(self, taker: QWidget) -> None:
        """``taker.take_key(event)`` sees each key first and returns whether it used it."""
        self._key_taker = taker

    def event(self, event: QEvent) -> bool:
        """Esc closes an open list before it means anything to the window."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            wants = getattr(self._key_taker, "wants_key", None)
            if wants is not None and wants(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        taker = getattr(self._key_taker, "take_key", None)
        if taker is not None and taker(event):
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)


class InputBox(QWidget):
    """A painted box holding icon, line, unit and key cap; its border is 2 px blue while it has the focus."""

    def __init__(
        self,
        line: QWidget,
        *,
        icon: str = "",
        cap: str = "",
        height: int = 36,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._height, self._focused, self._wrong, self._quiet = height, False, False, False
        self.line = line
        self._row = QHBoxLayout(self)
        self._icon = IconView(icon, tone=Tone.SECONDARY) if icon else None
        if self._icon is not None:
            self._row.addWidget(self._icon)
        self._row.addWidget(line, 1)
        self._unit = Label("", Type.LABEL, tone=Tone.SECONDARY)
        self._unit.setVisible(False)
        self._row.addWidget(self._unit)
        if cap:
            self._row.addWidget(KeyCap(cap))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if isinstance(line, LineEdit):
            line.focus_changed.connect(self.set_focused)
            self.setFocusProxy(line)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.restyle()

    def add(self, part: QWidget) -> None:
        """Puts a part at the right end."""
        self._row.addWidget(part)

    def set_unit(self, unit: str) -> None:
        """Grey words at the right end: a unit or where the value comes from."""
        self._unit.setText(unit)
        self._unit.setVisible(bool(unit))

    def set_focused(self, focused: bool) -> None:
        """Draws the border of focus."""
        self._focused = focused
        self.update()

    def set_wrong(self, wrong: bool) -> None:
        """Draws the border of an error; the sentence stands below the box."""
        self._wrong = wrong
        self.update()

    def set_quiet(self, quiet: bool) -> None:
        """A box that cannot be typed into now."""
        self._quiet = quiet
        self.update()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setContentsMargins(px(12), 2, px(12), 2)
        self._row.setSpacing(px(8))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        inner = self._row.sizeHint()
        return QSize(inner.width(), max(px(self._height), inner.height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._row.minimumSize().width(), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = current()
        border, width = tokens.input_border, float(tokens.line_width)
        if self._wrong:
            border, width = tokens.red, max(1.5, width)
        if self._focused:
            border, width = tokens.blue, float(max(2, px(2)))
        fill = tokens.band if self._quiet else tokens.surface
        draw_box(QPainter(self), QRectF(self.rect()), px(6), fill, border, width)
