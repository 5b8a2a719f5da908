"""What is known of a whole run beforehand, and what it writes together.

Asking the database about each event by itself costs more than judging it. So one look is taken for all events
of a run; it only ever says "there is none", and what the run itself adds is struck out at once. New rows are
held back and written together, before the next statement of any kind, so that no query can miss them.
Everything lives on the connection of the run's one transaction and ends with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, Insert, event, select

from app.province.problems import JsonObject
from app.province.tables import dossiers, events, numbers, waits

_OPTION: Final = "run_memory"
_TROUBLED: Final = ("deferred", "rejected")

Value = TypeVar("Value")


@dataclass
class RunMemory:
    """Of what a run names: dossiers nobody has, subjects without a deferred or rejected event, events
    nobody waits for, numbers nobody holds; and what was asked once."""

    absent: set[str] = field(default_factory=set)
    quiet: set[str] = field(default_factory=set)
    unawaited: set[str] = field(default_factory=set)
    free: set[str] = field(default_factory=set)
    asked: dict[Any, Any] = field(default_factory=dict)
    behind: dict[Insert, list[Mapping[str, Any]]] = field(default_factory=dict)


_NOTHING: Final = RunMemory()


def listen(engine: Engine) -> None:
    """Have rows held back written before anything else is said to the database."""
    event.listen(engine, "before_execute", _write_first)


@contextmanager
def looking_ahead(db: Connection, run: Sequence[JsonObject]) -> Iterator[None]:
    """For the time of one run: one look for all its events, one write for all its rows."""
    db.execution_options(**{_OPTION: _look(db, run)})
    try:
        yield
        write_behind(db)
    finally:
        db.execution_options(**{_OPTION: None})


def memory(db: Connection) -> RunMemory:
    """What is known of the run under way; nothing outside of one."""
    return db.get_execution_options().get(_OPTION) or _NOTHING


def ask_once(db: Connection, name: Any, question: Callable[[], Value]) -> Value:
    """The answer to a question that nothing in a run changes."""
    known = db.get_execution_options().get(_OPTION)
    if known is None:
        return question()
    if name not in known.asked:
        known.asked[name] = question()
    answer: Value = known.asked[name]
    return answer


def insert_behind(db: Connection, statement: Insert, row: Mapping[str, Any]) -> None:
    """Write a row: together with others of its kind in a run, at once outside of one."""
    known = db.get_execution_options().get(_OPTION)
    if known is None:
        db.execute(statement, row)
    else:
        known.behind.setdefault(statement, []).append(row)


def write_behind(db: Connection) -> None:
    """Write what is held back."""
    known: RunMemory = memory(db)
    while known.behind:
        statement = next(iter(known.behind))
        db.execute(statement, known.behind.pop(statement))


def _write_first(db: Connection, *_statement: object) -> None:
    known = db.get_execution_options().get(_OPTION)
    if known is not None and known.behind:
        held, known.behind = known.behind, {}
        for statement, rows in held.items():
            db.execute(statement, rows)


def _look(db: Connection, run: Sequence[JsonObject]) -> RunMemory:
    subjects = [each for item in run if isinstance(each := item.get("subject"), dict)]
    ids = _texts(each.get("id") for each in subjects)
    codes = _texts(each.get("code") for each in subjects)
    own = {str(item["event_id"]) for item in run}
    troubled = select(events.c.subject_id).where(
        events.c.subject_id.in_(ids), events.c.verdict.in_(_TROUBLED)
    )
    awaited = select(waits.c.ref).where(waits.c.kind == "event", waits.c.ref.in_(own))
    return RunMemory(
        absent=ids - _found(db, ids, select(dossiers.c.dossier_id).where(dossiers.c.dossier_id.in_(ids))),
        quiet=ids - _found(db, ids, troubled),
        unawaited=own - _found(db, own, awaited),
        free=codes - _found(db, codes, select(numbers.c.code).where(numbers.c.code.in_(codes))),
    )


def _found(db: Connection, wanted: Collection[str], query: Any) -> set[str]:
    return set(db.execute(query).scalars()) if wanted else set()


def _texts(values: Iterator[object]) -> set[str]:
    """Texts that a row can hold at all."""
    return {each for each in values if isinstance(each, str) and len(each) <= 80 and "\x00" not in each}
