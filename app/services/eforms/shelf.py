"""The declarations this desk knows: those that came with the program, and those a province added."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

from sqlalchemy import Connection, select

from app.domain.eform.form import EForm
from app.domain.eform.reading import read_form
from app.domain.typed_date import format_date
from app.errors import NotFoundError, RuleError
from app.models import counter_tables as tables
from app.resources import resource
from app.text import t

LISTS = "lists.json"


@cache
def shipped_forms() -> tuple[EForm, ...]:
    """Forms under ``resources/eforms``."""
    files = sorted(resource("eforms").glob("*.json"))
    return tuple(read_form(path.read_bytes()) for path in files if path.name != LISTS)


@cache
def word_lists() -> dict[str, tuple[str, ...]]:
    """Words offered for fields with an open list, by the list's name."""
    rows = json.loads(resource("eforms", LISTS).read_text("utf-8"))
    return {name: tuple(words) for name, words in rows.items()}


def known_forms(connection: Connection) -> tuple[EForm, ...]:
    """Every version of every form; a province's file goes before ours of the same version."""
    bodies = connection.execute(select(tables.eform_package.c.body)).scalars()
    forms = {(form.id, form.version): form for form in shipped_forms()}
    forms |= {(form.id, form.version): form for form in map(read_form, bodies)}
    return tuple(forms.values())


def form_for(connection: Connection, form_id: str, day: date, version: str | None = None) -> EForm:
    """The form for a dossier received on ``day``, the highest version in force; or the version it was filled
    in under. Raises ``NotFoundError`` "no-eform", ``RuleError`` "eform-not-in-force"."""
    forms = [form for form in known_forms(connection) if form.id == form_id]
    if not forms:
        raise _unknown(connection)
    kept = next((form for form in forms if form.version == version), None)
    if kept is not None:
        return kept
    fitting = [form for form in forms if form.holds_on(day)]
    if not fitting:
        raise RuleError(
            "eform-not-in-force",
            t("Chưa có mẫu tờ khai này dùng cho hồ sơ nhận ngày {day}.").format(day=format_date(day)),
            t("Quản trị viên nạp tệp mẫu của tỉnh rồi làm lại; hồ sơ giữ nguyên."),
            field="form",
        )
    return max(fitting, key=lambda form: form.order)


def forms_in_force(connection: Connection, day: date) -> tuple[EForm, ...]:
    """Every form in force on the day, the highest version of each."""
    best: dict[str, EForm] = {}
    for form in known_forms(connection):
        if form.holds_on(day):
            known = best.get(form.id)
            best[form.id] = form if known is None or form.order > known.order else known
    return tuple(best.values())


def _unknown(connection: Connection) -> NotFoundError:
    known = ", ".join(sorted({form.id for form in known_forms(connection)}))
    return NotFoundError(
        "no-eform",
        t("Không có mẫu tờ khai này."),
        t("Các mẫu đang có: {known}.").format(known=known),
        field="form",
    )
