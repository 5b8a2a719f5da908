"""What is offered is what may be done: for every status, holder, role and hand-over; and two at one desk."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import func, select

from app.clock import FixedClock
from app.domain.dossier_status import STEPS, Act, Status
from app.errors import RuleError
from app.models import tables
from app.models.life_tables import payment
from app.services.desk import write_setting
from app.services.extensions import EXTENSIONS_SETTING
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act, do_act_within, note_arrival, offered_acts
from app.services.life.doing import Paying
from app.services.people.delegation import delegate
from tests.support.desk import MONDAY, birth, make_desk, officer

WORDS = {"reason": "Đủ lý do", "items": ("Giấy chứng sinh",), "amount_vnd": 5000, "to_unit": "02350"}
ASKS = {Act.EXTEND: {**WORDS, "due_at": MONDAY + timedelta(days=15)}}
OWN, OTHER = "02221", "02350"


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


@pytest.fixture
def number(desk):
    return receive_dossier(desk, officer(desk), birth(procedure_code="1.004884", register_only=True)).number


class _Undo(Exception):  # noqa: N818
    """Takes back what an act would do."""


def allowed(desk, by, number, act):
    """Whether the service does it; what was done is taken back."""
    dossier_id = show_dossier(desk, by, number, audited=False).id
    try:
        with desk.store.write() as connection:
            do_act_within(connection, desk, by, dossier_id, ActOrder(act, **ASKS.get(act, WORDS)))
            raise _Undo
    except _Undo:
        return True
    except RuleError as error:
        assert error.title
        assert error.next_step
        return False


@pytest.mark.parametrize("login", ["canbo", "lanhdao"])
@pytest.mark.parametrize("holder", [OWN, OTHER])
def test_offered_is_allowed_and_the_rest_is_refused(desk, number, login, holder):
    by = officer(desk, login)
    for status in Status:
        with desk.store.write() as connection:
            connection.execute(tables.dossier.update().values(status=int(status), custodian_unit=holder))
        offered = offered_acts(desk, by, number)
        assert (offered.status, offered.held) == (status, holder == OWN)
        does = tuple(act for act in Act if allowed(desk, by, number, act))
        assert offered.acts == does, (status, login, holder)


def test_extensions_dates_and_hand_overs_close_acts(desk, number, clock):
    by = officer(desk)
    do_act(desk, by, number, ActOrder(Act.ACCEPT))
    assert Act.EXTEND in offered_acts(desk, by, number).acts
    do_act(desk, by, number, ActOrder(Act.EXTEND, **ASKS[Act.EXTEND]))
    offered = offered_acts(desk, by, number)
    assert Act.EXTEND not in offered.acts
    assert (offered.extensions_used, offered.extensions_allowed) == (1, 1)
    with desk.store.write() as connection:
        write_setting(connection, EXTENSIONS_SETTING, 2)
    assert Act.EXTEND in offered_acts(desk, by, number).acts
    do_act(desk, by, number, ActOrder(Act.TRANSFER, to_unit=OTHER))
    offered = offered_acts(desk, by, number)
    assert offered.pending is not None
    assert (offered.pending.to, offered.pending.name) == (OTHER, "UBND xã Kim Bình")
    assert not offered.arriving
    assert Act.TRANSFER not in offered.acts
    clock.advance(timedelta(days=60))
    offered = offered_acts(desk, by, number)
    assert offered.overdue
    assert Act.EXTEND not in offered.acts


def test_what_is_owed_comes_from_the_receipts_that_stand(desk, number):
    by = officer(desk)
    do_act(desk, by, number, ActOrder(Act.ACCEPT))
    do_act(desk, by, number, ActOrder(Act.REQUEST_FEE, amount_vnd=50000))
    assert offered_acts(desk, by, number).unpaid_vnd == 50000
    assert show_dossier(desk, by, number).unpaid_vnd == 50000
    do_act(desk, by, number, ActOrder(Act.PAY, amount_vnd=50000))
    assert offered_acts(desk, by, number).unpaid_vnd == 0


def test_a_deputy_is_offered_what_he_signs_for(desk, number):
    by = officer(desk)
    do_act(desk, by, number, ActOrder(Act.ACCEPT))
    do_act(desk, by, number, ActOrder(Act.WITHDRAW))
    assert not offered_acts(desk, by, number).leader
    assert Act.REOPEN not in offered_acts(desk, by, number).acts
    delegate(desk, officer(desk, "lanhdao"), by.id, MONDAY.date(), MONDAY.date(), "nghỉ phép")
    assert offered_acts(desk, by, number).leader
    assert Act.REOPEN in offered_acts(desk, by, number).acts


def custody_changed(desk, to, name):
    """What sync writes when the province says that another unit took the dossier over."""
    with desk.store.write() as connection:
        dossier_id = connection.execute(select(tables.dossier.c.id)).scalar_one()
        connection.execute(tables.dossier.update().values(custodian_unit=to))
        connection.execute(
            tables.history.insert().values(
                dossier_id=dossier_id,
                act="custody_changed",
                at=MONDAY,
                recorded_at=MONDAY,
                by_name="Tỉnh",
                detail={"to": to, "name": name},
            )
        )


def test_a_dossier_goes_away_and_comes_back_by_hand_overs_that_stay_written(desk, number):
    by = officer(desk)
    do_act(desk, by, number, ActOrder(Act.ACCEPT))
    with pytest.raises(RuleError) as error:
        note_arrival(desk, by, number)
    assert error.value.code == "arrival-own"
    do_act(desk, by, number, ActOrder(Act.TRANSFER, to_unit=OTHER))
    custody_changed(desk, OTHER, "UBND xã Kim Bình")
    offered = offered_acts(desk, by, number)
    assert (offered.pending, offered.held, offered.holder) == (None, False, "UBND xã Kim Bình")
    assert not allowed(desk, by, number, Act.ACCEPT_CUSTODY)
    note_arrival(desk, by, number, "Bảng kê số 3")
    with pytest.raises(RuleError) as error:
        note_arrival(desk, by, number)
    assert error.value.code == "transfer-pending"
    assert offered_acts(desk, by, number).arriving
    do_act(desk, by, number, ActOrder(Act.ACCEPT_CUSTODY))
    offered = offered_acts(desk, by, number)
    assert (offered.held, offered.pending, offered.arriving) == (True, None, False)
    moves = [line.act for line in show_dossier(desk, by, number).history][-4:]
    assert moves == ["transfer", "custody_changed", "arriving", "accept-custody"]


def test_two_officers_on_one_dossier_the_second_is_told(desk, number, tmp_path, clock):
    """Two programs on one folder: one reads, the other acts, the first acts on what it saw."""
    other = make_desk(tmp_path, clock)
    try:
        one, two = officer(desk), officer(other, "lanhdao")
        do_act(desk, one, number, ActOrder(Act.ACCEPT))
        seen = offered_acts(other, two, number).acts
        assert Act.COMPLETE in seen
        do_act(desk, one, number, ActOrder(Act.WITHDRAW))
        rows = _history(other)
        with pytest.raises(RuleError) as error:
            do_act(other, two, number, ActOrder(Act.COMPLETE))
        assert "Công dân yêu cầu rút hồ sơ" in error.value.title
        assert error.value.next_step
        assert _history(desk) == rows
        assert do_act(other, two, number, ActOrder(Act.STOP, reason="Rút")).status is Status.STOPPED
    finally:
        other.close()


def test_a_clock_set_back_blocks_nobody(desk, number, clock):
    """The dossier came while the clock stood three days ahead; today's acts follow it in order (I14)."""
    by = officer(desk)
    clock.advance(timedelta(days=3))
    do_act(desk, by, number, ActOrder(Act.ACCEPT))
    ahead = clock.now()
    clock.advance(timedelta(days=-3))
    do_act(desk, by, number, ActOrder(Act.START))
    do_act(desk, by, number, ActOrder(Act.COMPLETE))
    lines = show_dossier(desk, by, number).history[-2:]
    assert [line.at for line in lines] == [ahead, ahead]
    assert [line.recorded_at for line in lines] == [MONDAY, MONDAY]
    with pytest.raises(RuleError) as error:
        do_act(desk, by, number, ActOrder(Act.RETURN, at=MONDAY))
    assert (error.value.code, error.value.field) == ("act-before-last", "at")


