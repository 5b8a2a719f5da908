"""Counting the box: pieces of each note, the sum beside what the receipts say, a reason where they differ."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.cash import MOST_NOTES, NOTES
from app.errors import AppError
from app.services.money.cash_day import CashDay
from app.services.papers.slip_words import money
from app.text import t
from app.ui.cash.words import counted_words, difference_words, dong
from app.ui.widgets import AmountRow, Button, Card, Field, Kind, Label, TextArea, Tone, Type, px

_ROWS = 5


class CountCard(Card):
    """``save_asked()``: F9, the button, or Ctrl+Enter in the reason."""

    save_asked = Signal()

    def __init__(self) -> None:
        super().__init__(t("Kiểm quỹ tiền mặt"))
        self._expected = 0
        self.said = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.pieces = {value: Field("", placeholder="0", height=30) for value in NOTES}
        self._names = {value: Label(money(value), Type.TABLE, right=True) for value in NOTES}
        self._grid = QGridLayout()
        self.counted = AmountRow(t("Đếm được"), "")
        self.difference = AmountRow(t("Chênh lệch"), "", total=True)
        self.reason = TextArea(t("Lý do chênh lệch"), lines=2)
        self.save = Button(t("Lưu kiểm quỹ"), Kind.PRIMARY, icon="save", cap="F9")
        for place, value in enumerate(NOTES):
            row, column = place % _ROWS, place // _ROWS
            self._grid.addWidget(self._names[value], row, 2 * column)
            self._grid.addWidget(self.pieces[value], row, 2 * column + 1)
            self.pieces[value].line.setAccessibleName(t("Số tờ {value} đồng").format(value=money(value)))
        self.body.addWidget(self.said)
        self.body.addLayout(self._grid)
        for part in (self.counted, self.difference, self.reason, self.save):
            self.body.addWidget(part)
        self._wire()
        self.restyle()
        self._add_up()

    def set_day(self, day: CashDay) -> None:
        """What the receipts say and what was counted before; what is being typed stays."""
        self._expected = day.totals.expected_vnd
        words = counted_words(day)
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self._add_up()

    def notes(self) -> dict[int, int] | None:
        """Value to pieces; ``None`` where one cannot be read (it says so itself, and takes the focus)."""
        notes: dict[int, int] = {}
        wrong: Field | None = None
        for value, field in self.pieces.items():
            count = _count(field.text())
            field.set_error(None if count is not None else t("Gõ số tờ."))
            if count is None:
                wrong = wrong or field
            elif count:
                notes[value] = count
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        return notes

    def clear(self) -> None:
        """Nothing counted yet."""
        for field in self.pieces.values():
            field.clear()
        self.reason.set_text("")
        self.reason.set_error(None)
        self._add_up()

    def say(self, error: AppError) -> bool:
        """A refusal beside its field; ``False`` where it is about none of them."""
        words = f"{error.title} {error.next_step}".strip()
        if error.field == "reason":
            self.reason.set_error(words)
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        value = int((error.field or "").removeprefix("note-") or 0) if _is_note(error.field) else 0
        if value in self.pieces:
            self.pieces[value].set_error(words)
            self.pieces[value].setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def first(self) -> QWidget:
        """Where typing begins."""
        return self.pieces[NOTES[0]].line

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        grid = getattr(self, "_grid", None)
        if grid is not None:
            grid.setHorizontalSpacing(px(8))
            grid.setVerticalSpacing(px(4))

    def _wire(self) -> None:
        fields = list(self.pieces.values())
        following = [*fields[1:], self.save]
        for field, after in zip(fields, following, strict=True):
            field.edited.connect(self._on_typed)
            field.entered.connect(lambda to=after: to.setFocus(Qt.FocusReason.TabFocusReason))
        self.reason.edited.connect(lambda _text: self.reason.set_error(None))
        self.reason.entered.connect(self.save_asked)
        self.save.clicked.connect(self.save_asked)

    def _on_typed(self, _text: str) -> None:
        self.reason.set_error(None)
        self._add_up()

    def _add_up(self) -> None:
        counts = {value: _count(field.text()) for value, field in self.pieces.items()}
        for value, field in self.pieces.items():
            if counts[value] is not None:
                field.set_error(None)
        total = sum(value * (count or 0) for value, count in counts.items())
        typed = any(field.text().strip() for field in self.pieces.values())
        self.counted.set_amount(dong(total) if typed else "–")
        self.difference.set_amount(difference_words(total - self._expected) if typed else "–")
        self.reason.setVisible(typed and total != self._expected)


def _count(text: str) -> int | None:
    written = text.strip()
    if not written:
        return 0
    if written.isascii() and written.isdigit() and len(written) <= 5 and int(written) <= MOST_NOTES:
        return int(written)
    return None


def _is_note(name: str | None) -> bool:
    return bool(name) and str(name).startswith("note-") and str(name)[5:].isdigit()
