"""One input a field type: text, date, choice, declaration. Each says what was typed, right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.eform.form import Field as FormField
from app.domain.eform.form import FieldType
from app.domain.eform.partial_days import partial_words
from app.domain.eform.values import read_answer
from app.domain.vietnamese import fold, tidy_name
from app.errors import RuleError
from app.text import t
from app.ui.widgets import (
    CheckRow,
    Choice,
    ChoiceField,
    Field,
    FieldFrame,
    Label,
    Mark,
    SearchField,
    Shape,
    Tone,
    Type,
    px,
)

OTHER = "other"
_DATES = (FieldType.DATE, FieldType.DATE_PARTIAL)
_PLACEHOLDERS = {
    FieldType.DATE: t("ngày tháng năm, ví dụ 22112026"),
    FieldType.DATE_PARTIAL: t("22112026, 11/2026 hoặc 2026"),
    FieldType.TIME: t("giờ phút, ví dụ 14:05"),
    FieldType.PID: t("12 chữ số"),
    FieldType.BIRTHPLACE: t("tên cơ sở, xã, tỉnh"),
}


class Input(QWidget):
    """``edited()`` at each change, ``left()`` on leaving a part, ``entered()`` for Enter in the last one."""

    edited = Signal()
    left = Signal()
    entered = Signal()
    span = 1
    """Columns of two it takes."""
    missing_words = t("Chưa điền mục này.")
    """What is said where the form cannot be finished without it."""

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.field = field
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)

    def raw(self) -> object:
        """What stands in it, as typed; ``None`` where nothing does."""
        raise NotImplementedError

    def set_raw(self, raw: object) -> None:
        """Show an answer without announcing it."""
        raise NotImplementedError

    def first(self) -> QWidget:
        """Where typing goes."""
        raise NotImplementedError

    def note_frame(self) -> FieldFrame:
        """Under which part sentences stand."""
        raise NotImplementedError

    def tell(self, error: str, hint: str) -> None:
        """A red sentence, else grey words."""
        frame = self.note_frame()
        frame.set_hint(hint)
        frame.set_error(error or None)


class TextInput(Input):
    """One line: text, name, date, time, number, count."""

    def __init__(self, field: FormField, today: date) -> None:
        super().__init__(field)
        self._today = today
        self.line = Field(
            field.label,
            placeholder=_PLACEHOLDERS.get(field.type, ""),
            hint=field.guide,
            tidy=self._tidy,
        )
        self.span = 2 if field.type in (FieldType.TEXT, FieldType.BIRTHPLACE) else 1
        self.column.addWidget(self.line)
        self.line.edited.connect(lambda _text: self.edited.emit())
        self.line.left.connect(lambda _text: self.left.emit())
        self.line.entered.connect(self.entered)

    def raw(self) -> object:
        """The text as typed."""
        return self.line.text() or None

    def set_raw(self, raw: object) -> None:
        """Dates as people write them."""
        shown = "" if raw is None else str(raw)
        if self.field.type in _DATES and shown[:4].isdigit():
            shown = partial_words(shown)
        if shown != self.line.text():
            self.line.set_text(shown)

    def first(self) -> QWidget:
        """The line."""
        return self.line.line

    def note_frame(self) -> FieldFrame:
        """The line."""
        return self.line

    def _tidy(self, text: str) -> str:
        if self.field.type is FieldType.PERSON_NAME:
            return tidy_name(text)
        if self.field.type not in (*_DATES, FieldType.TIME):
            return text
        try:
            answer = read_answer(self.field, text, self._today)
        except RuleError:
            return text
        shown = str(answer or "")
        return partial_words(shown) if self.field.type in _DATES else shown


class ChoiceInput(Input):
    """One of the options; yes and no are options too."""

    missing_words = t("Chưa chọn.")

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self._yes_no = field.type is FieldType.BOOL
        options = (t("Có"), t("Không")) if self._yes_no else field.options
        self.choice = ChoiceField(field.label, [Choice(o, o) for o in options], placeholder=t("Chọn"))
        self.choice.set_hint(field.guide)
        self.column.addWidget(self.choice)
        self.span = 1 if max(map(len, options)) < 40 else 2
        self.choice.changed.connect(lambda _key: self.edited.emit())
        self.choice.entered.connect(self.entered)

    def raw(self) -> object:
        """The option."""
        value = self.choice.value()
        return value == t("Có") if self._yes_no and value else value

    def set_raw(self, raw: object) -> None:
        """Shows an option; any spelling of it."""
        if isinstance(raw, bool):
            raw = t("Có") if raw else t("Không")
        known = {fold(option): option for option in (t("Có"), t("Không"), *self.field.options)}
        self.choice.set_value(known.get(fold(str(raw))) if raw is not None else None)

    def first(self) -> QWidget:
        """The box."""
        return self.choice

    def note_frame(self) -> FieldFrame:
        """The box."""
        return self.choice


class OtherChoiceInput(Input):
    """One of the options, or other words."""

    missing_words = t("Chưa chọn.")

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        options = [option for option in field.options if fold(option) != "khac"]
        choices = [*(Choice(o, o) for o in options), Choice(OTHER, t("Khác, ghi rõ"))]
        self.choice = ChoiceField(field.label, choices, placeholder=t("Chọn"))
        self.words = Field("", placeholder=t("Ghi rõ"))
        self.choice.set_hint(field.guide)
        self.column.addWidget(self.choice)
        self.column.addWidget(self.words)
        self.words.setVisible(False)
        self.choice.changed.connect(self._on_choice)
        self.choice.entered.connect(self._on_enter)
        self.words.edited.connect(lambda _text: self.edited.emit())
        self.words.left.connect(lambda _text: self.left.emit())
        self.words.entered.connect(self.entered)

    def raw(self) -> object:
        """The option or the words."""
        value = self.choice.value()
        return (self.words.text() or None) if value == OTHER else value

    def set_raw(self, raw: object) -> None:
        """An option where it is one, else the words."""
        known = {fold(option): option for option in self.field.options if fold(option) != "khac"}
        option = known.get(fold(str(raw))) if raw is not None else None
        if raw is None and self.choice.value() == OTHER:
            return
        self.choice.set_value(option if option or raw is None else OTHER)
        if raw is not None and option is None and self.words.text() != str(raw):
            self.words.set_text(str(raw))
        self._show_words()

    def first(self) -> QWidget:
        """The box."""
        return self.choice

    def note_frame(self) -> FieldFrame:
        """The box."""
        return self.choice

    def _on_choice(self, _key: str) -> None:
        self._show_words()
        self.edited.emit()

    def _on_enter(self) -> None:
        if self.choice.value() == OTHER:
            self.words.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.entered.emit()

    def _show_words(self) -> None:
        self.words.setVisible(self.choice.value() == OTHER)


class ListInput(Input):
    """Words of an open list (ethnic group, nationality), others may be typed."""

    def __init__(self, field: FormField, words: Sequence[str]) -> None:
        super().__init__(field)
        self._words = words
        self.search = SearchField(field.label, self._find, icon="", placeholder=t("Gõ để tìm"))
        self.search.set_hint(field.guide)
        self.column.addWidget(self.search)
        self.search.edited.connect(lambda _text: self.edited.emit())
        self.search.chosen.connect(lambda _key: self.edited.emit())
        self.search.entered.connect(self.entered)
        self.search.line.focus_changed.connect(lambda has: None if has else self.left.emit())

    def raw(self) -> object:
        """The text."""
        return self.search.text() or None

    def set_raw(self, raw: object) -> None:
        """Shows the text."""
        shown = "" if raw is None else str(raw)
        if shown != self.search.text():
            self.search.set_choice(Choice(shown, shown) if shown else None)

    def first(self) -> QWidget:
        """The line."""
        return self.search.line

    def note_frame(self) -> FieldFrame:
        """The line."""
        return self.search

    def _find(self, text: str) -> Sequence[Choice]:
        wanted = fold(text)
        found = [word for word in self._words if fold(word).startswith(wanted)]
        return [] if fold(text) in map(fold, found) and len(found) == 1 else [Choice(w, w) for w in found]


class _Tick(CheckRow):
    """Enter goes on, Space ticks."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        super().keyPressEvent(event)