def test_a_refused_act_leaves_nothing_in_a_transaction_that_goes_on(desk):
    by = officer(desk)
    one, two = (receive_dossier(desk, by, birth()).id for _ in range(2))
    with desk.store.write() as connection:
        with pytest.raises(RuleError):
            do_act_within(connection, desk, by, one, ActOrder(Act.RETURN))
        with pytest.raises(RuleError):
            paying = Paying(reference="x" * 101)
            do_act_within(connection, desk, by, one, ActOrder(Act.PAY, amount_vnd=5000, paying=paying))
        do_act_within(connection, desk, by, two, ActOrder(Act.PAY, amount_vnd=5000))
        do_act_within(connection, desk, by, two, ActOrder(Act.COMPLETE))
        receipts = connection.execute(select(payment.c.number)).scalars().all()
    assert receipts == [1], "a refused payment leaves no gap in the book"
    assert show_dossier(desk, by, one).status is Status.RECEIVED
    assert show_dossier(desk, by, two).status is Status.COMPLETED


def test_every_status_and_act_is_one_of_the_steps():
    pairs = [(act, status) for act, status in product(Act, Status) if status in STEPS[act]]
    assert len(pairs) == sum(len(steps) for steps in STEPS.values())


def _history(desk):
    with desk.store.read() as connection:
        return connection.execute(select(func.count()).select_from(tables.history)).scalar_one()
