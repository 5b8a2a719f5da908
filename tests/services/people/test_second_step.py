"""The second step of signing in, on a real store: asked for, used once, spare codes, taken off, audited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.one_time_code import code_of_step, step_of
from app.errors import RuleError
from app.models import tables
from app.models.people_tables import officer_factor
from app.services.desk import Desk
from app.services.people import access, officers, second_step
from app.services.people.beside import leader_beside
from tests.support.desk import MONDAY, demo_password, make_desk, officer


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def code(secret: bytes, desk: Desk, **off: float) -> str:
    return code_of_step(secret, step_of(desk.clock.now() + timedelta(**off)))


def put_on(desk: Desk, clock: FixedClock, login: str = "canbo") -> tuple[bytes, tuple[str, ...]]:
    by = officer(desk, login)
    secret = second_step.begin_second_step(desk, by).secret
    spare = second_step.confirm_second_step(desk, by, demo_password(), secret, code(secret, desk))
    clock.advance(timedelta(minutes=1))
    return secret, spare


def refused(desk: Desk, typed: str, login: str = "canbo") -> RuleError:
    with pytest.raises(RuleError) as error:
        access.sign_in(desk, login, demo_password(), typed)
    return error.value


def acts(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        return list(connection.execute(select(tables.audit.c.act).order_by(tables.audit.c.seq)).scalars())


def failures(desk: Desk) -> int:
    with desk.store.read() as connection:
        return sum(connection.execute(select(tables.login_guard.c.failures)).scalars())


def test_the_code_is_asked_for_once_it_is_on(desk: Desk, clock: FixedClock) -> None:
    secret, _ = put_on(desk, clock)
    asked = refused(desk, "")
    assert (asked.code, asked.field) == ("code-needed", "code")
    assert failures(desk) == 0, "not typed yet is no wrong try"
    assert access.sign_in(desk, "canbo", demo_password(), code(secret, desk)).login == "canbo"
    assert access.sign_in(desk, "lanhdao", demo_password()).login == "lanhdao", "others are not asked"


def test_a_wrong_password_never_tells_of_the_code(desk: Desk, clock: FixedClock) -> None:
    put_on(desk, clock)
    with pytest.raises(RuleError) as error:
        access.sign_in(desk, "canbo", "sai mat khau", "")
    assert error.value.code == "wrong-login"


def test_a_code_counts_once_and_wrong_ones_make_wait(desk: Desk, clock: FixedClock) -> None:
    secret, _ = put_on(desk, clock)
    once = code(secret, desk)
    access.sign_in(desk, "canbo", demo_password(), once)
    assert refused(desk, once).code == "code-used"
    for _ in range(2):
        assert refused(desk, "000000").code == "wrong-code"
    assert refused(desk, code(secret, desk)).code == "login-wait"


def test_a_wrong_clock_is_told_as_that(desk: Desk, clock: FixedClock) -> None:
    secret, spare = put_on(desk, clock)
    off = refused(desk, code(secret, desk, minutes=25))
    assert off.code == "clock-off" and "25 phút" in off.title
    assert access.sign_in(desk, "canbo", demo_password(), spare[0])


def test_a_spare_code_opens_once_however_it_is_typed(desk: Desk, clock: FixedClock) -> None:
    _, spare = put_on(desk, clock)
    assert len(set(spare)) == second_step.SPARE_CODES
    assert access.sign_in(desk, "canbo", demo_password(), f" {spare[2].upper().replace('-', ' ')} ")
    assert refused(desk, spare[2]).code == "wrong-code"
    assert second_step.own_second_step(desk, officer(desk)).spare_left == 7


def test_what_is_kept_is_no_spare_code(desk: Desk, clock: FixedClock) -> None:
    _, spare = put_on(desk, clock)
    with desk.store.read() as connection:
        kept = connection.execute(select(officer_factor.c.spare)).scalar_one()
    assert all(each.startswith("$argon2id$") for each in kept)
    assert not any(each in str(kept) for each in spare)


def test_nothing_is_on_before_the_telephone_shows_the_code(desk: Desk) -> None:
    by = officer(desk)
    secret = second_step.begin_second_step(desk, by).secret
    for typed, password in (("000000", demo_password()), (code(secret, desk), "sai mat khau")):
        with pytest.raises(RuleError):
            second_step.confirm_second_step(desk, by, password, secret, typed)
    assert second_step.own_second_step(desk, by).since is None
    assert access.sign_in(desk, "canbo", demo_password())


def test_it_is_taken_off_by_oneself_or_the_administrator(desk: Desk, clock: FixedClock) -> None:
    by, boss = officer(desk), officer(desk, "quantri")
    put_on(desk, clock)
    with pytest.raises(RuleError):
        second_step.end_own_second_step(desk, by, "sai mat khau")
    second_step.end_own_second_step(desk, by, demo_password())
    assert access.sign_in(desk, "canbo", demo_password())
    put_on(desk, clock)
    assert [each.officer.login for each in officers.list_accounts(desk, boss) if each.second_step] == [
        "canbo"
    ]
    for _ in range(2):
        officers.end_second_step(desk, boss, by.id)
    assert access.sign_in(desk, "canbo", demo_password())
    assert acts(desk).count("second_step_on") == 2
    assert acts(desk).count("second_step_off") == 2


def test_a_leader_beside_types_the_code_after_the_password(desk: Desk, clock: FixedClock) -> None:
    secret, _ = put_on(desk, clock, "lanhdao")
    with pytest.raises(RuleError) as error:
        leader_beside(desk, "lanhdao", demo_password())
    assert error.value.code == "code-needed" and "dấu cách" in error.value.next_step
    assert leader_beside(desk, "lanhdao", f"{demo_password()} {code(secret, desk)}").login == "lanhdao"