class DeclarationInput(Input):
    """The solemn words in full, and the tick after they were read to the citizen."""

    span = 2
    missing_words = t("Đọc cho công dân nghe rồi bấm phím cách để đánh dấu.")

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self.words = Label(field.label, Type.BODY, wrap=True)
        self.tick = _Tick(t("Đã đọc cho công dân nghe, công dân đồng ý"))
        self._mark = Mark(Shape.SQUARE, Tone.RED, size=10, line=Type.LABEL)
        self._error = Label("", Type.LABEL, tone=Tone.RED, wrap=True)
        below = QHBoxLayout()
        below.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._error, 1)
        self.column.addWidget(self.words)
        self.column.addWidget(self.tick)
        self.column.addLayout(below)
        self.tell("", "")
        self.tick.toggled.connect(lambda _on: self.edited.emit())
        self.tick.entered.connect(self.entered)

    def raw(self) -> object:
        """Whether it is ticked."""
        return self.tick.isChecked() or None

    def set_raw(self, raw: object) -> None:
        """Shows the tick without announcing it."""
        if self.tick.isChecked() != (raw is True):
            blocked = self.tick.blockSignals(True)
            self.tick.setChecked(raw is True)
            self.tick.blockSignals(blocked)
            self.tick.update()

    def first(self) -> QWidget:
        """The box."""
        return self.tick

    def tell(self, error: str, hint: str) -> None:
        """A red sentence below the box."""
        self._error.setText(error)
        for part in (self._mark, self._error):
            part.setVisible(bool(error))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.column.setSpacing(px(4))
