"""The full-text row of a dossier: what an officer may type to find it, folded.

Services call ``refresh_search`` in the commit of an act, sync when the province gives the official number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select, text

from app.domain.vietnamese import fold, initials
from app.models.tables import SEARCH_TABLE, dossier, party

_ID_TAILS = (4, 6)
_PHONE_TAIL = 4
_MERGED_PAGES = 200
_NOTHING_LEFT = 2
"""A merge that changes fewer rows than this had nothing to do (FTS5, "merge")."""
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def refresh_search(connection: Connection, dossier_id: str) -> None:
    """Write the search row anew: names of the parties with initials, numbers, identity and phone numbers
    with their tails, the procedure. Nothing where the dossier is unknown."""
    row = connection.execute(select(dossier).where(dossier.c.id == dossier_id)).mappings().first()
    if row is None:
        return
    parties = connection.execute(select(party).where(party.c.dossier_id == dossier_id)).mappings().all()
    body = search_body(row, parties)
    connection.execute(text(f"DELETE FROM {SEARCH_TABLE} WHERE rowid = :row"), {"row": row["row_no"]})
    connection.execute(
        text(f"INSERT INTO {SEARCH_TABLE} (rowid, body) VALUES (:row, :body)"),
        {"row": row["row_no"], "body": body},
    )


def forget_deleted(connection: Connection, steps: int) -> bool:
    """Merge the index so that words of rows deleted or rewritten leave it; whether it is done.

    A row deleted from this kind of index is only marked; its words go when its pages are merged.
    ``steps``: at most so many merges of 200 pages, a few hundredths of a second each.
    """
    merge = text(f"INSERT INTO {SEARCH_TABLE} ({SEARCH_TABLE}, rank) VALUES ('merge', :pages)")
    for step in range(steps):
        before = _changes(connection)
        connection.execute(merge, {"pages": -_MERGED_PAGES if step == 0 else _MERGED_PAGES})
        if _changes(connection) - before < _NOTHING_LEFT:
            return True
    return False


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


def search_body(row: Mapping[Any, Any], parties: Iterable[Mapping[Any, Any]]) -> str:
    """What the index holds of a dossier's row and the rows of its parties."""
    words = [*_dossier_words(row)]
    for each in parties:
        words += _party_words(each)
    return " ".join(dict.fromkeys(word for word in words if word))


def search_words(typed: str) -> list[str]:
    """The words of a search as the index holds them: folded, split where the index splits."""
    return [word for word in _NOT_WORD.split(fold(typed)) if word]


def _dossier_words(row: Any) -> Iterator[str]:
    yield from _spoken(row["owner_name"])
    yield from search_words(row["procedure_name"])
    yield initials(row["procedure_name"])
    yield from _number(row["procedure_code"])
    for number in (row["number"], row["provisional_number"]):
        yield from _number(number or "")


def _party_words(row: Any) -> Iterator[str]:
    yield from _spoken(row["full_name"])
    for identity in (row["id_value"], row["old_id"]):
        whole = _joined(identity or "")
        yield whole
        yield from (whole[-tail:] for tail in _ID_TAILS if len(whole) > tail)
    phone = _joined(row["phone"] or "")
    yield phone
    yield phone[-_PHONE_TAIL:]


def _spoken(name: str) -> Iterator[str]:
    yield from search_words(name)
    yield initials(name)


def _number(number: str) -> Iterator[str]:
    """A number by its parts, and in one piece for those who type it without the signs."""
    yield from search_words(number)
    yield _joined(number)


def _joined(number: str) -> str:
    return _NOT_WORD.sub("", fold(number))
