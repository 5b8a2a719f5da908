"""What a declaration asks: sections and fields in the order of the statutory paper, with their conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

Answer: TypeAlias = "str | bool | int | Mapping[str, str]"
"""A value as it is kept: text, yes or no, a count, or the parts of an address, a paper, a look-up."""


class FieldType(StrEnum):
    """What a field holds (``eforms.yaml``, types)."""

    TEXT = "text"
    PERSON_NAME = "person_name"
    DATE = "date"
    DATE_PARTIAL = "date_partial"
    TIME = "time"
    PID = "pid"
    ID_DOCUMENT = "id_document"
    ADDRESS = "address"
    ADDRESS_2LEVEL = "address_2level"
    BIRTHPLACE = "birthplace"
    CHOICE = "choice"
    CHOICE_OTHER = "choice_other"
    BOOL = "bool"
    INT = "int"
    LOOKUP_RESULT = "lookup_result"
    DECLARATION = "declaration"
    WET_SIGNATURE = "wet_signature"


class Level(StrEnum):
    """How much a rule weighs. REFUSE: the form cannot be finished so; WARN: told, the officer decides;
    NOTE: something the officer may want to say to the citizen."""

    REFUSE = "refuse"
    WARN = "warn"
    NOTE = "note"


class CheckKind(StrEnum):
    """The rules a form may ask for."""

    PAST = "past"
    NOT_BEFORE = "not_before"
    YEARS_BEFORE = "years_before"
    AT_LEAST = "at_least"
    SHAPE = "shape"
    PID = "pid"
    SAME_AS_ANY = "same_as_any"
    FAMILY_NAME_OF = "family_name_of"
    AGE = "age"
    ANY_FILLED = "any_filled"
    WITHIN_DAYS = "within_days"
    YOUNGER = "younger"
    ANY_IN_UNIT = "any_in_unit"
    COPY_FEE = "copy_fee"
    NOTE = "note"


@dataclass(frozen=True)
class Condition:
    """Whether other answers stand so: ``field`` decides, or the conditions in ``all_of`` and ``any_of``."""

    field: str = ""
    part: str = ""
    values: tuple[str | bool, ...] = ()
    filled: bool | None = None
    since: date | None = None
    all_of: tuple[Condition, ...] = ()
    any_of: tuple[Condition, ...] = ()

    def fields(self) -> Iterator[str]:
        """Every field asked about."""
        if self.field:
            yield self.field
        for inner in (*self.all_of, *self.any_of):
            yield from inner.fields()


@dataclass(frozen=True)
class Check:
    """One rule of a field or of the whole form. ``others``: fields it compares with; ``number``: years,
    days, a least count or a price in đồng; ``text`` and ``late_text``: the sentence told; ``birth``, ``sex``,
    ``document``: fields a personal number is compared with."""

    kind: CheckKind
    level: Level
    others: tuple[str, ...] = ()
    number: int = 0
    shape: str = ""
    text: str = ""
    late_text: str = ""
    when: Condition | None = None
    birth: str = ""
    sex: str = ""
    document: str = ""


@dataclass(frozen=True)
class FillFrom:
    """An empty field takes what another holds while the condition stands. ``how``: copy, date_words (a
    date in words), document_pid (the number of an identity card)."""

    field: str
    how: str = "copy"
    when: Condition | None = None


@dataclass(frozen=True)
class Field:
    """One field. ``prefill``: where its first value comes from (``submitter.name``); ``open_list``: the
    name of a list whose words are offered, others may be typed."""

    id: str
    label: str
    type: FieldType
    required: bool
    options: tuple[str, ...] = ()
    open_list: str = ""
    guide: str = ""
    default: str | bool | None = None
    prefill: str = ""
    fill_from: tuple[FillFrom, ...] = ()
    show_if: Condition | None = None
    require_if: Condition | None = None
    checks: tuple[Check, ...] = ()
    upper: bool = False
    same_line: bool = False
    paper_label: str = ""

    @property
    def printed_label(self) -> str:
        """The label on paper, where a line shared with the field before needs a shorter one."""
        return self.paper_label or self.label


@dataclass(frozen=True)
class Section:
    """Fields under one heading; the heading may be empty."""

    id: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class EForm:
    """One dated version of a declaration; chosen by the day of reception, never by today."""

    id: str
    version: str
    title: str
    legal: str
    procedures: tuple[str, ...]
    effective_from: date
    effective_to: date | None
    sections: tuple[Section, ...]
    rules: tuple[Check, ...] = ()
    confidence: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order of the paper."""
        return tuple(field for section in self.sections for field in section.fields)

    def field(self, field_id: str) -> Field | None:
        """The field of this id."""
        return next((field for field in self.fields if field.id == field_id), None)

    @property
    def order(self) -> tuple[int, ...]:
        """The version as three numbers, to compare: 2 and 2.0 are one."""
        numbers = [int(part) for part in self.version.split(".")]
        return (*numbers, *(0 for _ in range(3 - len(numbers))))

    def holds_on(self, day: date) -> bool:
        """Whether dossiers received on that day use it."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)
