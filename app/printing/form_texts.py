"""Titles and wording of the official forms, and the dated set a day belongs to (``resources/forms``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from app.errors import RuleError
from app.resources import resource
from app.text import t


@dataclass(frozen=True)
class FormSet:
    """Forms of one circular, in force from a day on (``None``: the first known set)."""

    id: str
    name: str
    effective_from: date | None
    effective_from_confirmed: bool
    fields_of: str
    """The set whose field list and wording its papers carry, until the annex is supplied."""
    titles: dict[str, str]
    """Form number (always that of TT 03/2025) to title."""


@cache
def form_sets() -> tuple[FormSet, ...]:
    """All known sets, oldest first."""
    rows = _resource("form-sets.json")["sets"]
    return tuple(sorted((_form_set(row) for row in rows), key=lambda s: s.effective_from or date.min))


def _form_set(row: dict[str, Any]) -> FormSet:
    start = row["effective_from"]
    return FormSet(
        id=row["id"],
        name=row["name"],
        effective_from=date.fromisoformat(start) if start else None,
        effective_from_confirmed=row["effective_from_confirmed"],
        fields_of=row["fields_of"],
        titles=dict(row["titles"]),
    )


def form_set_for(day: date) -> str:
    """The id of the set in force on a day of reception; it is stored with the dossier and stays."""
    in_force = [known for known in form_sets() if (known.effective_from or date.min) <= day]
    return in_force[-1].id


def form_set(set_id: str) -> FormSet:
    """The set of this id. Raises ``RuleError`` ``unknown-form-set``."""
    for known in form_sets():
        if known.id == set_id:
            return known
    raise RuleError(
        "unknown-form-set",
        t("Bản cài này không có bộ mẫu mà hồ sơ đang dùng. Hồ sơ không bị thay đổi."),
        t("Cập nhật chương trình rồi in lại."),
        field="form_set",
    )


def form_title(number: str, set_id: str) -> str:
    """The printed title of a form. Raises ``RuleError`` ``unknown-form`` if the set has no such form."""
    titles = form_set(set_id).titles
    if number not in titles:
        raise RuleError(
            "unknown-form",
            t("Bộ mẫu của hồ sơ này không có mẫu số {number}.").format(number=number),
            t("Chọn một trong các mẫu: {numbers}.").format(numbers=", ".join(sorted(titles))),
            field="form",
        )
    return titles[number]


def printed_title(number: str, set_id: str) -> str:
    """The title a form bears on paper: that of the set, or of the first later set that has the form.

    Form 05 is new in TT 03/2025; stopping a dossier of 2018 prints it under the title of 2025.
    """
    sets = form_sets()
    start = sets.index(form_set(set_id))
    for known in sets[start:]:
        if number in known.titles:
            return known.titles[number]
    return form_title(number, set_id)


def wording(number: str, set_id: str) -> dict[str, Any]:
    """Labels and notes of a form, in the set whose fields it carries."""
    words = _resource(f"form-{number}.json")["wording"][form_set(set_id).fields_of]
    return dict(words)


@cache
def _resource(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resource("forms", name).read_text(encoding="utf-8"))
    return content
