"""Inputs of several parts: an address, an identity paper, a look-up in a register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.eform.form import Field as FormField
from app.domain.eform.form import FieldType
from app.domain.eform.papers import DOCUMENT_KINDS
from app.domain.eform.partial_days import partial_words
from app.domain.typed_date import format_date, parse_typed_date
from app.errors import RuleError
from app.text import t
from app.ui.eform.inputs import Input
from app.ui.widgets import Choice, ChoiceField, Field, FieldFrame, Label, Tone, Type, px


class PartsInput(Input):
    """Fields in a row, kept as parts by name; Enter goes on among them, from the last to the next input."""

    span = 2

    def __init__(self, field: FormField, parts: Mapping[str, tuple[FieldFrame, int]], main: str) -> None:
        super().__init__(field)
        self._parts = {name: part for name, (part, _) in parts.items()}
        self._main = main
        self._row = QHBoxLayout()
        self.column.addLayout(self._row)
        for part, stretch in parts.values():
            self._row.addWidget(part, stretch, Qt.AlignmentFlag.AlignTop)
        self._hint = Label(field.guide, Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        self.column.addWidget(self._hint)
        self._hint.setVisible(bool(field.guide))
        names = list(self._parts)
        for place, name in enumerate(names):
            self._wire(self._parts[name], names[place + 1] if place + 1 < len(names) else "")
        self.restyle()

    def part(self, name: str) -> FieldFrame:
        """One of the fields."""
        return self._parts[name]

    def raw(self) -> object:
        """The parts that hold something; ``None`` where none does but a kind."""
        found = {name: self._text(part) for name, part in self._parts.items()}
        kept = {name: text for name, text in found.items() if text}
        return kept if set(kept) - {"kind"} else None

    def set_raw(self, raw: object) -> None:
        """Show the parts; plain text is the main part."""
        parts = raw if isinstance(raw, Mapping) else {self._main: raw or ""}
        for name, part in self._parts.items():
            text = str(parts.get(name) or "")
            if isinstance(part, ChoiceField):
                if text:
                    part.set_value(text)
            elif isinstance(part, Field) and part.text() != text:
                part.set_text(partial_words(text) if name == "date" and text[:4].isdigit() else text)

    def first(self) -> QWidget:
        """The main part."""
        return self._parts[self._main].box.line

    def note_frame(self) -> FieldFrame:
        """The main part."""
        return self._parts[self._main]

    def tell(self, error: str, hint: str) -> None:
        """The red sentence under the main part; grey words under all of them."""
        self.note_frame().set_error(error or None)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint) and not error)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setSpacing(px(12))
        self.column.setSpacing(px(4))

    def _wire(self, part: FieldFrame, after: str) -> None:
        def go_on() -> None:
            if after:
                self._parts[after].setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self.entered.emit()

        if isinstance(part, ChoiceField):
            part.changed.connect(lambda _key: self.edited.emit())
            part.entered.connect(go_on)
        elif isinstance(part, Field):
            part.edited.connect(lambda _text: self.edited.emit())
            part.left.connect(lambda _text: self.left.emit())
            part.entered.connect(go_on)

    def _text(self, part: FieldFrame) -> str:
        return (part.value() or "") if isinstance(part, ChoiceField) else part.box.line.text()  # type: ignore[attr-defined]


def address_input(field: FormField) -> PartsInput:
    """Today's address, and the one of before 01/7/2025 where the citizen states it."""
    two_level = field.type is FieldType.ADDRESS_2LEVEL
    where = t("xã, tỉnh") if two_level else t("thôn, xã, tỉnh như trên giấy tờ")
    text = Field(field.label, placeholder=where)
    old = Field(t("Địa chỉ cũ, nếu khai"), placeholder=t("trước 01/7/2025"))
    return PartsInput(field, {"text": (text, 5), "old": (old, 3)}, "text")


def document_input(field: FormField, today: date) -> PartsInput:
    """Kind, number, issuer and day of an identity paper."""
    kinds = [Choice(key, words) for key, words in DOCUMENT_KINDS.items()]
    kind = ChoiceField(field.label, kinds, placeholder=t("Chọn"))
    kind.set_value("can_cuoc")
    number = Field(t("Số"), placeholder=t("số trên giấy tờ"))
    place = Field(t("Nơi cấp"))
    issued = Field(t("Ngày cấp"), placeholder="12092025", tidy=lambda text: _day(text, today))
    parts: Mapping[str, tuple[FieldFrame, int]] = {
        "kind": (kind, 3),
        "number": (number, 3),
        "place": (place, 3),
        "date": (issued, 2),
    }
    return PartsInput(field, parts, "number")


def lookup_input(field: FormField) -> PartsInput:
    """What a register said, which one, and when."""
    parts: Mapping[str, tuple[FieldFrame, int]] = {
        "result": (Field(field.label), 4),
        "source": (Field(t("Nguồn tra cứu")), 3),
        "at": (Field(t("Thời điểm"), placeholder=t("ngày giờ")), 2),
        "by": (Field(t("Người tra")), 2),
    }
    return PartsInput(field, parts, "result")


def _day(text: str, today: date) -> str:
    try:
        return format_date(parse_typed_date(text, today))
    except RuleError:
        return text
