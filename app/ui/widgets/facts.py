"""A label over its value, and a line of money."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.widgets.label import Label
from app.ui.widgets.look import Type, px
from app.ui.widgets.tokens import Tone


class Fact(QWidget):
    """A grey label over a value: "Số định danh" over "008198 000000"."""

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        semibold: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = Label(label, Type.LABEL, tone=Tone.SECONDARY)
        self._value = Label(value, semibold=semibold, elide=elide)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._label)
        box.addWidget(self._value)
        self.set_value(value)

    def set_label(self, label: str) -> None:
        """Changes the label."""
        self._label.setText(label)

    def set_value(self, value: str, tone: Tone = Tone.TEXT) -> None:
        """Changes the value; an empty one shows "–"."""
        self._value.setText(value or "–")
        self._value.set_tone(tone if value else Tone.SECONDARY)
        self.setAccessibleName(f"{self._label.text()}: {value}")


class AmountRow(QWidget):
    """Words at left, a figure at right; ``total`` is the strong last line."""

    def __init__(
        self, words: str, amount: str, *, total: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        role = Type.BODY if total else Type.TABLE
        self._words = Label(words, role, semibold=total, elide=True)
        self._amount = Label(amount, Type.SECTION if total else role, semibold=total, right=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self._amount)
        self.restyle()
        self.set_amount(amount)

    def set_words(self, words: str) -> None:
        """Changes the words."""
        self._words.setText(words)

    def set_amount(self, amount: str) -> None:
        """Changes the figure."""
        self._amount.setText(amount)
        self.setAccessibleName(f"{self._words.text()}: {amount}")

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setSpacing(px(12))
