"""The declaration's sections as cards; hidden fields leave no hole, Enter goes on through the shown ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.eform.filling import Filled
from app.domain.eform.form import EForm, Field, FieldType, Level
from app.text import t
from app.ui.eform.inputs import ChoiceInput, DeclarationInput, Input, ListInput, OtherChoiceInput, TextInput
from app.ui.eform.part_inputs import address_input, document_input, lookup_input
from app.ui.settled import SettledColumn
from app.ui.widgets import Card, ScrollColumn, px


def make_input(field: Field, today: date, lists: Mapping[str, Sequence[str]]) -> Input | None:
    """The input of a field; nothing for what is signed by hand."""
    kind = field.type
    if kind is FieldType.WET_SIGNATURE:
        return None
    if kind is FieldType.DECLARATION:
        return DeclarationInput(field)
    if kind is FieldType.ID_DOCUMENT:
        return document_input(field, today)
    if kind in (FieldType.ADDRESS, FieldType.ADDRESS_2LEVEL):
        return address_input(field)
    if kind is FieldType.LOOKUP_RESULT:
        return lookup_input(field)
    if kind is FieldType.CHOICE_OTHER and field.options:
        return OtherChoiceInput(field)
    if kind is FieldType.BOOL or field.options:
        return ChoiceInput(field)
    if field.open_list:
        return ListInput(field, lists.get(field.open_list, ()))
    return TextInput(field, today)


class _SectionCard(Card):
    """One section; its inputs in two columns."""

    def __init__(self, title: str, inputs: Sequence[Input]) -> None:
        super().__init__(title)
        self.inputs = inputs
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._shown: tuple[str, ...] | None = None
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 1)
        self.body.addWidget(self._holder)
        for each in inputs:
            each.setParent(self._holder)  # shown before it has a parent, it would flash as a window
        self.show_fields(frozenset(each.field.id for each in inputs))
        self.restyle()

    def show_fields(self, shown: frozenset[str]) -> None:
        """Only these, without holes."""
        wanted = tuple(each.field.id for each in self.inputs if each.field.id in shown)
        if wanted == self._shown:
            return
        self._shown = wanted
        row = column = 0
        for each in self.inputs:
            self._grid.removeWidget(each)
            each.setVisible(each.field.id in shown)
            if each.field.id not in shown:
                continue
            if column + each.span > 2:
                row, column = row + 1, 0
            self._grid.addWidget(each, row, column, 1, each.span, Qt.AlignmentFlag.AlignTop)
            column += each.span
        if self.parentWidget() is not None:
            self.setVisible(bool(wanted))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        if hasattr(self, "_grid"):
            self._grid.setHorizontalSpacing(px(12))
            self._grid.setVerticalSpacing(px(10))


class FormColumn(QWidget):
    """Signals: ``edited()``, ``left()``, ``finished()`` for Enter in the last field."""

    edited = Signal()
    left = Signal()
    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.inputs: dict[str, Input] = {}
        self._cards: list[_SectionCard] = []
        self._tried: set[str] = set()
        self._touched: set[str] = set()
        self._all = False
        self.inner = SettledColumn()
        self.box = QVBoxLayout(self.inner)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.area = ScrollColumn(self.inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)

    def set_form(self, form: EForm, today: date, lists: Mapping[str, Sequence[str]]) -> None:
        """Builds the cards of a form, empty."""
        for card in self._cards:
            self.box.removeWidget(card)
            card.hide()
            card.setParent(None)
            card.deleteLater()
        self._cards, self.inputs, self._tried, self._touched, self._all = [], {}, set(), set(), False
        for section in form.sections:
            made = [make_input(field, today, lists) for field in section.fields]
            inputs = [each for each in made if each is not None]
            if inputs:
                card = _SectionCard(section.title, inputs)
                self._cards.append(card)
                self.box.addWidget(card)
                self.inputs |= {each.field.id: each for each in inputs}
        for field_id, each in self.inputs.items():
            self._wire(field_id, each)

    def set_raw(self, raw: Mapping[str, object]) -> None:
        """Shows what the form begins with."""
        for field_id, each in self.inputs.items():
            each.set_raw(raw.get(field_id))

    def raw(self) -> dict[str, object]:
        """What stands in every input, hidden ones too: what was typed comes back with its condition."""
        found = {field_id: each.raw() for field_id, each in self.inputs.items()}
        return {field_id: value for field_id, value in found.items() if value is not None}

    def show_state(self, filled: Filled) -> None:
        """Conditions, sentences beside the fields, and derived answers in fields still empty."""
        shown = frozenset(filled.shown)
        for card in self._cards:
            card.show_fields(shown)
        typed_in = self.focused() if self.focused() in self._touched else ""
        for field_id, each in self.inputs.items():
            if field_id in filled.answers and each.raw() is None and field_id != typed_in:
                each.set_raw(filled.answers[field_id])
            each.tell(self._error(field_id, filled), self._hint(each, filled))
        self.inner.settle_soon()

    def tell_all(self) -> None:
        """After an attempt to finish: every missing field says so."""
        self._all = True

    def focused(self) -> str:
        """The field now typed in."""
        for field_id, each in self.inputs.items():
            widget = each.window().focusWidget() if each.window() is not None else None
            if widget is not None and (widget is each or each.isAncestorOf(widget)):
                return field_id
        return ""

    def focus(self, field_id: str) -> bool:
        """Puts the cursor into a field; whether it is there."""
        each = self.inputs.get(field_id)
        if each is None or not each.isVisibleTo(self):
            return False
        each.first().setFocus(Qt.FocusReason.TabFocusReason)
        self.area.ensureWidgetVisible(each, px(20), px(60))
        return True

    def first_empty(self) -> str:
        """The first shown field without an answer, else the first of all."""
        shown = [each for each in self.inputs.values() if each.isVisibleTo(self)]
        empty = [each.field.id for each in shown if each.raw() is None]
        return empty[0] if empty else (shown[0].field.id if shown else "")

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.box.setSpacing(px(12))

    def _wire(self, field_id: str, each: Input) -> None:
        each.edited.connect(lambda: self._on_edit(field_id))
        each.left.connect(self._leaver(field_id))
        each.entered.connect(lambda: self._go_on(field_id))

    def _on_edit(self, field_id: str) -> None:
        self._touched.add(field_id)
        self.edited.emit()

    def _leaver(self, field_id: str) -> Callable[[], None]:
        def leave() -> None:
            self._tried.add(field_id)
            self.left.emit()

        return leave

    def _go_on(self, field_id: str) -> None:
        self._tried.add(field_id)
        shown = [each.field.id for each in self.inputs.values() if each.isVisibleTo(self)]
        place = shown.index(field_id) + 1 if field_id in shown else len(shown)
        if place >= len(shown):
            self.left.emit()
            self.finished.emit()
        else:
            self.focus(shown[place])

    def _error(self, field_id: str, filled: Filled) -> str:
        for issue in filled.refusals:
            if issue.field == field_id and (self._all or field_id in self._tried):
                return issue.sentence
        if self._all and field_id in filled.missing:
            return self.inputs[field_id].missing_words
        return ""

    def _hint(self, each: Input, filled: Filled) -> str:
        told = [issue for issue in filled.warnings if issue.field == each.field.id]
        warned = [issue.sentence for issue in told if issue.level is Level.WARN]
        notes = [issue.sentence for issue in told if issue.level is Level.NOTE]
        return (
            " ".join([*(t("Xem lại: {words}").format(words=words) for words in warned), *notes])
            or each.field.guide
        )
