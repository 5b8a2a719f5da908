"""What provincial changes do: numbers are added, papers are never overwritten, strangers are kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update

from app.clock import FixedClock, to_wire
from app.models import tables
from app.protocol import messages as m
from app.protocol.contract import document
from app.protocol.ids import new_id
from app.sync.blocks import held_blocks
from app.sync.changes import Taken, apply_change
from app.sync.context import SyncDesk
from app.sync.marks import FOREIGN, read_mark
from app.sync.receiver import _commit_page
from app.sync.reconcile import open_dossiers
from app.sync.status import open_proposals
from tests.support.desk_store import GSO, MONDAY, Received, act, dossier_row, make_sync_desk, receive

LATER = MONDAY + timedelta(hours=2)
UNITS = frozenset({GSO, "H60.1"})


@pytest.fixture
def desk(tmp_path: Path) -> SyncDesk:
    return make_sync_desk(tmp_path, FixedClock(MONDAY))


def change(kind: str, subject: str, data: dict[str, Any], version: int | None = 2, **more: Any) -> m.Change:
    raw = {
        "change_id": new_id(),
        "change_type": kind,
        "at": to_wire(LATER),
        "subject": {"kind": "dossier", "id": subject},
        "dossier_version": version,
        "data": data,
        **more,
    }
    return m.Change.model_validate(raw)


def take(desk: SyncDesk, *changes: m.Change) -> list[bool]:
    """Through the receiver's own page commit."""

    class Stub:
        def __init__(self) -> None:
            self.desk = desk

        def now(self) -> Any:
            return desk.clock.now()

    page = m.ChangePage(changes=list(changes), next_cursor=new_id(), more=False)
    _commit_page(Stub(), page)  # type: ignore[arg-type]
    c = tables.change.c
    with desk.store.read() as connection:
        rows = {row.change_id: row.applied for row in connection.execute(select(c.change_id, c.applied))}
    return [rows[each.change_id] for each in changes]


def numbered(dossier: Received, code: str = "H60.1-261123-0007", **more: Any) -> m.Change:
    data = {"code": code, "provisional_code": dossier.number, "numbered_at": to_wire(LATER), **more}
    return change("dossier.numbered", dossier.id, data)


def acts(desk: SyncDesk, dossier: Received) -> list[tuple[str, str]]:
    c = tables.history.c
    with desk.store.read() as connection:
        rows = connection.execute(select(c.act, c.by_name).where(c.dossier_id == dossier.id).order_by(c.id))
        return [(row.act, row.by_name) for row in rows]


def found(desk: SyncDesk, typed: str) -> int:
    with desk.store.read() as connection:
        query = text("SELECT count(*) FROM dossier_search WHERE dossier_search MATCH :q")
        return int(connection.execute(query, {"q": f'"{typed}"*'}).scalar_one())


def test_the_official_number_is_added_and_both_are_found(desk: SyncDesk) -> None:
    dossier = receive(desk)
    assert found(desk, "0007") == 0
    assert take(desk, numbered(dossier)) == [True]
    row = dossier_row(desk, dossier.id)
    assert (row["number"], row["provisional_number"]) == ("H60.1-261123-0007", dossier.number)
    assert row["province_version"] == 2
    assert acts(desk, dossier) == [("numbered", "Tỉnh")]
    assert found(desk, "0007") == found(desk, "h6012611230007") == found(desk, "1kmb001") == 1


def test_a_repeat_changes_nothing(desk: SyncDesk) -> None:
    dossier = receive(desk)
    once = numbered(dossier)
    take(desk, once)
    take(desk, once, numbered(dossier))
    assert acts(desk, dossier) == [("numbered", "Tỉnh")]


