"""Open proposals over all dossiers: both values, nothing changed by looking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from app.errors import RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.proposals import open_proposals
from app.services.reception import receive_dossier
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
