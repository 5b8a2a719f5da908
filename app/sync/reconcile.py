"""The end check: counts, chain, files, open dossiers; a difference is repaired once or shown (§3.3 step 8,
I18). Nothing is ever deleted or forced over the other side."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, exists, func, select, update

from app.models.epochs import stream_end
from app.models.tables import dossier, event, sync_mark
from app.protocol import messages as m
from app.protocol.chain import dossiers_digest, files_digest
from app.sync.file_queue import count_open, queue_again
from app.sync.link import Link, own_units
from app.sync.marks import FOREIGN, drop_mark
from app.sync.receiver import pull_all
from app.sync.sender import chain_at, push_all
from app.sync.trouble import RefusedError
from app.sync.verdicts import note_version
from app.sync.words import Outcome, difference, files_waiting
from app.text import t

CLOSED: Final = (3, 7, 8, 10)
"""Provincial statuses that are not open (schema ReconcileRequest)."""
_RUN: Final = 1000


def end_check(link: Link, held: int) -> Outcome | None:
    """Compare up to event ``held``. ``None`` when everything fits, else what to tell.

    Repairs once: what the province lacks is pushed again, its newest changes are pulled, then differing
    dossiers are asked for one by one.
    """
    link.tell("check")
    answer = _compare(link, held)
    if _fits(answer):
        return _files(link, answer)
    if not answer.stream.match:
        held = push_all(link, from_seq=answer.stream.first_difference_seq or 1)
    pull_all(link)
    answer = _compare(link, held)
    if answer.stream.match and answer.dossiers is not None and not answer.dossiers.match:
        _repair_dossiers(link)
        answer = _compare(link, held)
    return _files(link, answer) if _fits(answer) else _told(link, answer, held)


def open_dossiers(connection: Connection) -> list[tuple[str, int]]:
    """(id, provincial version) of every dossier of the unit that is open at the province as far as this
    desk knows, those of other desks included."""
    c = dossier.c
    own = connection.execute(
        select(c.id, c.province_version).where(
            c.province_version.is_not(None), c.province_status.not_in(CLOSED)
        )
    )
    pairs = [(row.id, row.province_version) for row in own]
    in_store = exists().where(sync_mark.c.key == FOREIGN + dossier.c.id)
    marks = connection.execute(
        select(sync_mark.c.key, sync_mark.c.value).where(sync_mark.c.key.startswith(FOREIGN), ~in_store)
    )
    for key, (version, status) in marks:
        if status not in CLOSED:
            pairs.append((key.removeprefix(FOREIGN), version))
    return pairs


def _compare(link: Link, held: int) -> m.ReconcileResponse:
    with link.desk.store.read() as connection:
        request = _request(connection, held)
    return link.patiently(partial(link.province.reconcile, request))


def _request(connection: Connection, held: int) -> dict[str, Any]:
    end = stream_end(connection)
    c = event.c
    count = connection.execute(
        select(func.count()).where(c.epoch == end.epoch, c.desk_seq <= held)
    ).scalar_one()
    files = _files_named(connection, end.epoch, held)
    pairs = open_dossiers(connection)
    return {
        "epoch": end.epoch,
        "through_seq": held,
        "count": count,
        "chain": chain_at(connection, end, held),
        "files": {"count": len(files), "digest": files_digest(files)},
        "dossiers": {"count": len(pairs), "digest": dossiers_digest(pairs)},
    }


def _files_named(connection: Connection, epoch: str, held: int) -> set[str]:
    c = event.c
    rows = connection.execute(
        select(c.files).where(c.epoch == epoch, c.desk_seq <= held, func.length(c.files) > 2)
    )
    return {sha256 for (files,) in rows for sha256 in files}


def _fits(answer: m.ReconcileResponse) -> bool:
    """Everything fits, or only scans are missing that the desk will send (§3.3 step 8)."""
    dossiers = answer.dossiers is None or answer.dossiers.match
    files = answer.files is None or answer.files.match or bool(answer.files.missing)
    return answer.stream.match and dossiers and files


def _files(link: Link, answer: m.ReconcileResponse) -> Outcome | None:
    missing = answer.files.missing if answer.files is not None else []
    with link.desk.store.write() as connection:
        queue_again(connection, missing, link.now())
        link.tally.files_left = max(len(missing), count_open(connection))
    if not missing:
        return None
    lost = [sha256 for sha256 in missing if not link.desk.files.has(sha256)]
    if lost:
        return difference(0, len(lost), t("tệp quét thiếu"))
    return files_waiting(len(missing))


def _repair_dossiers(link: Link) -> None:
    with link.desk.store.read() as connection:
        pairs = sorted(open_dossiers(connection))
    for request in _runs(pairs):
        diff = link.patiently(partial(link.province.reconcile_dossiers, request))
        for each in (*diff.stale, *diff.missing_at_desk):
            link.check()
            _take_state(link, each.dossier_id)
        if diff.unknown_to_server:
            with link.desk.store.write() as connection:
                for dossier_id in diff.unknown_to_server:
                    _out_of_sight(connection, dossier_id)


def _out_of_sight(connection: Connection, dossier_id: str) -> None:
    """Another unit's dossier has gone back to it, so the province counts it here no more; it stays readable.

    One that this unit received stays counted: that the province does not know it is a difference to be told.
    """
    drop_mark(connection, FOREIGN + dossier_id)
    c = dossier.c
    units = own_units(connection)
    gone = (c.id == dossier_id) & c.receiving_unit.not_in(units) & c.custodian_unit.not_in(units)
    connection.execute(update(dossier).where(gone).values(province_version=None, province_status=None))


def _take_state(link: Link, dossier_id: str) -> None:
    try:
        state = link.patiently(partial(link.province.dossier, dossier_id))
    except RefusedError as refused:
        if refused.problem.status == 404:
            return
        raise
    if state.dossier_id != dossier_id:
        return
    with link.desk.store.write() as connection:
        note_version(connection, dossier_id, state.version, state.status, force=True)


def _runs(pairs: list[tuple[str, int]]) -> Iterator[dict[str, Any]]:
    after: str | None = None
    for start in range(0, max(1, len(pairs)), _RUN):
        run = pairs[start : start + _RUN]
        yield {
            "after_id": after,
            "last": start + _RUN >= len(pairs),
            "dossiers": [{"dossier_id": dossier_id, "version": version} for dossier_id, version in run],
        }
        after = run[-1][0] if run else None


def _told(link: Link, answer: m.ReconcileResponse, held: int) -> Outcome:
    if not answer.stream.match:
        return difference(held, answer.stream.count, t("việc"))
    if answer.dossiers is not None and not answer.dossiers.match:
        with link.desk.store.read() as connection:
            ours = len(open_dossiers(connection))
        return difference(ours, answer.dossiers.count, t("hồ sơ đang mở"))
    with link.desk.store.read() as connection:
        files = len(_files_named(connection, stream_end(connection).epoch, held))
    return difference(files, answer.files.count if answer.files else 0, t("tệp quét"))
