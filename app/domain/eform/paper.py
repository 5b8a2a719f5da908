"""What a printed declaration says: the order of the form, values in words, blanks where nothing is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.domain.eform.form import Answer, EForm, Field, FieldType
from app.domain.eform.papers import DOCUMENT_KINDS
from app.domain.eform.partial_days import partial_words, span
from app.text import t


@dataclass(frozen=True)
class PaperField:
    """One field on paper. ``words`` empty: dots for a hand."""

    id: str
    label: str
    type: FieldType
    words: str = ""
    bold: bool = False
    same_line: bool = False
    yes: bool | None = None
    """The answer of a yes-or-no field; ``None`` where it is left to a hand."""


@dataclass(frozen=True)
class PaperSection:
    """Fields under one heading."""

    title: str
    fields: tuple[PaperField, ...]


@dataclass(frozen=True)
class DeclarationPaper:
    """A declaration to print. ``day``: of "Làm tại …, ngày …", ``None`` leaves dots."""

    title: str
    legal: str
    addressee: str
    sections: tuple[PaperSection, ...]
    place: str
    day: date | None
    place_label: str = ""
    copy_no: int = 1
    demo: bool = False


_BLANK = "........."
"""Left to a hand inside a line."""
_HEAD, _PLACE, _DAY = "kinh_gui", "lam_tai", "ngay_lam"
"""Fields that have a place of their own on the paper: the addressee, place and date above the signature."""


def declaration_paper(form: EForm, answers: Mapping[str, Answer]) -> DeclarationPaper:
    """The paper of a form: every field of it, as the statutory paper has them, whether it applies or not."""
    sections = []
    for section in form.sections:
        fields = [
            _paper_field(field, answers.get(field.id))
            for field in section.fields
            if field.id not in (_HEAD, _PLACE, _DAY)
        ]
        sections.append(PaperSection(section.title, tuple(fields)))
    place, days = form.field(_PLACE), span(answers.get(_DAY))
    return DeclarationPaper(
        title=form.title,
        legal=form.legal,
        addressee=_words(form, answers, _HEAD),
        sections=tuple(sections),
        place=_words(form, answers, _PLACE),
        place_label=place.label if place else "",
        day=days[0] if days and days[0] == days[1] else None,
    )


def _words(form: EForm, answers: Mapping[str, Answer], field_id: str) -> str:
    field, answer = form.field(field_id), answers.get(field_id)
    return words_of(field, answer) if field is not None and answer is not None else ""


def reprinted(paper: DeclarationPaper, copy_no: int, *, demo: bool) -> DeclarationPaper:
    """The same with its marks: which copy it is, whether its people are made up."""
    return replace(paper, copy_no=copy_no, demo=demo)


def _paper_field(field: Field, answer: Answer | None) -> PaperField:
    words = "" if answer is None else words_of(field, answer)
    if not words and field.type is FieldType.TIME:
        words = _hour(_BLANK, _BLANK)
    return PaperField(
        field.id,
        field.printed_label,
        field.type,
        words.upper() if field.upper else words,
        field.upper,
        field.same_line,
        answer if isinstance(answer, bool) else None,
    )


def words_of(field: Field, answer: Answer) -> str:
    """An answer as people read it."""
    if isinstance(answer, bool):
        return t("Có") if answer else t("Không")
    if isinstance(answer, Mapping):
        return _parts(field, answer)
    if field.type in (FieldType.DATE, FieldType.DATE_PARTIAL):
        return partial_words(str(answer))
    if field.type is FieldType.TIME:
        hour, _, minute = str(answer).partition(":")
        return _hour(hour, minute)
    return str(answer)


def _hour(hour: str, minute: str) -> str:
    return t("{hour} giờ {minute} phút").format(hour=hour, minute=minute)


def _parts(field: Field, answer: Mapping[str, str]) -> str:
    if field.type is FieldType.ID_DOCUMENT:
        return _document(answer)
    if field.type is FieldType.LOOKUP_RESULT:
        extra = [answer.get("source", ""), answer.get("at", ""), answer.get("by", "")]
        told = ", ".join(part for part in extra if part)
        return f"{answer['result']} ({told})" if told else answer["result"]
    old = answer.get("old", "")
    text = answer.get("text", "")
    return f"{text} ({t('trước đây: {old}').format(old=old)})".strip() if old else text


def _document(answer: Mapping[str, str]) -> str:
    words = t("{kind} số {number}").format(
        kind=DOCUMENT_KINDS.get(answer["kind"], ""), number=answer["number"]
    )
    place = answer.get("place") or _BLANK * 3
    day = partial_words(answer["date"]) if answer.get("date") else _BLANK * 2
    words += t(", do {place} cấp ngày\u00a0{day}").format(place=place, day=day)
    return words
