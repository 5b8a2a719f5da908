"""A journey of mobile registration: opened, marked on what it receives, listed, closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.clock import FixedClock
from app.errors import NotFoundError, RuleError
from app.printing.document import page_count
from app.services.desk import Desk
from app.services.field.session import (
    close_session,
    current_session,
    list_sessions,
    mobile_procedures,
    open_session,
    session_dossiers,
    session_list_pdf,
)
from app.services.intake.reception import receive_dossier
from tests.printing import reading
from tests.support.desk import MONDAY, birth, make_desk, officer

MOBILE_BIRTH, OFFICE_BIRTH = "1.003583", "1.001193"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    opened = make_desk(tmp_path, clock)
    yield opened
    opened.close()


def test_the_three_procedures_come_from_the_catalogue(desk: Desk) -> None:
    codes = {version.code for version in mobile_procedures(desk)}
    assert codes == {"1.003583", "1.000419", "1.000593"}


def test_what_is_received_meanwhile_carries_the_journey(desk: Desk, clock: FixedClock) -> None:
    by = officer(desk)
    before = receive_dossier(desk, by, birth(procedure_code=MOBILE_BIRTH))
    opened = open_session(desk, by, "Nhà văn hóa thôn Nà Mẫu", note="xe của xã")
    assert current_session(desk, by) == opened
    clock.advance(timedelta(minutes=5))
    first = receive_dossier(desk, by, birth(procedure_code=MOBILE_BIRTH))
    other = receive_dossier(desk, by, birth(procedure_code=OFFICE_BIRTH))
    clock.advance(timedelta(minutes=5))
    second = receive_dossier(desk, by, birth(procedure_code=MOBILE_BIRTH))
    closed = close_session(desk, by)
    after = receive_dossier(desk, by, birth(procedure_code=MOBILE_BIRTH))
    listed = session_dossiers(desk, by, opened.id)
    assert [one.id for one in listed] == [first.id, second.id]
    assert {before.id, other.id, after.id}.isdisjoint(one.id for one in listed)
    assert (closed.dossiers, closed.closed_at) == (2, clock.now())
    assert current_session(desk, by) is None
    assert list_sessions(desk, by) == (closed,)


def test_entered_later_it_still_belongs_where_it_was_received(desk: Desk, clock: FixedClock) -> None:
    by = officer(desk)
    opened = open_session(desk, by, "Thôn Nà Mẫu")
    clock.advance(timedelta(hours=2))
    close_session(desk, by)
    clock.advance(timedelta(hours=1))
    late = receive_dossier(
        desk, by, birth(procedure_code=MOBILE_BIRTH, received_at=MONDAY + timedelta(hours=1))
    )
    assert [one.id for one in session_dossiers(desk, by, opened.id)] == [late.id]


def test_a_clock_set_back_loses_no_dossier_of_the_journey(desk: Desk, clock: FixedClock) -> None:
    by = officer(desk)
    opened = open_session(desk, by, "Thôn Nà Mẫu")
    clock.advance(-timedelta(days=2))
    received = receive_dossier(desk, by, birth(procedure_code=MOBILE_BIRTH))
    assert [one.id for one in session_dossiers(desk, by, opened.id)] == [received.id]


def test_one_journey_at_a_time_with_a_place(desk: Desk) -> None:
    by = officer(desk)
    with pytest.raises(NotFoundError):
        close_session(desk, by)
    for place, procedures, field in (("  ", (), "place"), ("Nà Mẫu", (OFFICE_BIRTH,), "procedure")):
        with pytest.raises(RuleError) as refused:
            open_session(desk, by, place, procedures=procedures)
        assert refused.value.field == field
    with pytest.raises(RuleError):
        open_session(desk, officer(desk, "quantri"), "Nà Mẫu")
    opened = open_session(desk, by, "Nà Mẫu", procedures=(MOBILE_BIRTH,))
    assert list(opened.procedures) == [MOBILE_BIRTH]
    with pytest.raises(RuleError) as refused:
        open_session(desk, by, "Nà Khá")
    assert refused.value.code == "session-open"


def test_the_list_is_printed(desk: Desk, clock: FixedClock) -> None:
    by = officer(desk)
    opened = open_session(desk, by, "Nhà văn hóa thôn Nà Mẫu")
    numbers = [receive_dossier(desk, by, birth(procedure_code=MOBILE_BIRTH)).number for _ in range(3)]
    under_way = reading.words(session_list_pdf(desk, by, opened.id))
    assert "chưa kết thúc" in under_way
    clock.advance(timedelta(hours=3))
    close_session(desk, by)
    pdf = session_list_pdf(desk, by, opened.id)
    words = reading.words(pdf)
    assert page_count(pdf) == 1
    for said in ("Nhà văn hóa thôn Nà Mẫu", "Tổng số: 3 hồ sơ", "Lục Thị Yến", *numbers):
        assert said in words
    assert pdf == session_list_pdf(desk, by, opened.id)


def test_forty_dossiers_take_more_pages(desk: Desk) -> None:
    by = officer(desk)
    opened = open_session(desk, by, "Nà Mẫu")
    for _ in range(40):
        receive_dossier(desk, by, birth(procedure_code=MOBILE_BIRTH))
    assert page_count(session_list_pdf(desk, by, opened.id)) > 1
