"""Drafts of forms on screen: kept in the encrypted store at each field, reopened at the same field.

A draft goes only when its dossier is stored or the officer discards it. Drafts belong to the officer who
typed them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.roles import Officer, Permission
from app.domain.secret_guard import holds_code
from app.errors import NotFoundError
from app.models import tables
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.recording import Recorder
from app.text import t

_c = tables.draft.c
_FREE_TEXT = "note"


@dataclass(frozen=True)
class Draft:
    """A form as it was left. ``focus``: the field it reopens at; ``body``: plain JSON data of the screen."""

    id: str
    screen: str
    focus: str
    body: Mapping[str, Any]
    saved_at: datetime


def new_draft_id() -> str:
    """An id for a form just opened; reception takes the same one as the request's, so that pressing twice
    stores one dossier."""
    return new_id()


def save_draft(
    desk: Desk, by: Officer, draft_id: str, screen: str, focus: str, body: Mapping[str, Any]
) -> datetime:
    """Keep the form as it stands; gives the time for "Bản nháp đã lưu". Durable when this returns.

    Free text (members named ``…note``) that holds a one-time code is kept without it (DOMAIN §9).
    Raises ``NotFoundError`` "no-draft" where the id is another officer's.
    """
    by.require(Permission.RECEIVE)
    now = desk.clock.now()
    values = {"screen": screen, "focus": focus, "body": _without_codes(body), "saved_at": now}
    statement = insert(tables.draft).values(id=draft_id, officer_id=by.id, **values)
    statement = statement.on_conflict_do_update(
        index_elements=["id"], set_=values, where=_c.officer_id == by.id
    )
    with desk.store.write() as connection:
        if connection.execute(statement).rowcount != 1:
            raise _missing()
    return now


def open_drafts(desk: Desk, by: Officer, screen: str | None = None) -> tuple[Draft, ...]:
    """The officer's drafts of a screen (of all screens without one), the last saved first."""
    by.require(Permission.RECEIVE)
    query = select(tables.draft).where(_c.officer_id == by.id).order_by(_c.saved_at.desc(), _c.id.desc())
    if screen is not None:
        query = query.where(_c.screen == screen)
    with desk.store.read() as connection:
        return tuple(_draft(row) for row in connection.execute(query).mappings())


def load_draft(desk: Desk, by: Officer, draft_id: str) -> Draft:
    """One draft of the officer; opening it is a reading (I23). Raises ``NotFoundError`` "no-draft"."""
    by.require(Permission.RECEIVE)
    query = select(tables.draft).where(_c.id == draft_id, _c.officer_id == by.id)
    with desk.store.write() as connection:
        row = connection.execute(query).mappings().first()
        if row is None:
            raise _missing()
        Recorder(connection, desk, by, desk.clock.now()).audit("read", "draft", draft_id)
        return _draft(row)


def drop_draft(desk: Desk, by: Officer, draft_id: str) -> None:
    """Forget a draft: its dossier is stored, or the officer discards it. Twice is as once."""
    by.require(Permission.RECEIVE)
    with desk.store.write() as connection:
        if forget_draft(connection, by, draft_id):
            Recorder(connection, desk, by, desk.clock.now()).audit("drop_draft", "draft", draft_id)


def forget_draft(connection: Connection, by: Officer, draft_id: str) -> bool:
    """The same within the commit of another act; whether there was one."""
    found = connection.execute(delete(tables.draft).where(_c.id == draft_id, _c.officer_id == by.id))
    return found.rowcount == 1


def _without_codes(value: Any, name: str = "") -> Any:
    if isinstance(value, Mapping):
        return {key: _without_codes(each, str(key)) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_codes(each, name) for each in value]
    if isinstance(value, str) and name.endswith(_FREE_TEXT) and holds_code(value):
        return ""
    return value


def _draft(row: RowMapping) -> Draft:
    return Draft(row["id"], row["screen"], row["focus"], row["body"], row["saved_at"])


def _missing() -> NotFoundError:
    return NotFoundError(
        "no-draft",
        t("Không còn bản nháp này."),
        t("Hồ sơ của bản nháp có thể đã lưu; tìm trong Hồ sơ."),
    )
