"""A dossier that another desk of the commune received, another unit hands over or the portal assigns, taken
in whole: from here on this desk can find it, go on with it and return its result (SYNC-PROTOCOL §3.5, §3.7).

What the province's state does not carry stays empty: notes, papers asked for, receipts. The dossier stands in
a register of its own (``QK``, quầy khác): the desk that received it has it in its book.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from app.clock import VIETNAM, from_wire, to_wire
from app.domain.vietnamese import sort_key
from app.models import tables
from app.models.search_index import refresh_search
from app.protocol import messages as m
from app.protocol.ids import new_id
from app.sync.marks import FOREIGN, drop_mark
from app.sync.rebuild import dossier_row, insert_parts
from app.sync.results_here import keep_results
from app.sync.spent_numbers import next_of
from app.text import t

TAKEN_IN: Final = "taken_in"
ARRIVING: Final = "arriving"
BOOK: Final = "QK"
_ENDED: Final = (3, 7, 8, 9)


def take_in(connection: Connection, state: m.DossierState, units: frozenset[str], now: datetime) -> bool:
    """Make the dossier here; false where its filing is not told or a number of it is known already."""
    filing = state.received
    if filing is None or _number_known(connection, state):
        return False
    with connection.begin_nested() as attempt:
        try:
            _insert(connection, state, filing, units, now)
        except (KeyError, TypeError, ValueError):
            attempt.rollback()
            return False
    refresh_search(connection, state.dossier_id)
    drop_mark(connection, FOREIGN + state.dossier_id)
    return True


def note_coming_back(
    connection: Connection,
    row: Mapping[str, Any],
    state: m.DossierState,
    units: frozenset[str],
    now: datetime,
) -> None:
    """Another unit hands a dossier back that is known here: it may be taken over again."""
    if state.custodian.code in units or row["custodian_unit"] in units:
        return
    _history(connection, state.dossier_id, ARRIVING, _hand_over(connection, state), now)


def missed_changes(
    state: m.DossierState, row: dict[str, Any], now: datetime, units: frozenset[str]
) -> Iterator[m.Change]:
    """What differs here from the province's state, as the changes that would have said so."""
    if row["province_version"] is not None and state.version <= row["province_version"]:
        return
    at = to_wire(now)
    if state.status not in (row["status"], row["province_status"]):
        yield _change(
            state, now, "dossier.status_changed", {"from": row["province_status"], "to": state.status}
        )
    held = {state.custodian.code, row["custodian_unit"]}
    if len(held) == 2 and not held <= units:
        unit = {"code": row["custodian_unit"], "name": row["custodian_unit"]}
        to = state.custodian.model_dump()
        yield _change(state, now, "dossier.custody_changed", {"from_unit": unit, "to_unit": to})
    if state.provisional_code is not None and row["number"] is None:
        numbered = {"code": state.code, "provisional_code": state.provisional_code, "numbered_at": at}
        yield _change(state, now, "dossier.numbered", numbered)
    if state.due_at is not None and state.due_at != row["due_at"]:
        ours = None if row["due_at"] is None else to_wire(row["due_at"])
        due = {"previous_due_at": ours, "new_due_at": to_wire(state.due_at)}
        words = t("Theo tình trạng hồ sơ ở tỉnh")
        yield _change(state, now, "dossier.due_date_changed", {**due, "reason": words})
    if state.results:
        results = [each.model_dump(mode="json") for each in state.results]
        yield _change(state, now, "dossier.result_issued", {"results": results})


def _change(state: m.DossierState, now: datetime, kind: str, data: dict[str, Any]) -> m.Change:
    return m.Change(
        change_id=new_id(),
        change_type=kind,
        at=now,
        subject=m.Subject(kind="dossier", id=state.dossier_id),
        dossier_version=state.version,
        data=data,
    )


def _insert(
    connection: Connection,
    state: m.DossierState,
    filing: dict[str, Any],
    units: frozenset[str],
    now: datetime,
) -> None:
    own = state.custodian.code in units or str(state.code).startswith(tuple(f"{each}-" for each in units))
    year = from_wire(filing["received_at"]).astimezone(VIETNAM).year
    book = f"{BOOK}/{year}"
    line = book, next_of(connection, f"register:{book}", str(year))
    row = dossier_row(connection, _as_event(state, filing), filing, now, line)
    row |= {
        "number": None if state.code == state.provisional_code else state.code,
        "provisional_number": state.provisional_code,
        "status": state.status,
        "due_at": state.due_at,
        "province_version": state.version,
        "province_status": state.status,
        "ended_at": _ended(state),
        "returned_at": state.returned_at,
        "owner_sort": sort_key(filing["owner"]["full_name"]),
    }
    if not own:
        row |= {"receiving_unit": state.custodian.code, "receiving_unit_name": state.custodian.name}
    if state.custodian.code not in units:
        row["custodian_unit"] = state.custodian.code
    if row["number"] is None and row["provisional_number"] is None:
        row["provisional_number"] = state.code
    connection.execute(insert(tables.dossier).values(**row))
    insert_parts(connection, state.dossier_id, filing)
    _history(connection, state.dossier_id, TAKEN_IN, {}, now, at=row["received_at"])
    if state.custodian.code not in units and not own:
        _history(connection, state.dossier_id, ARRIVING, _hand_over(connection, state), now)
    if state.results:
        results = [each.model_dump(mode="json", exclude_none=True) for each in state.results]
        keep_results(connection, state.dossier_id, results, state.completed_at or now)


def _as_event(state: m.DossierState, filing: Mapping[str, Any]) -> dict[str, Any]:
    """The little of an event the row is made from: the desk that received it is not named by the state."""
    return {
        "type": "dossier.received",
        "subject": {"id": state.dossier_id, "code": state.code},
        "recorded_at": filing["received_at"],
        "actor": {"officer_id": "elsewhere", "officer_name": t("Quầy khác")},
    }


def _ended(state: m.DossierState) -> datetime | None:
    if state.status in _ENDED or state.status == 10:
        return state.completed_at or state.returned_at
    return None


def _number_known(connection: Connection, state: m.DossierState) -> bool:
    c = tables.dossier.c
    codes = [code for code in (state.code, state.provisional_code) if code is not None]
    known = select(c.id).where(c.number.in_(codes) | c.provisional_number.in_(codes))
    return connection.execute(known).first() is not None


def _hand_over(connection: Connection, state: m.DossierState) -> dict[str, Any]:
    desk = connection.execute(select(tables.desk)).mappings().one()
    to = desk["agency_code"] or desk["unit_code"]
    return {"to": to, "to_name": to, "from": state.custodian.code, "from_name": state.custodian.name}


def _history(
    connection: Connection,
    dossier_id: str,
    act: str,
    detail: dict[str, Any],
    now: datetime,
    *,
    at: datetime | None = None,
) -> None:
    connection.execute(
        insert(tables.history).values(
            dossier_id=dossier_id,
            act=act,
            at=at or now,
            recorded_at=now,
            officer_id=None,
            by_name=t("Quầy khác"),
            detail=detail,
        )
    )
