"""What the dossier already knows of a declaration's answers, so that nobody is asked twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.eform.form import Answer, EForm, Field, FieldType
from app.domain.people import IdKind, Person, Sex
from app.domain.vietnamese import fold

SEX_WORDS = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}
VIETNAM = "Việt Nam"
_DOCUMENTS = {
    IdKind.PERSONAL_NUMBER: "can_cuoc",
    IdKind.PASSPORT: "ho_chieu",
    IdKind.ID_CARD_9: "cmnd",
}
_OF_PARTS = (*(FieldType.ADDRESS, FieldType.ADDRESS_2LEVEL, FieldType.ID_DOCUMENT, FieldType.LOOKUP_RESULT),)
_PEOPLE = ("submitter", "owner", "female", "male")
_TRAITS = ("name", "birth", "sex", "nationality", "address", "document", "pid")
SOURCES = frozenset(
    {f"{person}.{trait}" for person in _PEOPLE for trait in _TRAITS}
    | {"submitter.relation", "office.authority", "office.place", "office.day"}
)
"""Where a first value may come from. ``female``/``male``: that party of the dossier, where there is one."""


@dataclass(frozen=True)
class Known:
    """What the dossier says. ``people`` by the names of ``SOURCES``; ``day``: the day it is filled in."""

    people: Mapping[str, Person]
    authority: str
    place: str
    day: date
    relation: str = ""


def prefilled(form: EForm, known: Known, earlier: Mapping[str, Answer] | None = None) -> dict[str, Answer]:
    """First answers: the dossier's, then the citizen's earlier declaration, then the form's defaults."""
    values: dict[str, Answer] = {}
    for field in form.fields:
        found = _known(field, known)
        before = (earlier or {}).get(field.id)
        if isinstance(found, Mapping) and field.type not in _OF_PARTS:
            found = found.get("text") or found.get("number")
        if isinstance(found, Mapping) and isinstance(before, Mapping):
            found = _completed(found, before)
        first = next((each for each in (found, before, field.default) if each not in (None, "", {})), None)
        if first is not None:
            values[field.id] = first
    return values


def _completed(found: Mapping[str, str], before: Mapping[str, str]) -> Mapping[str, str]:
    """The same paper with the issuer and day the earlier declaration gave; another paper is another."""
    same = all(before.get(part, "") == found[part] for part in ("kind", "number", "text") if part in found)
    return {**before, **{key: value for key, value in found.items() if value}} if same else found


def _known(field: Field, known: Known) -> Answer | None:
    person_name, _, trait = field.prefill.partition(".")
    if person_name == "office":
        return {"authority": known.authority, "place": known.place, "day": known.day.isoformat()}[trait]
    if trait == "relation":
        return known.relation
    person = known.people.get(person_name)
    return None if person is None else _trait(person, trait)


def _trait(person: Person, trait: str) -> Answer | None:
    numbered = person.id_kind is IdKind.PERSONAL_NUMBER
    if trait == "address":
        text = person.address.as_written or person.address.detail
        return {"text": text} if text else None
    if trait == "document":
        kind = _DOCUMENTS.get(person.id_kind)
        return {"kind": kind, "number": person.id_value or ""} if kind else None
    return {
        "name": person.name,
        "birth": person.birth_date.isoformat() if person.birth_date else None,
        "sex": SEX_WORDS[person.sex] if person.sex else None,
        "nationality": VIETNAM if numbered or person.nationality in ("VN", "VNM") else None,
        "pid": person.id_value if numbered else None,
    }[trait]


def without_strangers(
    form: EForm, first: Mapping[str, Answer], given: Mapping[str, object]
) -> dict[str, Answer]:
    """First answers less those about a person for whom somebody else is named by hand: no address or number
    of the dossier's citizen may stand under another's name."""
    strangers = {
        _block(field)
        for field in form.fields
        if field.prefill.endswith((".name", ".document", ".pid"))
        and given.get(field.id) is not None
        and field.id in first
        and not _agrees(first[field.id], given[field.id])
    }
    dropped = {field.id for field in form.fields if field.prefill and _block(field) in strangers}
    return {key: value for key, value in first.items() if key not in dropped}


def _block(field: Field) -> tuple[str, str]:
    """A person's fields in a form share the beginning of their ids and where they come from."""
    return field.id.partition("_")[0], field.prefill.partition(".")[0]


def _agrees(ours: Answer, theirs: object) -> bool:
    if isinstance(ours, Mapping):
        number = str(ours.get("number", ""))
        return number in str(theirs.get("number", theirs) if isinstance(theirs, Mapping) else theirs)
    return fold(str(ours)) == fold(str(theirs))
