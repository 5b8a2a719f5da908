"""The evidence page of a real dossier: a line that was down, a gateway that answered late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.dossier_status import Act
from app.domain.roles import Role
from app.errors import NotFoundError, RuleError
from app.line import DeskLine, sync_desk
from app.models import tables
from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.papers.evidence import FORM, evidence, print_evidence
from app.services.papers.slips import kept_paper
from app.sync.round import run_round
from tests.printing import reading
from tests.support.desk import MONDAY, birth, make_desk, officer
from tests.support.gateway import running_gateway


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    made = make_desk(tmp_path, clock)
    yield made
    made.close()


def finish(desk: Desk, clock: FixedClock, number: str) -> None:
    """Started, paused for two hours, done; a minute or more apart."""
    by = officer(desk)
    clock.at = MONDAY + timedelta(minutes=10)
    do_act(desk, by, number, ActOrder(Act.START))
    clock.at = MONDAY + timedelta(minutes=20)
    do_act(desk, by, number, ActOrder(Act.REQUEST_SUPPLEMENT, items=("Giấy chứng sinh",)))
    clock.at = MONDAY + timedelta(hours=2)
    do_act(desk, by, number, ActOrder(Act.SUPPLEMENT))
    clock.at = MONDAY + timedelta(hours=3)
    do_act(desk, by, number, ActOrder(Act.COMPLETE, result_no="25/2026"))


def test_a_line_that_was_down_past_the_due_date(desk: Desk, clock: FixedClock, tmp_path: Path) -> None:
    """Done in time at the counter, answered only days later: the page has both and the fruitless tries."""
    made = receive_dossier(desk, officer(desk), birth())
    with running_gateway(tmp_path / "gateway") as gateway:
        DeskLine(desk).enrol(gateway.url, gateway.enrolment_code("quay-2"), None)
        gateway.kill()
        finish(desk, clock, made.number)
        for hour in (4, 5):
            clock.at = MONDAY + timedelta(hours=hour)
            run_round(sync_desk(desk))
        before = evidence(desk, officer(desk), made.number)
        assert [each.answer for each in before.events] == [""] * 5
        assert before.gaps[0].until is None and before.gaps[0].tries == 2
        gateway.start()
        clock.at = MONDAY + timedelta(days=4)
        run_round(sync_desk(desk))
    told = evidence(desk, officer(desk), made.number)
    assert told.events[0].words == "Tiếp nhận" and told.events[0].begins
    assert all(each.answer == "Tỉnh đã nhận" and each.tries >= 1 for each in told.events)
    [gap] = told.gaps
    assert (gap.since, gap.until) == (MONDAY + timedelta(hours=4), MONDAY + timedelta(days=4))
    assert gap.words.startswith("Chưa nối được với tỉnh")
    [pause] = told.pauses
    assert (pause.since, pause.until) == (MONDAY + timedelta(minutes=20), MONDAY + timedelta(hours=2))
    end = told.end_event
    assert end is not None and end.occurred_at == MONDAY + timedelta(hours=3)
    assert told.late_words in ("Trước hạn", "Đúng hạn")
    with desk.store.read() as connection:
        e = tables.event.c
        kept = connection.execute(
            select(e.desk_seq, e.digest, e.chain, e.epoch, e.verdict_at)
            .where(e.dossier_id == made.id)
            .order_by(e.desk_seq)
        ).all()
    shown = [(x.seq, x.digest, x.chain, told.streams[x.stream - 1], x.answered_at) for x in told.events]
    assert shown == [tuple(row) for row in kept]


def test_before_any_try_nothing_is_claimed(desk: Desk) -> None:
    made = receive_dossier(desk, officer(desk), birth())
    told = evidence(desk, officer(desk), made.number)
    assert told.rounds_since is None and told.gaps == () and told.pauses == ()
    assert [each.offset_ms for each in told.events] == [None]
    assert told.end_event is None and told.late_words == "" and not told.known_late


def test_a_refusal_is_told_as_such_and_never_as_taken(desk: Desk) -> None:
    made = receive_dossier(desk, officer(desk), birth())
    with desk.store.write() as connection:
        connection.execute(
            tables.event.update()
            .where(tables.event.c.dossier_id == made.id)
            .values(verdict="rejected", verdict_at=MONDAY, tries=1, last_word="Số này đã có ở tỉnh.")
        )
    [told] = evidence(desk, officer(desk), made.number).events
    assert told.answer == "Tỉnh chưa nhận: Số này đã có ở tỉnh."


def test_the_page_is_kept_counted_and_in_the_log(desk: Desk) -> None:
    made = receive_dossier(desk, officer(desk), birth())
    first = print_evidence(desk, officer(desk), made.number)
    again = print_evidence(desk, officer(desk), made.number)
    assert (first.form, first.copy_no, again.copy_no) == (FORM, 1, 2)
    assert kept_paper(desk, officer(desk), first.job_id) == first.pdf
    assert "In lại lần 1" in reading.words(again.pdf)
    with desk.store.read() as connection:
        a = tables.audit.c
        acts = connection.execute(
            select(a.act, a.record_id).where(a.act == "print", a.record_id == made.id)
        ).all()
    assert len(acts) == 2


def test_who_may_not_print_and_a_number_nobody_has(desk: Desk) -> None:
    made = receive_dossier(desk, officer(desk), birth())
    with pytest.raises(RuleError):
        evidence(desk, replace(officer(desk), role=Role.AUDITOR), made.number)
    with pytest.raises(NotFoundError):
        evidence(desk, officer(desk), "TN-khong-co")
