"""Dated tariff: the office's lines over the catalogue, by day and channel; exemptions are chosen."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.domain.catalogue import Channel, FeeRule
from app.domain.tariff import TariffLine, amount_of, line_for
from app.errors import RuleError
from app.models import tables
from app.services.intake.reception import receive_dossier, reckon
from app.services.money import payments
from app.services.money.tariff import TariffEntry, enter_tariff, tariff_lines
from app.services.papers.slips import receipt_slip
from tests.support.desk import MONDAY, birth, make_desk, officer

BIRTH = "1.001193"
BASIS = "NQ số 12/2026/NQ-HĐND (số liệu thử)"
POOR = "hộ nghèo"


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def enter(desk, login="lanhdao", **changes):
    entry = {
        "procedure_code": BIRTH,
        "fee_code": "LP",
        "amount_vnd": 8000,
        "basis": BASIS,
        "effective_from": date(2026, 1, 1),
        **changes,
    }
    return enter_tariff(desk, officer(desk, login), TariffEntry(**entry))


def fee_of(desk, **changes):
    received = receive_dossier(desk, officer(desk), birth(**changes))
    with desk.store.read() as connection:
        fees = connection.execute(select(tables.fee).where(tables.fee.c.dossier_id == received.id)).mappings()
        row = connection.execute(select(tables.dossier).where(tables.dossier.c.id == received.id)).mappings()
        return received, fees.one(), row.one()


def refused(call, *args, **more):
    with pytest.raises(RuleError) as error:
        call(*args, **more)
    assert error.value.title and error.value.next_step
    return error.value


def test_without_a_line_the_amount_stays_unknown(desk):
    _, fee, row = fee_of(desk)
    assert fee["amount_vnd"] is None and row["fee_total"] is None
    assert "+" not in row["tariff_version"]


def test_a_line_holds_from_its_day_and_the_dossier_keeps_it(desk):
    line = enter(desk, effective_from=date(2026, 11, 23))
    _, fee, row = fee_of(desk)
    assert (fee["amount_vnd"], fee["rule"], row["fee_total"]) == (8000, BASIS, 8000)
    assert row["tariff_version"].endswith(f"+{line.id}")
    _, before, old = fee_of(desk, received_at=MONDAY - timedelta(days=3))
    assert before["amount_vnd"] is None and "+" not in old["tariff_version"]
    enter(desk, amount_vnd=9000, effective_from=date(2026, 11, 23))
    assert fee_of(desk)[1]["amount_vnd"] == 9000, "the line entered last"
    with desk.store.read() as connection:
        kept = connection.execute(
            select(tables.fee.c.amount_vnd).where(tables.fee.c.id == fee["id"])
        ).scalar()
    assert kept == 8000, "a dossier keeps the tariff of its day"


def test_a_channel_of_its_own(desk):
    enter(desk, amount_vnd=0, channel=Channel.ONLINE)
    enter(desk)
    outlook = reckon(desk, birth(channel=Channel.ONLINE))
    assert outlook.fee_total == 0, "a line for the channel goes before a general one of the same day"
    assert reckon(desk, birth()).fee_total == 8000
    enter(desk, amount_vnd=5000, effective_from=date(2026, 6, 1))
    assert reckon(desk, birth(channel=Channel.ONLINE)).fee_total == 5000, "a later resolution replaces both"


def test_an_exemption_is_chosen_among_those_there_are(desk):
    received, fee, row = fee_of(desk, fee_exemptions={"LP": POOR})
    assert (fee["amount_vnd"], fee["exempt_reason"], row["fee_total"]) == (0, POOR, 0)
    with desk.store.read() as connection:
        body = connection.execute(
            select(tables.event.c.body).order_by(tables.event.c.desk_seq.desc())
        ).scalar()
    assert json.loads(body)["payload"]["fees"][0]["exempt_reason"] == POOR
    assert payments.debts(desk, officer(desk), received.number).owes_nothing
    assert f"miễn ({POOR})" in receipt_slip(desk, officer(desk), received.id).fee_words
    error = refused(receive_dossier, desk, officer(desk), birth(fee_exemptions={"LP": "quen biết"}))
    assert error.code == "exemption-unknown" and POOR in error.next_step
    enter(desk, exemptions=("trẻ em",))
    assert fee_of(desk, fee_exemptions={"LP": "trẻ em"})[1]["amount_vnd"] == 0


def test_counts_multiply_and_are_bounded(desk):
    copies = {"procedure_code": "2.000635"}
    assert fee_of(desk, **copies, fee_counts={"PHI": 3})[1]["amount_vnd"] == 24000
    for wrong in (0, -1, 1000):
        intake = birth(**copies, fee_counts={"PHI": wrong})
        assert refused(receive_dossier, desk, officer(desk), intake).code == "fee-count"
    assert fee_of(desk, fee_counts={"LP": 3})[1]["amount_vnd"] is None, "three times unknown is unknown"


def test_a_fee_the_catalogue_does_not_know(desk):
    enter(desk, fee_code="phi", amount_vnd=2000)
    assert [(each.code, each.amount_vnd) for each in reckon(desk, birth()).fees] == [
        ("LP", None),
        ("PHI", 2000),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_vnd": -1}, "amount"),
        ({"basis": "  "}, "basis"),
        ({"fee_code": ""}, "fee"),
        ({"fee_code": "LỆ PHÍ"}, "fee"),
        ({"effective_to": date(2025, 1, 1)}, "to"),
    ],
)
def test_what_is_no_line(desk, changes, field):
    assert refused(enter, desk, **changes).field == field


def test_who_enters_and_reads(desk):
    assert refused(enter, desk, login="canbo").code == "not-permitted"
    enter(desk, login="quantri")
    enter(desk, amount_vnd=1)
    assert [each.amount_vnd for each in tariff_lines(desk, officer(desk), BIRTH)] == [1, 8000]


MOMENT = datetime(2026, 1, 1, tzinfo=VIETNAM)
LINE = st.builds(
    TariffLine,
    id=st.uuids().map(str),
    procedure_code=st.just(BIRTH),
    fee_code=st.sampled_from(["LP", "PHI"]),
    amount_vnd=st.integers(0, 10**6),
    basis=st.just(BASIS),
    effective_from=st.dates(date(2026, 1, 1), date(2026, 2, 1)),
    entered_at=st.integers(0, 10**6).map(lambda n: MOMENT + timedelta(seconds=n)),
    channel=st.sampled_from([None, Channel.ONLINE]),
    effective_to=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 2, 1))),
)


@given(st.lists(LINE, max_size=8), st.dates(date(2026, 1, 1), date(2026, 2, 1)), st.sampled_from(Channel))
def test_the_line_that_counts_holds_and_none_later_does(lines, day, channel):
    line = line_for(lines, "LP", channel, day)
    able = [each for each in lines if each.fee_code == "LP" and each.holds(day, channel)]
    assert (line is None) == (not able)
    if line is not None:
        assert line in able and all(each.effective_from <= line.effective_from for each in able)
        same = [each for each in able if each.effective_from == line.effective_from]
        assert line.channel is not None or all(each.channel is None for each in same)


@given(st.one_of(st.none(), st.integers(0, 10**6)), st.integers(1, 999))
def test_unknown_is_never_read_as_nothing(amount, count):
    rule = FeeRule("LP", "Lệ phí", amount, exemptions=(POOR,))
    assert amount_of(rule, count, "") == (None if amount is None else amount * count, None)
    assert amount_of(rule, count, POOR) == (0, POOR)
