"""The recovery sheet sets a new administrator password; wrong words wait, also after a restart; audited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.errors import RuleError
from app.keys import secret_to_words
from app.models import tables
from app.services.desk import Desk
from app.services.people import access
from app.services.people.recovery import recover_administrator
from app.services.setup import init_desk, open_desk
from tests.support.desk import ENVIRON, MONDAY, reference

NEW = "cau moi de nho"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def words(tmp_path: Path, clock: FixedClock) -> str:
    return init_desk(tmp_path / "desk", clock, demo=True, environ=ENVIRON).recovery_words


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock, words: str) -> Iterator[Desk]:
    desk = open_again(tmp_path, clock)
    yield desk
    desk.close()


def open_again(tmp_path: Path, clock: FixedClock) -> Desk:
    return open_desk(tmp_path / "desk", clock, reference=reference(), environ=ENVIRON)


def refused(desk: Desk, words: str, login: str = "quantri", new: str = NEW) -> str:
    with pytest.raises(RuleError) as error:
        recover_administrator(desk, words, login, new)
    return error.value.code


def test_the_words_set_a_new_password(desk: Desk, words: str) -> None:
    typed = words.upper().replace(" ", "  ")
    assert recover_administrator(desk, typed, " QuanTri ", NEW).login == "quantri"
    assert access.sign_in(desk, "quantri", NEW).login == "quantri"
    assert not access.must_change_password(desk, access.officer_by_login(desk, "quantri"))
    with desk.store.read() as connection:
        acts = list(connection.execute(select(tables.audit.c.act)).scalars())
    assert acts.count("recover_password") == 1


@pytest.mark.parametrize("login", ["canbo", "lanhdao", "khong-co"])
def test_only_an_administrator_comes_back_this_way(desk: Desk, words: str, login: str) -> None:
    assert refused(desk, words, login) == "no-administrator"


def test_a_short_password_is_refused_before_the_words_count(desk: Desk) -> None:
    assert refused(desk, "sai", new="ngan") == "password-short"


def test_other_words_wait_longer_and_longer_also_after_a_restart(
    tmp_path: Path, clock: FixedClock, desk: Desk, words: str
) -> None:
    others = secret_to_words(bytes(16))
    for wrong in ("chua phai", others, words.split()[0]):
        assert refused(desk, wrong) == "wrong-recovery-words"
    assert refused(desk, words) == "login-wait"
    desk.close()
    again = open_again(tmp_path, clock)
    try:
        assert refused(again, words) == "login-wait"
        clock.advance(timedelta(seconds=3))
        assert recover_administrator(again, words, "quantri", NEW)
    finally:
        again.close()


def test_a_locked_login_is_free_again(desk: Desk, words: str) -> None:
    for _ in range(3):
        with pytest.raises(RuleError):
            access.sign_in(desk, "quantri", "sai mat khau")
    recover_administrator(desk, words, "quantri", NEW)
    assert access.sign_in(desk, "quantri", NEW)
