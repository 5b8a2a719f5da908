"""A leader on leave lets another sign, for stated days only."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.clock import FixedClock
from app.domain.roles import Officer, Permission, Role
from app.errors import NotFoundError, RuleError
from app.services.audit.verify import verify_audit
from app.services.desk import Desk
from app.services.people.access import add_officer
from app.services.people.delegation import (
    delegate,
    end_delegation,
    leader_behind,
    list_delegations,
    may_lead,
    set_signer_title,
    signer_title,
    signs_for,
)
from tests.support.desk import MONDAY, make_desk, officer

TODAY = MONDAY.date()
FRIDAY = TODAY + timedelta(days=4)


def _signs(desk: Desk, who: Officer, day: date) -> str | None:
    with desk.store.read() as connection:
        return signs_for(connection, who.id, day)


def test_deputy_signs_on_the_stated_days_only(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    leader, deputy = officer(desk, "lanhdao"), officer(desk)
    delegate(desk, leader, deputy.id, TODAY, FRIDAY, "nghỉ phép")
    days = {day: _signs(desk, deputy, day) for day in (TODAY - timedelta(1), TODAY, FRIDAY)}
    assert days == {TODAY - timedelta(1): None, TODAY: leader.id, FRIDAY: leader.id}
    assert _signs(desk, deputy, FRIDAY + timedelta(1)) is None
    assert _signs(desk, officer(desk, "quantri"), TODAY) is None


def test_deputy_has_the_leaders_word_and_nothing_else_of_him(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    leader, deputy = officer(desk, "lanhdao"), officer(desk)
    with desk.store.read() as connection, pytest.raises(RuleError):
        leader_behind(connection, deputy, Permission.REOPEN, TODAY)
    assert not may_lead(desk, deputy)
    delegate(desk, leader, deputy.id, TODAY, FRIDAY, "nghỉ phép")
    assert may_lead(desk, deputy)
    with desk.store.read() as connection:
        assert leader_behind(connection, deputy, Permission.REOPEN, TODAY) == leader.id
        assert leader_behind(connection, leader, Permission.REOPEN, TODAY) == leader.id
        with pytest.raises(RuleError):
            leader_behind(connection, deputy, Permission.READ_AUDIT, TODAY)
        with pytest.raises(RuleError):
            leader_behind(connection, deputy, Permission.OVERRIDE, FRIDAY + timedelta(1))


def test_taken_back_it_holds_no_more(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    leader, deputy = officer(desk, "lanhdao"), officer(desk)
    given = delegate(desk, leader, deputy.id, TODAY, FRIDAY, "nghỉ phép")
    with pytest.raises(RuleError):
        end_delegation(desk, deputy, given.id)
    ended = end_delegation(desk, leader, given.id)
    assert ended.ended_at == MONDAY
    assert end_delegation(desk, leader, given.id) == ended
    assert _signs(desk, deputy, TODAY) is None
    assert list_delegations(desk, leader) == ()
    assert list_delegations(desk, leader, all_of_them=True) == (ended,)
    assert verify_audit(desk, leader).ok


def test_days_that_overlap_are_given_once(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    leader = officer(desk, "lanhdao")
    delegate(desk, leader, officer(desk).id, TODAY, FRIDAY, "nghỉ phép")
    admin = officer(desk, "quantri")
    other = add_officer(desk, admin, "tu", "Triệu Văn Tú", Role.PROCESSING).officer
    with pytest.raises(RuleError) as refused:
        delegate(desk, leader, other.id, FRIDAY, FRIDAY, "đi họp")
    assert refused.value.code == "delegation-twice"
    delegate(desk, leader, other.id, FRIDAY + timedelta(1), FRIDAY + timedelta(2), "đi họp")


@pytest.mark.parametrize(
    ("start", "end", "reason", "field"),
    [
        (-1, 3, "nghỉ", "from_day"),
        (2, 1, "nghỉ", "to_day"),
        (0, 400, "nghỉ", "to_day"),
        (0, 1, "  ", "reason"),
    ],
)
def test_wrong_days_and_no_reason_are_told(
    tmp_path: Path, start: int, end: int, reason: str, field: str
) -> None:
    desk = make_desk(tmp_path)
    with pytest.raises(RuleError) as refused:
        delegate(
            desk,
            officer(desk, "lanhdao"),
            officer(desk).id,
            TODAY + timedelta(start),
            TODAY + timedelta(end),
            reason,
        )
    assert refused.value.field == field


def test_only_a_leader_delegates_and_only_to_who_can(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    leader, clerk = officer(desk, "lanhdao"), officer(desk)
    with pytest.raises(RuleError):
        delegate(desk, clerk, leader.id, TODAY, FRIDAY, "x")
    for who in (leader.id, officer(desk, "quantri").id):
        with pytest.raises(RuleError) as refused:
            delegate(desk, leader, who, TODAY, FRIDAY, "x")
        assert refused.value.field == "deputy"
    with pytest.raises(NotFoundError):
        delegate(desk, leader, "nobody", TODAY, FRIDAY, "x")


def test_a_delegation_runs_out_by_itself(tmp_path: Path) -> None:
    clock = FixedClock(MONDAY)
    desk = make_desk(tmp_path, clock)
    deputy = officer(desk)
    delegate(desk, officer(desk, "lanhdao"), deputy.id, TODAY, TODAY, "đi họp")
    assert may_lead(desk, deputy)
    clock.at = MONDAY + timedelta(days=1)
    assert not may_lead(desk, deputy)


def test_title_above_the_signature_is_the_offices_own(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    assert signer_title(desk, deputy=True) == ""
    set_signer_title(desk, officer(desk, "quantri"), "KT. CHỦ TỊCH", deputy=True)
    assert signer_title(desk, deputy=True) == "KT. CHỦ TỊCH"
    assert signer_title(desk, deputy=False) == ""
    with pytest.raises(RuleError):
        set_signer_title(desk, officer(desk), "x", deputy=True)
