"""The fields of one person, typed where no card can be read, or put right after a scan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.people import IdKind
from app.domain.vietnamese import tidy_name
from app.text import t
from app.ui.reception.form import PersonText
from app.ui.reception.words import ID_KINDS, SEXES, birth_of
from app.ui.widgets import Choice, ChoiceField, DateField, Field, FieldFrame, SearchField, px

_COMMUNE = "commune"


class PersonFields(QWidget):
    """Signals: ``edited(name, text)`` at each change, ``left(name)`` when a field is left,
    ``commune_asked(text)`` while a commune is being looked for, ``commune_taken(code)``, and
    ``finished()`` for Enter in the last field."""

    edited = Signal(str, str)
    left = Signal(str)
    commune_asked = Signal(str)
    commune_taken = Signal(str)
    finished = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._candidates: tuple[Choice, ...] = ()
        self.name = Field(t("Họ và tên"), placeholder=t("như trên giấy tờ"), tidy=tidy_name)
        self.id_kind = ChoiceField(t("Giấy tờ"), [Choice(k, w) for k, w in ID_KINDS.items()])
        self.id_value = Field(t("Số giấy tờ"), placeholder=t("12 chữ số"), icon="card")
        self.birth_date = DateField(
            t("Ngày sinh"), lambda text: birth_of(text, today()), placeholder="14081998", weekday=False
        )
        self.sex = ChoiceField(
            t("Giới tính"), [Choice(k, w) for k, w in SEXES.items()], placeholder=t("Chọn")
        )
        self.nationality = Field(t("Quốc tịch"), placeholder=t("Việt Nam"))
        self.address = Field(t("Nơi cư trú"), placeholder=t("Thôn, xã, tỉnh như trên giấy tờ"))
        self.commune = SearchField(
            t("Xã, phường hiện nay"), self._ask_commune, placeholder=t("Gõ tên xã"), pause_ms=150
        )
        self._order: tuple[tuple[str, FieldFrame], ...] = (
            ("name", self.name),
            ("id_kind", self.id_kind),
            ("id_value", self.id_value),
            ("birth_date", self.birth_date),
            ("sex", self.sex),
            ("nationality", self.nationality),
            ("address", self.address),
            (_COMMUNE, self.commune),
        )
        self._lay()
        self._wire()
        self.restyle()

    def fields(self) -> dict[str, FieldFrame]:
        """Every field by its name in the form."""
        return dict(self._order)

    def show_person(self, person: PersonText, commune_words: str) -> None:
        """Fill all fields without announcing."""
        for name in ("name", "id_value", "birth_date", "nationality", "address"):
            field = getattr(self, name)
            if field.text() != getattr(person, name):
                field.set_text(getattr(person, name))
        self.id_kind.set_value(person.id_kind)
        self.sex.set_value(person.sex or None)
        choice = Choice(person.commune, commune_words) if person.commune else None
        if self.commune.value() != (person.commune or None):
            self.commune.set_choice(choice)

    def show_candidates(self, candidates: Sequence[Choice], sentence: str) -> None:
        """The present communes an old address may lie in, offered when the field is entered."""
        self._candidates = tuple(candidates)
        self.commune.set_hint(sentence)

    def offer_communes(self, choices: Sequence[Choice]) -> None:
        """The answers to what is typed in the commune field."""
        self.commune.offer(choices)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(8))

    def _lay(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        places = (
            (self.name, 0, 0, 4),
            (self.birth_date, 0, 4, 2),
            (self.sex, 0, 6, 2),
            (self.id_kind, 1, 0, 2),
            (self.id_value, 1, 2, 4),
            (self.nationality, 1, 6, 2),
            (self.address, 2, 0, 5),
            (self.commune, 2, 5, 3),
        )
        for field, row, column, span in places:
            self._grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        for column in range(8):
            self._grid.setColumnStretch(column, 1)

    def _wire(self) -> None:
        for place, (name, field) in enumerate(self._order):
            after = self._order[place + 1][1] if place + 1 < len(self._order) else None
            if isinstance(field, ChoiceField):
                field.changed.connect(lambda key, of=name: self.edited.emit(of, key))
                field.entered.connect(lambda to=after: self._go_on(to))
            elif isinstance(field, Field):
                field.edited.connect(lambda text, of=name: self.edited.emit(of, text))
                field.left.connect(lambda text, of=name: self._on_left(of, text))
                field.entered.connect(lambda to=after: self._go_on(to))
        self.id_kind.changed.connect(self._on_kind)
        self.commune.chosen.connect(self._take_commune)
        self.commune.entered.connect(self.finished)
        self.commune.edited.connect(lambda _text: self.edited.emit(_COMMUNE, ""))
        self.commune.line.focus_changed.connect(self._on_commune_focus)

    def _go_on(self, to: QWidget | None) -> None:
        if to is None:
            self.finished.emit()
        else:
            to.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_left(self, name: str, text: str) -> None:
        self.edited.emit(name, text)
        self.left.emit(name)

    def _on_kind(self, kind: str) -> None:
        self.id_value.setEnabled(kind != IdKind.NONE.value)

    def _ask_commune(self, text: str) -> None:
        self.commune_asked.emit(text)

    def _on_commune_focus(self, focused: bool) -> None:
        if focused and self._candidates and self.commune.value() is None and not self.commune.text():
            self.commune.offer(self._candidates)

    def _take_commune(self, code: str) -> None:
        self.edited.emit(_COMMUNE, code)
        self.commune_taken.emit(code)
