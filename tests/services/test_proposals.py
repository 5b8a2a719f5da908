"""Open proposals over all dossiers: both values, nothing changed by looking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from app.clock import VIETNAM
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.finding.dossier_view import show_dossier
from app.services.finding.search import find
from app.services.from_province.proposals import (
    ACCEPTED,
    KEPT,
    accept_theirs,
    keep_ours,
    open_proposals,
    slip_after_accepting,
)
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import make_slip
from tests.printing import reading
from tests.support.desk import MONDAY, birth, make_desk, officer


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.close()


def propose(desk: Desk, dossier_id: str, minutes: int = 0, field: str = "/due_at") -> str:
    """A proposal as the receiver writes it."""
    at, change_id, made = MONDAY + timedelta(minutes=minutes), new_id(), new_id()
    with desk.store.write() as connection:
        connection.execute(
            insert(tables.change).values(
                change_id=change_id,
                type="dossier.due_date_changed",
                at=at,
                subject_kind="dossier",
                subject_id=dossier_id,
                body={},
                taken_at=at,
                applied=True,
            )
        )
        connection.execute(
            insert(tables.proposal).values(
                id=made,
                dossier_id=dossier_id,
                change_id=change_id,
                field=field,
                ours="2026-11-25T17:00:00+07:00",
                theirs="2026-11-26T17:00:00+07:00",
                made_at=at,
                state="open",
            )
        )
    return made


def test_open_ones_with_whose_they_are_oldest_first(desk: Desk) -> None:
    by = officer(desk)
    first, second = (receive_dossier(desk, by, birth()) for _ in range(2))
    later, sooner = propose(desk, first.id, 5), propose(desk, second.id, 1)
    found = open_proposals(desk, by)
    assert [each.id for each in found] == [sooner, later]
    assert found[1].number == first.number and found[1].owner_name == "Ma Thị Hường"
    assert found[1].procedure_name and found[1].field == "/due_at"
    assert (found[1].ours, found[1].theirs) == ("2026-11-25T17:00:00+07:00", "2026-11-26T17:00:00+07:00")
    assert open_proposals(desk, by, limit=1) == found[:1]


def test_decided_ones_are_gone(desk: Desk) -> None:
    by = officer(desk)
    case = propose(desk, receive_dossier(desk, by, birth()).id)
    with desk.store.write() as connection:
        connection.execute(update(tables.proposal).where(tables.proposal.c.id == case).values(state="kept"))
    assert open_proposals(desk, by) == ()


def test_the_role_is_asked(desk: Desk) -> None:
    from dataclasses import replace

    from app.domain.roles import Role

    with pytest.raises(RuleError) as refused:
        open_proposals(desk, replace(officer(desk), role=Role.AUDITOR))
    assert refused.value.code == "not-permitted"


def test_keeping_ours_changes_nothing_but_the_case(desk: Desk) -> None:
    by = officer(desk)
    made = receive_dossier(desk, by, birth())
    before = show_dossier(desk, by, made.number)
    case = propose(desk, made.id)
    keep_ours(desk, by, case)
    after = show_dossier(desk, by, made.number)
    assert open_proposals(desk, by) == ()
    assert (after.due_at, after.due_reason, after.sync) == (before.due_at, before.due_reason, before.sync)
    assert after.history[-1].act == KEPT and after.history[-1].detail["theirs"].startswith("2026-11-26")
    assert [each.state for each in after.proposals] == ["kept"]


def test_accepting_a_due_date_keeps_both_and_the_new_slip_names_the_old(desk: Desk) -> None:
    by = officer(desk)
    made = receive_dossier(desk, by, birth())
    first = make_slip(desk, by, made.id)
    assert accept_theirs(desk, by, propose(desk, made.id)) is True
    shown = show_dossier(desk, by, made.number)
    assert shown.due_at == datetime(2026, 11, 26, 17, 0, tzinfo=VIETNAM)
    assert "tỉnh đề xuất" in shown.due_reason and "25/11/2026" in shown.due_reason
    assert shown.history[-1].act == ACCEPTED and shown.sync == "waiting"
    slip = slip_after_accepting(desk, by, made.id)
    words = reading.words(slip.pdf)
    assert f"Thay thế phiếu in ngày 23/11/2026, lần {first.copy_no}" in words and "26/11/2026" in words


def test_accepting_a_name_is_found_by_it(desk: Desk) -> None:
    by = officer(desk)
    made = receive_dossier(desk, by, birth())
    case = propose(desk, made.id, field="/owner/full_name")
    with desk.store.write() as connection:
        connection.execute(
            update(tables.proposal)
            .where(tables.proposal.c.id == case)
            .values(ours="Ma Thị Hường", theirs="MA THỊ HƯƠNG")
        )
    assert accept_theirs(desk, by, case) is False
    assert show_dossier(desk, by, made.number).owner.name == "Ma Thị Hương"
    assert find(desk, by, "Ma Thị Hương").results[0].id == made.id


@pytest.mark.parametrize(
    ("field", "theirs"),
    [("/status", 4), ("/code", "H60-1"), ("/due_at", "mai"), ("/owner/date_of_birth", "1998")],
)
def test_what_cannot_be_taken_over_stays_open(desk: Desk, field: str, theirs: object) -> None:
    by = officer(desk)
    made = receive_dossier(desk, by, birth())
    case = propose(desk, made.id, field=field)
    with desk.store.write() as connection:
        connection.execute(update(tables.proposal).where(tables.proposal.c.id == case).values(theirs=theirs))
    before = show_dossier(desk, by, made.number)
    with pytest.raises(RuleError) as refused:
        accept_theirs(desk, by, case)
    assert refused.value.code == "proposal-not-acceptable"
    after = show_dossier(desk, by, made.number)
    assert (after.status, after.due_at, after.history) == (before.status, before.due_at, before.history)
    assert len(open_proposals(desk, by)) == 1


def test_a_case_is_decided_once(desk: Desk) -> None:
    by = officer(desk)
    case = propose(desk, receive_dossier(desk, by, birth()).id)
    keep_ours(desk, by, case)
    for decide in (keep_ours, accept_theirs):
        with pytest.raises(RuleError) as refused:
            decide(desk, by, case)
        assert refused.value.code == "proposal-decided"
    with pytest.raises(NotFoundError):
        keep_ours(desk, by, "khong-co")