def test_another_official_number_is_a_case_not_an_overwrite(desk: SyncDesk) -> None:
    dossier = receive(desk)
    assert take(desk, numbered(dossier), numbered(dossier, "H60.1-261123-0008")) == [True, False]
    assert dossier_row(desk, dossier.id)["number"] == "H60.1-261123-0007"
    (case,) = open_proposals(desk.store)
    assert (case.ours, case.theirs) == ("H60.1-261123-0007", "H60.1-261123-0008")


def test_a_number_meant_for_another_paper_is_not_taken(desk: SyncDesk) -> None:
    dossier = receive(desk)
    assert take(desk, numbered(dossier, provisional_code="TN-02221-261123-9999")) == [False]
    assert dossier_row(desk, dossier.id)["number"] is None


def test_one_number_never_serves_two_dossiers(desk: SyncDesk) -> None:
    one, other = receive(desk, 1), receive(desk, 2)
    assert take(desk, numbered(one), numbered(other)) == [True, False]
    assert dossier_row(desk, other.id)["number"] is None
    with desk.store.read() as connection:
        assert connection.execute(select(tables.notice.c.severity)).scalars().all() == ["urgent"]


def test_a_custodians_step_is_followed(desk: SyncDesk) -> None:
    dossier = receive(desk)
    judged(desk)
    data = {"from": 2, "to": 4, "actor_unit": "Sở Mẫu"}
    assert take(desk, change("dossier.status_changed", dossier.id, data)) == [True]
    row = dossier_row(desk, dossier.id)
    assert (row["status"], row["province_status"], row["province_version"]) == (4, 4, 2)
    assert acts(desk, dossier) == [("province_status", "Sở Mẫu")]
    take(desk, change("dossier.status_changed", dossier.id, {"from": 4, "to": 9}, 3))
    assert dossier_row(desk, dossier.id)["ended_at"] == LATER
    take(desk, change("dossier.status_changed", dossier.id, {"from": 9, "to": 4}, 4))
    assert dossier_row(desk, dossier.id)["ended_at"] is None


def test_an_older_version_never_replaces_a_newer_one(desk: SyncDesk) -> None:
    dossier = receive(desk)
    judged(desk)
    take(desk, change("dossier.status_changed", dossier.id, {"from": 2, "to": 9}, 7))
    take(desk, change("dossier.status_changed", dossier.id, {"from": 2, "to": 4}, 5))
    row = dossier_row(desk, dossier.id)
    assert (row["status"], row["province_version"]) == (9, 7)


def test_own_acts_not_yet_judged_stand_before_the_provinces_state(desk: SyncDesk) -> None:
    dossier = receive(desk)
    act(desk, dossier, "dossier.progress", {})
    take(desk, change("dossier.status_changed", dossier.id, {"from": 2, "to": 5}))
    row = dossier_row(desk, dossier.id)
    assert (row["status"], row["province_status"]) == (2, 5)


def test_what_belongs_to_the_counter_is_proposed_not_done(desk: SyncDesk) -> None:
    """Statuses 2, 3 and 10 are the receiving unit's (§3.5): a province that says "returned" is not obeyed."""
    dossier = receive(desk)
    judged(desk)
    take(desk, change("dossier.status_changed", dossier.id, {"from": 9, "to": 10}))
    assert dossier_row(desk, dossier.id)["status"] == 2
    (case,) = open_proposals(desk.store)
    assert (case.field, case.ours, case.theirs) == ("/status", 2, 10)


def test_another_desk_of_the_unit_may_hand_over_the_result(desk: SyncDesk) -> None:
    dossier = receive(desk)
    judged(desk)
    done = change("dossier.status_changed", dossier.id, {"from": 9, "to": 10}, caused_by_event_id=new_id())
    take(desk, done)
    assert dossier_row(desk, dossier.id)["returned_at"] == LATER


