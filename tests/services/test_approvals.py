"""Laying an act before the leader: asked without an event, signed in one commit with the act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.clock import FixedClock
from app.domain.dossier_status import Act, Status
from app.domain.roles import Role
from app.errors import AppError, NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import result_document
from app.printing.field_list import draw_field_list
from app.services.audit.verify import verify_audit
from app.services.desk import Desk
from app.services.field.session import open_session, session_list
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, ResultPaper, do_act
from app.services.people.access import add_officer
from app.services.people.approvals import (
    approvals_of,
    approve,
    ask_approval,
    decline,
    take_back,
    waiting_approvals,
)
from app.services.people.delegation import delegate
from tests.support.desk import MONDAY, birth, make_desk, officer

STOP = ActOrder(Act.STOP, reason="Trùng với hồ sơ đã giải quyết")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    opened = make_desk(tmp_path, clock)
    yield opened
    opened.close()


def processing(desk: Desk) -> str:
    number = receive_dossier(desk, officer(desk), birth()).number
    do_act(desk, officer(desk), number, ActOrder(Act.START))
    return number


def counts(desk: Desk) -> tuple[int, int]:
    with desk.store.read() as connection:
        return (
            connection.execute(select(func.count()).select_from(tables.event)).scalar_one(),
            connection.execute(select(func.count()).select_from(tables.history)).scalar_one(),
        )


def lines(desk: Desk, number: str) -> list[str]:
    return [line.act for line in show_dossier(desk, officer(desk), number, audited=False).history]


def status(desk: Desk, number: str) -> Status:
    return show_dossier(desk, officer(desk), number, audited=False).status


def refused(call, *args, **named) -> RuleError:  # type: ignore[no-untyped-def]
    with pytest.raises(RuleError) as told:
        call(*args, **named)
    assert told.value.title.endswith(".") and told.value.next_step.endswith(".")
    return told.value


def test_asked_then_signed(desk: Desk, clock: FixedClock) -> None:
    by, leader, number = officer(desk), officer(desk, "lanhdao"), processing(desk)
    events, _ = counts(desk)
    laid = ask_approval(desk, by, number, STOP, "Đã gọi công dân")
    assert (laid.state, laid.asked_by, laid.number) == ("waiting", by.name, number)
    assert counts(desk)[0] == events, "asking tells the province nothing"
    assert status(desk, number) is Status.PROCESSING
    assert waiting_approvals(desk, leader) == (laid,)
    clock.advance(timedelta(hours=1))
    done = approve(desk, leader, laid.id)
    assert done.status is Status.STOPPED
    assert counts(desk)[0] == events + 1
    shown = show_dossier(desk, by, number, audited=False)
    assert [line.act for line in shown.history][-3:] == ["approval_asked", "stop", "approved"]
    assert shown.history[-2].by == leader.name
    assert shown.history[-1].detail["asked_by"] == by.name
    assert waiting_approvals(desk, leader) == ()
    kept = approvals_of(desk, by, number)[0]
    assert (kept.state, kept.decided_by, kept.decided_at) == ("approved", leader.name, clock.now())
    assert verify_audit(desk, leader).ok


def test_signed_once(desk: Desk) -> None:
    leader, number = officer(desk, "lanhdao"), processing(desk)
    laid = ask_approval(desk, officer(desk), number, STOP)
    approve(desk, leader, laid.id)
    before = counts(desk)
    assert refused(approve, desk, leader, laid.id).code == "approval-decided"
    assert refused(decline, desk, leader, laid.id, "x").code == "approval-decided"
    assert refused(take_back, desk, officer(desk), laid.id).code == "approval-decided"
    assert counts(desk) == before


def test_declined_with_words(desk: Desk) -> None:
    by, leader, number = officer(desk), officer(desk, "lanhdao"), processing(desk)
    laid = ask_approval(desk, by, number, STOP)
    assert refused(decline, desk, leader, laid.id, " ").field == "words"
    back = decline(desk, leader, laid.id, "Ghi rõ số hồ sơ trùng")
    assert (back.state, back.answer) == ("declined", "Ghi rõ số hồ sơ trùng")
    assert status(desk, number) is Status.PROCESSING
    assert lines(desk, number)[-1] == "declined"
    again = ask_approval(desk, by, number, STOP)
    assert again.id != laid.id


def test_taken_back_by_who_asked(desk: Desk) -> None:
    by, leader, number = officer(desk), officer(desk, "lanhdao"), processing(desk)
    laid = ask_approval(desk, by, number, STOP)
    assert refused(take_back, desk, leader, laid.id).code == "not-permitted"
    assert take_back(desk, by, laid.id).state == "taken_back"
    assert refused(approve, desk, leader, laid.id).code == "approval-decided"
    assert waiting_approvals(desk, by) == ()


def test_only_who_leads_signs_and_the_deputy_on_his_days(desk: Desk, clock: FixedClock) -> None:
    by, leader, number = officer(desk), officer(desk, "lanhdao"), processing(desk)
    laid = ask_approval(desk, by, number, STOP)
    assert refused(approve, desk, by, laid.id).code == "not-permitted"
    assert refused(decline, desk, by, laid.id, "x").code == "not-permitted"
    assert waiting_approvals(desk, by) == (laid,), "one's own are seen"
    delegate(desk, leader, by.id, MONDAY.date(), MONDAY.date(), "đi họp")
    clock.advance(timedelta(days=1))
    assert refused(approve, desk, by, laid.id).code == "not-permitted"
    clock.advance(-timedelta(days=1))
    before = counts(desk)
    assert refused(approve, desk, by, laid.id).code == "approval-own", "nobody signs what he asked for"
    assert counts(desk) == before and waiting_approvals(desk, by) == (laid,)
    colleague = add_officer(desk, officer(desk, "quantri"), "yen2", "Lục Thị Én", Role.PROCESSING).officer
    take_back(desk, by, laid.id)
    laid = ask_approval(desk, colleague, number, STOP)
    assert approve(desk, by, laid.id).status is Status.STOPPED


def test_a_leader_does_not_sign_what_he_laid_himself(desk: Desk) -> None:
    leader, number = officer(desk, "lanhdao"), processing(desk)
    laid = ask_approval(desk, leader, number, STOP)
    assert refused(approve, desk, leader, laid.id).code == "approval-own"
    assert status(desk, number) is Status.PROCESSING
    assert decline(desk, leader, laid.id, "Trình nhầm").state == "declined"


def test_reopening_is_signed_by_the_leader(desk: Desk) -> None:
    by, leader, number = officer(desk), officer(desk, "lanhdao"), processing(desk)
    do_act(desk, by, number, ActOrder(Act.COMPLETE, result_no="15/2026"))
    assert refused(do_act, desk, by, number, ActOrder(Act.REOPEN, reason="Sai tên")).code == "not-permitted"
    laid = ask_approval(desk, by, number, ActOrder(Act.REOPEN, reason="Sai tên cha"))
    assert approve(desk, leader, laid.id).status is Status.PROCESSING


def test_what_could_not_be_done_is_not_laid(desk: Desk) -> None:
    by, number = officer(desk), processing(desk)
    before = counts(desk)
    late = ActOrder(Act.EXTEND, reason="Chờ xác minh", due_at=MONDAY - timedelta(days=3))
    assert refused(ask_approval, desk, by, number, late).field == "due"
    assert refused(ask_approval, desk, by, number, ActOrder(Act.STOP)).field == "reason"
    assert refused(ask_approval, desk, by, number, ActOrder(Act.REOPEN, reason="x")).field == "act"
    assert refused(ask_approval, desk, by, number, ActOrder(Act.PAY)).code == "approval-not-needed"
    with pytest.raises(NotFoundError):
        ask_approval(desk, by, "H00-1", STOP)
    assert counts(desk) == before
    assert waiting_approvals(desk, officer(desk, "lanhdao")) == ()


def test_the_try_out_leaves_nothing_behind(desk: Desk) -> None:
    number = processing(desk)
    with desk.store.read() as connection:
        before = connection.execute(select(tables.stream.c.last_seq, tables.stream.c.chain)).all()
    due = MONDAY + timedelta(days=10)
    ask_approval(desk, officer(desk), number, ActOrder(Act.EXTEND, reason="Chờ xác minh", due_at=due))
    with desk.store.read() as connection:
        assert connection.execute(select(tables.stream.c.last_seq, tables.stream.c.chain)).all() == before
    assert "extend" not in lines(desk, number)


def test_one_request_of_a_kind_at_a_time(desk: Desk) -> None:
    by, number = officer(desk), processing(desk)
    ask_approval(desk, by, number, STOP)
    assert refused(ask_approval, desk, by, number, STOP).code == "approval-waiting"
    assert ask_approval(desk, by, number, ActOrder(Act.COMPLETE, result_no="1")).state == "waiting"
    assert len(waiting_approvals(desk, by)) == 2


def test_overtaken_it_waits_on_and_says_so(desk: Desk) -> None:
    by, leader, number = officer(desk), officer(desk, "lanhdao"), processing(desk)
    laid = ask_approval(desk, by, number, ActOrder(Act.COMPLETE, result_no="1"))
    do_act(desk, by, number, ActOrder(Act.WITHDRAW))
    before = counts(desk)
    assert refused(approve, desk, leader, laid.id).code == "illegal-transition"
    assert counts(desk) == before, "a signature without its act is not kept"
    (waits,) = waiting_approvals(desk, leader)
    assert not waits.possible
    assert decline(desk, leader, laid.id, "Công dân đã rút").state == "declined"


def test_the_order_comes_back_as_it_was_typed(desk: Desk) -> None:
    due = MONDAY + timedelta(days=14)
    order = ActOrder(Act.EXTEND, reason="Chờ cơ quan khác trả lời", due_at=due)
    laid = ask_approval(desk, officer(desk), processing(desk), order, "Kính trình")
    assert laid.order == order
    assert laid.words == "Kính trình"


def test_a_result_laid_with_its_paper_keeps_it(desk: Desk, tmp_path: Path) -> None:
    by, leader, number = officer(desk), officer(desk, "lanhdao"), processing(desk)
    scan = tmp_path / "ket-qua.pdf"
    scan.write_bytes(draw_field_list(session_list(desk, by, open_session(desk, by, "Nà Mẫu").id)))
    paper = ResultPaper(book="Sổ 01", signer="Nguyễn Thị Vân", file=scan)
    order = ActOrder(Act.COMPLETE, result_no="118/2026", result=paper)
    laid = ask_approval(desk, by, number, order)
    assert laid.order == order
    with desk.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(result_document)).scalar_one() == 0
    approve(desk, leader, laid.id)
    with desk.store.read() as connection:
        kept = connection.execute(select(result_document)).mappings().one()
    assert (kept["number"], kept["book"], kept["signer"]) == ("118/2026", "Sổ 01", "Nguyễn Thị Vân")
    assert kept["sha256"]


def test_a_paper_gone_meanwhile_signs_nothing(desk: Desk, tmp_path: Path) -> None:
    by, leader, number = officer(desk), officer(desk, "lanhdao"), processing(desk)
    scan = tmp_path / "ket-qua.pdf"
    scan.write_bytes(draw_field_list(session_list(desk, by, open_session(desk, by, "Nà Mẫu").id)))
    laid = ask_approval(
        desk, by, number, ActOrder(Act.COMPLETE, result_no="9", result=ResultPaper(file=scan))
    )
    scan.unlink()
    before = counts(desk)
    with pytest.raises(AppError) as told:
        approve(desk, leader, laid.id)
    assert told.value.next_step
    assert counts(desk) == before and status(desk, number) is Status.PROCESSING
    assert len(waiting_approvals(desk, leader)) == 1
