"""Several lines of typed text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from app.ui.widgets.field import FieldFrame
from app.ui.widgets.input_box import InputBox
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.scroll import slim_bars


class _Text(QPlainTextEdit):
    focus_changed = Signal(bool)
    saved = Signal()

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines
        slim_bars(self)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(1)
        self.restyle()

    def restyle(self) -> None:
        tokens, palette = current(), self.palette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.Text, tokens.text)
        palette.setColor(QPalette.ColorRole.PlaceholderText, tokens.placeholder)
        palette.setColor(QPalette.ColorRole.Highlight, tokens.blue)
        palette.setColor(QPalette.ColorRole.HighlightedText, tokens.on_primary)
        self.setPalette(palette)
        self.setFont(font())
        self.setFixedHeight(self._lines * metrics().lineSpacing() + px(8))

    def sizeHint(self) -> QSize:
        return QSize(px(240), self._lines * metrics(Type.BODY).lineSpacing() + px(8))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.saved.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)


class TextArea(FieldFrame):
    """A field of several lines; Tab goes on, Enter breaks the line, Ctrl+Enter emits ``entered()``.

    ``edited(str)`` at each change, ``left(str)`` when the focus goes away.
    """

    edited = Signal(str)
    left = Signal(str)
    entered = Signal()

    def __init__(
        self,
        label: str,
        *,
        lines: int = 3,
        text: str = "",
        placeholder: str = "",
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self.area = _Text(lines)
        super().__init__(label, InputBox(self.area), hint=hint, parent=parent)
        self.box.setFocusProxy(self.area)
        self.area.setPlaceholderText(placeholder)
        self.area.setPlainText(text)
        self.area.focus_changed.connect(self.box.set_focused)
        self.area.focus_changed.connect(self._on_focus)
        self.area.textChanged.connect(lambda: self.edited.emit(self.text()))
        self.area.saved.connect(self.entered)

    def text(self) -> str:
        """What is typed."""
        return self.area.toPlainText()

    def set_text(self, text: str) -> None:
        """Fills the field and takes an error away."""
        self.area.setPlainText(text)
        self.set_error(None)

    def _on_focus(self, focused: bool) -> None:
        if not focused:
            self.left.emit(self.text())
