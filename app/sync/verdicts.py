"""The province's word on events, stored beside them; and the provincial state of dossiers that follows.

Only called inside a write transaction: verdicts, versions and the marks they stand for move together (I12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from app.models.epochs import RESTORED
from app.models.sync_state import refresh_sync_state, refresh_sync_states
from app.models.tables import desk, dossier, event, history, stream
from app.protocol.messages import Verdict
from app.sync.file_queue import queue_files
from app.sync.marks import DESK_SLOT, FOREIGN, RECOVERED, read_mark, write_mark
from app.sync.words import PROVINCE, verdict_words

STATUS_AFTER: Final[dict[str, int]] = {
    "dossier.received": 2,
    "dossier.refused": 3,
    "dossier.progress": 4,
    "dossier.supplement_requested": 5,
    "dossier.supplement_received": 4,
    "dossier.fee_requested": 6,
    "dossier.withdrawn": 7,
    "dossier.stopped": 8,
    "dossier.completed": 9,
    "dossier.returned": 10,
}
"""Provincial status after an accepted event (SYNC-PROTOCOL §3.4); other types leave it, but
``fee.collected`` brings 5 and 6 back to 4."""


_JUDGED: Final = ("verdict", "verdict_at", "verdict_body", "last_word")
_JUDGE: Final = (
    update(event)
    .where(event.c.event_id == bindparam("of"))
    .values({name: bindparam("new_" + name) for name in _JUDGED})
)
_RAISE: Final = (
    update(dossier)
    .where(dossier.c.id == bindparam("of"))
    .values(province_version=bindparam("new_version"), province_status=bindparam("new_status"))
)


def apply_verdict(connection: Connection, verdict: Verdict, now: datetime) -> None:
    """Store one verdict. Unknown events are ignored; a final word is never taken back by a ``deferred``
    one, which can only be the older (a stored answer given again)."""
    row = connection.execute(select(event).where(event.c.event_id == verdict.event_id)).mappings().first()
    outcome = verdict.outcome
    if row is None or (outcome == "deferred" and row["verdict"] in ("accepted", "rejected")):
        return
    connection.execute(
        update(event)
        .where(event.c.event_id == verdict.event_id)
        .values(
            verdict=outcome,
            verdict_at=verdict.received_at,
            verdict_body=verdict.model_dump(mode="json", exclude_none=True),
            last_word=verdict_words(verdict),
        )
    )
    if row["files"] and outcome != "rejected":
        queue_files(connection, row["files"], now, wanted=False)
        asked = [each.ref for each in verdict.waiting_for if each.kind == "file"]
        queue_files(connection, asked, now, wanted=True)
    if row["type"] == "stream.opened" and outcome == "accepted":
        confirm_stream(connection, row["epoch"])
    if row["dossier_id"] is None:
        return
    if outcome == "accepted" and verdict.dossier_version is not None:
        _note_own(connection, row["dossier_id"], row["type"], verdict.dossier_version)
    if outcome == "rejected" and row["verdict"] != "rejected":
        add_history(
            connection,
            row["dossier_id"],
            "rejected_by_province",
            at=verdict.received_at,
            now=now,
            detail={"type": row["type"], "word": verdict_words(verdict)},
        )
    refresh_sync_state(connection, row["dossier_id"])


def apply_verdicts(connection: Connection, verdicts: Sequence[Verdict], now: datetime) -> None:
    """Store the verdicts of a run: plain first acceptances of this desk's dossiers together, all others, and
    whatever else concerns their dossiers, one by one and in order."""
    c = event.c
    ids = [verdict.event_id for verdict in verdicts]
    columns = (c.event_id, c.type, c.verdict, c.files, c.dossier_id)
    rows = {row.event_id: row for row in connection.execute(select(*columns).where(c.event_id.in_(ids)))}
    d = dossier.c
    about = {row.dossier_id for row in rows.values()}
    query = select(d.id, d.province_version, d.province_status).where(d.id.in_(about))
    known = {row.id: (row.province_version, row.province_status) for row in connection.execute(query)}
    odd = {rows[each.event_id].dossier_id for each in verdicts if not _plain(each, rows, known)}
    together = []
    for verdict in verdicts:
        row = rows.get(verdict.event_id)
        if row is None or row.dossier_id in odd:
            apply_verdict(connection, verdict, now)
        else:
            together.append((verdict, row))
    _accept_together(connection, together, known)


def note_version(
    connection: Connection, dossier_id: str, version: int, status: int | None, *, force: bool = False
) -> bool:
    """Remember the provincial version of a dossier and the status that belongs to it; ``None`` leaves the
    status. Gives whether it was news: an older version never replaces a newer one, unless ``force``
    (the province itself said its version in the repair of an end check).

    A dossier that is not in this store (another desk's) is remembered by a mark, for the end check.
    """
    known = connection.execute(
        select(dossier.c.province_version, dossier.c.province_status).where(dossier.c.id == dossier_id)
    ).first()
    if known is None:
        return _note_foreign(connection, dossier_id, version, status, force=force)
    if not force and known.province_version is not None and version <= known.province_version:
        return False
    values: dict[str, int] = {"province_version": version}
    if status is not None:
        values["province_status"] = status
    connection.execute(update(dossier).where(dossier.c.id == dossier_id).values(**values))
    return True


def add_history(
    connection: Connection,
    dossier_id: str,
    act: str,
    *,
    at: datetime,
    now: datetime,
    detail: dict[str, Any],
    by: str | None = None,
) -> None:
    """A line of the dossier's history for something the province did."""
    connection.execute(
        insert(history).values(
            dossier_id=dossier_id,
            act=act,
            at=at,
            recorded_at=now,
            officer_id=None,
            by_name=by or PROVINCE,
            detail=detail,
        )
    )


def confirm_stream(connection: Connection, epoch: str) -> None:
    """The province has answered this epoch: provisional numbers need its mark no more (§3.8), provided the
    desk's digit is the slot the province gave, which alone tells two desks of a commune apart, and a
    restored desk has taken its own events back."""
    digit = connection.execute(select(desk.c.desk_no)).scalar_one()
    reason = connection.execute(select(stream.c.reason).where(stream.c.epoch == epoch)).scalar_one()
    back = reason != RESTORED or read_mark(connection, RECOVERED) == epoch
    if back and digit == read_mark(connection, DESK_SLOT):
        connection.execute(update(stream).where(stream.c.epoch == epoch).values(confirmed=True))


def _plain(verdict: Verdict, rows: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Whether nothing follows from a verdict but the version and status of its dossier; also true for an
    event that is not here, from which nothing follows at all."""
    row = rows.get(verdict.event_id)
    if row is None:
        return True
    first = row.verdict is None and verdict.outcome == "accepted" and verdict.dossier_version is not None
    return first and not row.files and row.dossier_id in known


def _accept_together(
    connection: Connection,
    together: Sequence[tuple[Verdict, Any]],
    known: Mapping[str, tuple[int | None, int | None]],
) -> None:
    if not together:
        return
    after: dict[str, tuple[int | None, int | None]] = {}
    for verdict, row in together:
        version, status = after.get(row.dossier_id, known[row.dossier_id])
        if verdict.dossier_version is not None and verdict.dossier_version > (version or -1):
            version, status = verdict.dossier_version, _status_after(row.type, status)
        after[row.dossier_id] = version, status
    connection.execute(_JUDGE, [_judged(verdict) for verdict, _ in together])
    connection.execute(
        _RAISE,
        [
            {"of": key, "new_version": version, "new_status": status}
            for key, (version, status) in after.items()
        ],
    )
    refresh_sync_states(connection, after.keys())


def _judged(verdict: Verdict) -> dict[str, Any]:
    return {
        "of": verdict.event_id,
        "new_verdict": verdict.outcome,
        "new_verdict_at": verdict.received_at,
        "new_verdict_body": verdict.model_dump(mode="json", exclude_none=True),
        "new_last_word": verdict_words(verdict),
    }


def _status_after(event_type: str, before: int | None) -> int | None:
    if event_type == "fee.collected" and before in (5, 6):
        return 4
    return STATUS_AFTER.get(event_type, before)


def _note_own(connection: Connection, dossier_id: str, event_type: str, version: int) -> None:
    before = connection.execute(
        select(dossier.c.province_status).where(dossier.c.id == dossier_id)
    ).scalar_one_or_none()
    note_version(connection, dossier_id, version, _status_after(event_type, before))


def _note_foreign(
    connection: Connection, dossier_id: str, version: int, status: int | None, *, force: bool
) -> bool:
    known = read_mark(connection, FOREIGN + dossier_id)
    if known is not None and version <= known[0] and not force:
        return False
    kept = known[1] if known is not None else None
    write_mark(connection, FOREIGN + dossier_id, [version, kept if status is None else status])
    return True
