"""The audit log held against itself and against what is kept of it elsewhere (I24).

The chain names the first entry that does not fit. What a chain cannot tell, a lost end or an older log put in
the place of a newer one, an anchor does: how far the log had come, noted beside the store after each commit,
printed at the foot of every page of the day book and of the register, and carried to the province by every
event. The province holds the event's bytes and the end check of each sync compares the chain they hang in, so
the events kept here are held against without asking anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from app.domain.roles import Officer, Permission
from app.errors import UsageError
from app.models import tables
from app.services.audit.chain import mac_at, walk_chain
from app.services.desk import Desk
from app.services.recording import Recorder
from app.text import t

_PRINTED = re.compile(
    r"(?:nhật ký:\s*)?(?:mục\s+)?0*([0-9]{1,15})[\s,;:]+(?:dấu\s+)?([0-9a-f]{8,64})", re.IGNORECASE
)


class AnchorKind(StrEnum):
    """Where an anchor stands: in the mark beside the store, in an event, or on a printed page."""

    MARK = "head_mark"
    EVENT = "event"
    PRINTED = "printed"


class Misfit(StrEnum):
    """How a log fails an anchor: it ends before it, holds another entry there, or the mark is gone."""

    SHORT = "short"
    OTHER = "other"
    GONE = "gone"


@dataclass(frozen=True)
class Anchor:
    """How far the log had come: entry ``seq`` with a MAC that begins with ``mac`` (hex, lower case)."""

    seq: int
    mac: str
    kind: AnchorKind = AnchorKind.PRINTED


@dataclass(frozen=True)
class FailedAnchor:
    """An anchor the log falls short of. ``seq`` ``None``: the mark itself is gone."""

    kind: AnchorKind
    seq: int | None
    misfit: Misfit


@dataclass(frozen=True)
class AuditVerdict:
    """``first_broken``: the lowest number that was changed, moved, put in or is missing. ``anchor``: where
    the entries fit each other, what they fall short of; ``None`` where they reach every anchor."""

    rows: int
    ok: bool
    first_broken: int | None
    anchor: FailedAnchor | None = None


def verify_audit(desk: Desk, by: Officer, printed: Iterable[Anchor] = ()) -> AuditVerdict:
    """Walk the whole chain, then hold it against the mark, the events and the printed anchors given.

    Any officer may ask: no entry is shown.
    """
    mark = desk.store.head.read()  # before the rows: whatever is committed meanwhile only adds to them
    with desk.store.read() as connection:
        walk = walk_chain(connection, desk.audit_key)
        if walk.first_broken is not None:
            return AuditVerdict(walk.rows, ok=False, first_broken=walk.first_broken)
        if mark is None:
            gone = FailedAnchor(AnchorKind.MARK, None, Misfit.GONE)
            return AuditVerdict(walk.rows, ok=False, first_broken=None, anchor=gone)
        anchors = [Anchor(mark.seq, mark.mac, AnchorKind.MARK), *printed]
        failed = [found for each in anchors if (found := _failed(connection, each, walk.rows))]
        failed += _events_failed(connection, walk.rows)
    if not failed:
        return AuditVerdict(walk.rows, ok=True, first_broken=None)
    first = min(failed, key=_telling)
    missing = walk.rows + 1 if first.misfit is Misfit.SHORT else first.seq
    return AuditVerdict(walk.rows, ok=False, first_broken=missing, anchor=first)


def read_anchor(text: str) -> Anchor:
    """An anchor as it is printed or typed: the number of the entry, then its mark or at least eight signs of
    it. Raises ``UsageError`` "anchor-shape"."""
    found = _PRINTED.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            "anchor-shape",
            t("Chưa đọc được dấu mốc."),
            t("Gõ số mục rồi dấu như ở chân trang sổ, ví dụ: 1250 3fa9c2d17b60e854"),
            field="anchor",
        )
    return Anchor(int(found[1]), found[2].lower())


def note_read(desk: Desk, by: Officer, record_kind: str, record_id: str) -> None:
    """Record that somebody looked at a record (I23)."""
    by.require(Permission.VIEW)
    with desk.store.write() as connection:
        Recorder(connection, desk, by, desk.clock.now()).audit("read", record_kind, record_id)


def note_seen(desk: Desk, by: Officer, record_kind: str, record_id: str) -> None:
    """The same where a screen draws itself anew by the minute: no second entry right after the first."""
    c = tables.audit.c
    with desk.store.write() as connection:
        row = connection.execute(
            select(c.officer_id, c.act, c.record_kind, c.record_id).order_by(c.seq.desc()).limit(1)
        ).first()
        if row is None or tuple(row) != (by.id, "read", record_kind, record_id):
            Recorder(connection, desk, by, desk.clock.now()).audit("read", record_kind, record_id)


def note_listed(desk: Desk, by: Officer, what: str, rows: int) -> None:
    """Record that a command line was given a list of dossiers or letters, and how long (I23). The window
    asks at each key and notes what is opened out of the list instead."""
    by.require(Permission.VIEW)
    with desk.store.write() as connection:
        Recorder(connection, desk, by, desk.clock.now()).audit("list", what, str(rows))


def note_copied(desk: Desk, by: Officer, rows: int, columns: Sequence[str]) -> None:
    """Record that rows of the list of dossiers are about to leave by the clipboard: how many, and which
    columns (I23). One entry a copying."""
    by.require(Permission.SEARCH)
    with desk.store.write() as connection:
        Recorder(connection, desk, by, desk.clock.now()).audit("copy_rows", "grid", str(rows), columns)


_OF_EVENTS = """
SELECT told.said FROM (
  SELECT json_extract(CAST(body AS TEXT), '$.audit.seq') AS said,
    json_extract(CAST(body AS TEXT), '$.audit.mac') AS mac
  FROM event WHERE epoch = (SELECT epoch FROM stream ORDER BY position DESC LIMIT 1)
) AS told LEFT JOIN audit ON audit.seq = told.said
WHERE told.said IS NOT NULL AND (audit.mac IS NULL OR substr(audit.mac, 1, length(told.mac)) <> told.mac)
ORDER BY told.said LIMIT 1
"""
"""The first anchor of the running epoch's events that does not fit. Events of an epoch that a restore ended
speak of a log that may have been longer."""


def _telling(failed: FailedAnchor) -> tuple[bool, bool, int]:
    """The lowest entry that is another one; where the log is only too short, what an officer can look at."""
    short = failed.misfit is Misfit.SHORT
    return short, short and failed.kind is AnchorKind.EVENT, failed.seq or 0


def _events_failed(connection: Connection, rows: int) -> list[FailedAnchor]:
    found = connection.exec_driver_sql(_OF_EVENTS).first()
    if found is None:
        return []
    return [FailedAnchor(AnchorKind.EVENT, int(found[0]), Misfit.SHORT if found[0] > rows else Misfit.OTHER)]


def _failed(connection: Connection, anchor: Anchor, rows: int) -> FailedAnchor | None:
    if anchor.seq > rows:
        return FailedAnchor(anchor.kind, anchor.seq, Misfit.SHORT)
    there = mac_at(connection, anchor.seq)
    if there is None or not there.startswith(anchor.mac):
        return FailedAnchor(anchor.kind, anchor.seq, Misfit.OTHER)
    return None
