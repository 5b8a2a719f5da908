"""The field: label above, box, unit or source at right, below a hint or ■ and a red sentence."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.ui.widgets.input_box import InputBox, LineEdit
from app.ui.widgets.label import Label
from app.ui.widgets.look import Type, px
from app.ui.widgets.mark import Mark
from app.ui.widgets.shapes import Shape
from app.ui.widgets.tokens import Tone


class FieldFrame(QWidget):
    """Label, box and the line below; the base of every field."""

    def __init__(self, label: str, box: InputBox, *, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = box
        self._hint = hint
        self._error = ""
        self._label = Label(label, Type.LABEL, semibold=True)
        self._label.setBuddy(box)
        self._mark = Mark(Shape.SQUARE, Tone.RED, size=10, line=Type.LABEL)
        self._note = Label("", Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        self._below = QHBoxLayout()
        self._below.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._below.addWidget(self._note, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._label)
        self._column.addWidget(box)
        self._column.addLayout(self._below)
        self._label.setVisible(bool(label))  # not before it has a parent: it would flash as a window
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setFocusProxy(box)
        self._name_for_readers(label)
        self.restyle()
        self._show_note()

    def label(self) -> str:
        """The words above the box."""
        return self._label.text()

    def set_label(self, label: str) -> None:
        """Changes the words above the box."""
        self._label.setText(label)
        self._label.setVisible(bool(label))
        self._name_for_readers(label)

    def set_hint(self, hint: str) -> None:
        """Changes the grey words below; an error hides them."""
        self._hint = hint
        self._show_note()

    def set_error(self, sentence: str | None) -> None:
        """Shows ■ and a red sentence below the box; None or "" takes it away. The text stays as typed."""
        self._error = sentence or ""
        self.box.set_wrong(bool(self._error))
        self._show_note()

    def error(self) -> str:
        """The red sentence now shown, or ""."""
        return self._error

    def set_unit(self, unit: str) -> None:
        """Grey words inside the box at right: a unit, or the source of the value."""
        self.box.set_unit(unit)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._column.setSpacing(px(4))
        self._below.setSpacing(px(6))

    def _show_note(self) -> None:
        wrong = bool(self._error)
        text = self._error or self._hint
        self._mark.setVisible(wrong)
        self._note.setVisible(bool(text))
        self._note.setText(text)
        self._note.set_tone(Tone.RED if wrong else Tone.SECONDARY)
        self.box.line.setAccessibleDescription(text)

    def _name_for_readers(self, label: str) -> None:
        self.box.line.setAccessibleName(label)


class Field(FieldFrame):
    """One line of typed text.

    Signals: ``edited(str)`` at each change by typing; ``left(str)`` when the focus goes away, after
    ``tidy`` put the text in order; ``entered()`` for Enter. Nothing is changed while typing.
    """

    edited = Signal(str)
    left = Signal(str)
    entered = Signal()

    def __init__(
        self,
        label: str,
        *,
        text: str = "",
        placeholder: str = "",
        icon: str = "",
        unit: str = "",
        hint: str = "",
        cap: str = "",
        secret: bool = False,
        height: int = 36,
        tidy: Callable[[str], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.line = LineEdit()
        super().__init__(
            label, InputBox(self.line, icon=icon, cap=cap, height=height), hint=hint, parent=parent
        )
        self._tidy = tidy
        self.line.setPlaceholderText(placeholder)
        self.line.setText(text)
        if secret:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        if not label:
            self.line.setAccessibleName(placeholder)
        self.set_unit(unit)
        self.line.textEdited.connect(self.edited)
        self.line.returnPressed.connect(self._on_enter)
        self.line.focus_changed.connect(self._on_focus)

    def text(self) -> str:
        """What is typed."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Fills the line and takes an error away."""
        self.line.setText(text)
        self.line.setCursorPosition(0 if not self.line.hasFocus() else len(text))
        self.set_error(None)

    def clear(self) -> None:
        """Empties the line."""
        self.set_text("")

    def set_read_only(self, read_only: bool) -> None:
        """Shows the text on a grey ground, not to be typed into."""
        self.line.setReadOnly(read_only)
        self.box.set_quiet(read_only)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.line.setFocus(event.reason())

    def _put_in_order(self) -> None:
        if self._tidy is not None and self.line.text():
            tidied = self._tidy(self.line.text())
            if tidied != self.line.text():
                self.line.setText(tidied)

    def _on_focus(self, focused: bool) -> None:
        if not focused:
            self._put_in_order()
            self.left.emit(self.line.text())

    def _on_enter(self) -> None:
        self._put_in_order()
        self.entered.emit()
