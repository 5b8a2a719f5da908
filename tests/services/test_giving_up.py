"""An act the province sent back and nobody sends again: given up, told, kept as history (§3.4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.domain.dossier_status import Act
from app.domain.roles import Role
from app.errors import RuleError
from app.line import DeskLine
from app.models import tables
from app.services.desk import Desk
from app.services.finding.dossier_view import show_dossier
from app.services.from_province.giving_up import give_up
from app.services.from_province.resubmission import read_returned
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from tests.support.desk import birth, make_desk, officer
from tests.support.gateway import running_gateway

WHY = "Hồ sơ ở cổng khác đã ghi việc này."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.close()


def returned(desk: Desk, event_type: str) -> tuple[str, str]:
    """A dossier with one act, and the event of ``event_type`` sent back: number and event id."""
    taken = receive_dossier(desk, officer(desk), birth())
    do_act(desk, officer(desk), taken.number, ActOrder(Act.START))
    e = tables.event.c
    with desk.store.write() as connection:
        which = (e.dossier_id == taken.id) & (e.type == event_type)
        connection.execute(update(tables.event).where(which).values(verdict="rejected", tries=1))
        connection.execute(
            update(tables.event).where(e.verdict.is_(None)).values(verdict="accepted", tries=1)
        )
        return taken.number, str(connection.execute(select(e.event_id).where(which)).scalar_one())


def test_the_province_is_told_and_the_history_stays(desk: Desk) -> None:
    by = officer(desk)
    number, event_id = returned(desk, "dossier.progress")
    acts = [line.act for line in show_dossier(desk, by, number).history]
    sent = give_up(desk, by, event_id, f"  {WHY} ")
    e = tables.event.c
    with desk.store.read() as connection:
        old = connection.execute(select(tables.event).where(e.event_id == event_id)).mappings().one()
        new = connection.execute(select(tables.event).where(e.event_id == sent)).mappings().one()
    body = json.loads(new["body"])
    assert (body["type"], body["subject"]) == ("event.voided", {"kind": "event", "id": event_id})
    assert body["payload"] == {"voids": event_id, "reason": WHY} and "corrects" not in body
    assert old["answered_by"] == sent
    shown = show_dossier(desk, by, number)
    assert [line.act for line in shown.history] == [*acts, "given_up"]
    assert shown.sync == "waiting"
    with pytest.raises(RuleError) as again:
        read_returned(desk, by, event_id)
    assert again.value.code == "not-returned"


def test_what_made_the_dossier_is_not_given_up(desk: Desk) -> None:
    _, event_id = returned(desk, "dossier.received")
    with pytest.raises(RuleError) as refused:
        give_up(desk, officer(desk), event_id, WHY)
    assert refused.value.code == "cannot-give-up"


@pytest.mark.parametrize("reason", ["", "  ", "ok"])
def test_a_reason_is_asked_for_beside_its_field(desk: Desk, reason: str) -> None:
    _, event_id = returned(desk, "dossier.progress")
    with pytest.raises(RuleError) as refused:
        give_up(desk, officer(desk), event_id, reason)
    assert (refused.value.code, refused.value.field) == ("reason-missing", "reason")
    assert read_returned(desk, officer(desk), event_id).type == "dossier.progress"


def test_a_real_province_takes_it_and_both_sides_fit(desk: Desk, tmp_path: Path) -> None:
    """The progress of a dossier no province knows is refused there; given up, nothing is open any more."""
    by = officer(desk)
    with running_gateway(tmp_path / "gateway") as gateway:
        line = DeskLine(desk)
        line.enrol(gateway.url, gateway.enrolment_code("quay-2"), None)
        taken = receive_dossier(desk, by, birth())
        do_act(desk, by, taken.number, ActOrder(Act.START))
        line.sync()
        e = tables.event.c
        with desk.store.write() as connection:  # the word of a province that thinks otherwise
            which = (e.dossier_id == taken.id) & (e.type == "dossier.progress")
            connection.execute(update(tables.event).where(which).values(verdict="rejected"))
            event_id = str(connection.execute(select(e.event_id).where(which)).scalar_one())
        give_up(desk, by, event_id, WHY)
        told = line.sync()
    assert (told["waiting"], told["reconciled"]) == (0, True), told
    assert officer(desk).role is Role.RECEPTION