def test_the_slips_due_date_is_never_overwritten(desk: SyncDesk) -> None:
    dossier = receive(desk)
    ours = dossier_row(desk, dossier.id)["due_at"]
    for days in (5, 6):
        data = {
            "previous_due_at": to_wire(ours),
            "new_due_at": to_wire(ours + timedelta(days=days)),
            "reason": "r",
        }
        assert take(desk, change("dossier.due_date_changed", dossier.id, data, days)) == [True]
    assert dossier_row(desk, dossier.id)["due_at"] == ours
    (case,) = open_proposals(desk.store)
    assert (case.ours, case.theirs) == (to_wire(ours), to_wire(ours + timedelta(days=6)))


def test_fields_of_the_paper_are_proposed_contacts_are_shared(desk: SyncDesk) -> None:
    dossier = receive(desk)
    data = {
        "set": {
            "/owner/full_name": "Trần Thị Khác",
            "/owner/phone": "0911111111",
            "/abstract": "Đăng ký khai sinh",
        }
    }
    assert take(desk, change("dossier.fields_changed", dossier.id, data)) == [True]
    (case,) = open_proposals(desk.store)
    assert (case.field, case.ours, case.theirs) == ("/owner/full_name", "Trần Thị Ví Dụ", "Trần Thị Khác")
    with desk.store.read() as connection:
        party = connection.execute(select(tables.party.c.full_name, tables.party.c.phone)).one()
        kept = connection.execute(select(tables.history.c.detail)).scalars().one()
    assert tuple(party) == ("Trần Thị Ví Dụ", "0911111111")
    assert (kept["ours"], kept["theirs"]) == ("0900000123", "0911111111")
    assert found(desk, "0911111111") == 1


def test_unknown_types_and_broken_data_are_kept_and_the_page_goes_on(desk: SyncDesk) -> None:
    dossier = receive(desk)
    odd = change("desk.policy_changed", "x", {"a": [1]}, None)
    new = change("something.new", "x", {}, None)
    broken = change("dossier.numbered", dossier.id, {"code": 7})
    assert take(desk, odd, new, broken, numbered(dossier)) == [False, False, False, True]


def test_a_dossier_of_another_desk_is_counted_in_the_end_check(desk: SyncDesk) -> None:
    elsewhere = new_id()
    state = {
        "dossier_id": elsewhere, "code": "H60.1-261123-0001", "version": 3, "status": 2,
        "custodian": {"code": "H60.1", "name": "x"}, "procedure": {"code": "1.001193", "version": 1},
        "received_at": None, "due_at": None, "results": [],
    }  # fmt: skip
    assert take(desk, change("dossier.assigned", elsewhere, state, 3)) == [False]
    with desk.store.read() as connection:
        assert open_dossiers(connection) == [(elsewhere, 3)]
    take(desk, change("dossier.custody_changed", elsewhere, units_data(), 4))
    with desk.store.read() as connection:
        assert open_dossiers(connection) == [(elsewhere, 4)]
        assert read_mark(connection, FOREIGN + elsewhere) == [4, 2]
    take(desk, change("dossier.status_changed", elsewhere, {"from": 2, "to": 10}, 5))
    with desk.store.read() as connection:
        assert open_dossiers(connection) == []


def units_data() -> dict[str, Any]:
    return {"from_unit": {"code": "a", "name": "a"}, "to_unit": {"code": "b", "name": "b"}}


def test_custody_moves_the_custodian(desk: SyncDesk) -> None:
    dossier = receive(desk)
    take(desk, change("dossier.custody_changed", dossier.id, units_data()))
    assert dossier_row(desk, dossier.id)["custodian_unit"] == "b"


def test_a_late_verdict_settles_a_deferred_event(desk: SyncDesk) -> None:
    dossier = receive(desk)
    judged(desk, "deferred")
    verdict = {
        "event_id": dossier.event_id,
        "desk_seq": 2,
        "verdict": "accepted",
        "received_at": to_wire(LATER),
        "dossier_version": 1,
    }
    late = change("event.verdict", dossier.event_id, verdict, None)
    assert take(desk, late) == [True]
    row = dossier_row(desk, dossier.id)
    assert (row["sync_state"], row["province_version"], row["province_status"]) == ("accepted", 1, 2)
    older = {**verdict, "verdict": "deferred", "waiting_for": []}
    take(desk, change("event.verdict", dossier.event_id, older, None))
    assert dossier_row(desk, dossier.id)["sync_state"] == "accepted"


