"""The text of a field as it was before a key, to be put back when the key was a scanner's."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget


@dataclass(frozen=True)
class TextKept:
    """Words, cursor and the other end of the selection of one field."""

    widget: QLineEdit | QPlainTextEdit | QTextEdit
    words: str
    cursor: int
    anchor: int

    def put_back(self) -> None:
        """The field as it was; whoever listens to typing hears of it."""
        if isinstance(self.widget, QLineEdit):
            self._put_back_line(self.widget)
        else:
            self._put_back_text(self.widget)

    def _put_back_line(self, line: QLineEdit) -> None:
        if line.text() != self.words:
            line.setText(self.words)
            line.textEdited.emit(self.words)
        line.setCursorPosition(self.anchor)
        if self.anchor != self.cursor:
            line.setSelection(self.anchor, self.cursor - self.anchor)

    def _put_back_text(self, field: QPlainTextEdit | QTextEdit) -> None:
        cursor = field.textCursor()
        if field.toPlainText() != self.words:
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(self.words)
        cursor.setPosition(self.anchor)
        cursor.setPosition(self.cursor, QTextCursor.MoveMode.KeepAnchor)
        field.setTextCursor(cursor)


def keep_text(widget: QWidget) -> TextKept | None:
    """What stands in the field now; ``None`` for anything that is not a text field."""
    if isinstance(widget, QLineEdit):
        cursor, start = widget.cursorPosition(), widget.selectionStart()
        anchor = cursor
        if start >= 0:
            anchor = start if start != cursor else widget.selectionEnd()
        return TextKept(widget, widget.text(), cursor, anchor)
    if isinstance(widget, (QPlainTextEdit, QTextEdit)):
        place = widget.textCursor()
        return TextKept(widget, widget.toPlainText(), place.position(), place.anchor())
    return None
