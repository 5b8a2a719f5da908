"""A grey label over words that may be long: they go on to the next line instead of widening the card."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets import Label, Tone, Type


class WrappedFact(QWidget):
    """As ``Fact``, for sentences and lists of numbers."""

    def __init__(self, label: str, *, semibold: bool = False) -> None:
        super().__init__()
        self._name = label
        self._value = Label("", semibold=semibold, wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(Label(label, Type.LABEL, tone=Tone.SECONDARY))
        box.addWidget(self._value)
        self.set_value("")

    def set_value(self, value: str) -> None:
        """Changes the words; nothing shows "–"."""
        self._value.setText(value or "–")
        self._value.set_tone(Tone.TEXT if value else Tone.SECONDARY)
        self.setAccessibleName(f"{self._name}: {value}")

    def value(self) -> str:
        """What stands there."""
        return self._value.text()