def block(**changes: Any) -> dict[str, Any]:
    return {
        "block_id": new_id(), "kind": "dossier_code", "unit_code": "H60.1", "per": "day",
        "pattern": "{unit}-{yyMMdd}-{seq:4}", "valid_from": "2026-11-01", "valid_to": "2027-01-31",
        "seq_from": 1001, "seq_to": 1999, "state": "active", **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"seq_from": 5, "seq_to": 4},
        {"valid_to": "2026-10-01"},
        {"pattern": "{unit}-{seq:4}"},
        {"pattern": "{unit}-{yyMMdd}"},
        {"pattern": "{unit}-{yyMMdd}-{seq:4}-{name}"},
    ],
)
def test_a_block_that_could_give_a_number_twice_is_not_taken(desk: SyncDesk, changes: dict[str, Any]) -> None:
    assert take(desk, change("number_block.granted", "b", block(**changes), None)) == [False]
    with desk.store.read() as connection:
        assert held_blocks(connection) == []


def test_overlapping_blocks_are_not_taken_and_a_revoked_one_ends(desk: SyncDesk) -> None:
    first = block()
    over = block(valid_from="2027-01-31", valid_to="2027-03-01", seq_from=1999, seq_to=2100)
    after = block(valid_from="2027-02-01", valid_to="2027-03-01")
    changes = [change("number_block.granted", "b", each, None) for each in (first, over, after, first)]
    assert take(desk, *changes) == [True, False, True, True]
    assert take(desk, change("number_block.revoked", "b", first, None)) == [True]
    with desk.store.read() as connection:
        assert [each.block_id for each in held_blocks(connection)] == [after["block_id"]]


def test_the_outcome_of_an_account_request_reaches_its_case(desk: SyncDesk) -> None:
    dossier = receive(desk)
    with desk.store.write() as connection:
        connection.execute(
            tables.help_case.insert().values(
                id=new_id(), state="open", opened_at=MONDAY, changed_at=MONDAY, officer_id="cb-001",
                event_id=dossier.event_id,
            )
        )  # fmt: skip
    data = {"request_event_id": dossier.event_id, "outcome": "created"}
    stranger = {"request_event_id": new_id(), "outcome": "created"}
    outcomes = [change("account.outcome", "a", each, None) for each in (data, stranger)]
    assert take(desk, *outcomes) == [True, False]
    with desk.store.read() as connection:
        assert connection.execute(select(tables.help_case.c.province_outcome)).scalar_one() == "created"


TYPES = document()["components"]["schemas"]["ChangeType"]["enum"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = (
    "set",
    "to",
    "from",
    "code",
    "provisional_code",
    "new_due_at",
    "results",
    "severity",
    "text",
    "outcome",
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=4), st.booleans())
def test_no_data_of_a_province_gone_wrong_breaks_the_desk(
    desk: SyncDesk, kind: str, data: dict[str, Any], own: bool
) -> None:
    with desk.store.write() as connection:
        count = connection.execute(select(func.count()).select_from(tables.dossier)).scalar_one()
    subject = receive(desk, count + 1).id if own else new_id()
    taken = change(kind, subject, data)
    with desk.store.write() as connection:
        connection.execute(
            tables.change.insert().values(
                change_id=taken.change_id, type=kind, at=LATER, subject_kind="dossier", subject_id=subject,
                body={}, taken_at=MONDAY, applied=False,
            )
        )  # fmt: skip
        apply_change(Taken(connection, taken, MONDAY, UNITS))


def judged(desk: SyncDesk, verdict: str = "accepted") -> None:
    with desk.store.write() as connection:
        connection.execute(update(tables.event).values(verdict=verdict))
