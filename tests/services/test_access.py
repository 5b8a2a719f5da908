"""Signing in: slow for guessers, the same for unknown logins, nothing kept in the clear."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.roles import Role
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.services.people import access
from tests.support.desk import MONDAY, demo_password, make_desk, officer


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def refuse(desk, login="canbo", password="sai"):
    with pytest.raises(RuleError) as refused:
        access.sign_in(desk, login, password)
    return refused.value


def test_right_password_signs_in(desk):
    assert access.sign_in(desk, " CanBo ", demo_password()).role is Role.RECEPTION


@pytest.mark.parametrize("login", ["canbo", "khong-co"])
def test_the_wait_grows_and_is_the_same_for_unknown_logins(desk, clock, login):
    for _ in range(3):
        assert refuse(desk, login).code == "wrong-login"
    waits = []
    for _ in range(4):
        error = refuse(desk, login)
        assert error.code == "login-wait"
        seconds = int("".join(ch for ch in error.next_step if ch.isdigit()))
        waits.append(seconds)
        clock.advance(timedelta(seconds=seconds))
        assert refuse(desk, login).code == "wrong-login"
    assert waits == [2, 4, 8, 16]


def test_the_wait_survives_a_restart_and_a_clock_set_back(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    for _ in range(3):
        refuse(desk)
    desk.close()
    desk = make_desk(tmp_path, clock)
    assert refuse(desk, password=demo_password()).code == "login-wait"
    clock.at -= timedelta(days=1)
    assert refuse(desk, password=demo_password()).code == "login-wait"
    desk.close()


def test_a_good_sign_in_clears_the_count(desk):
    refuse(desk)
    refuse(desk)
    access.sign_in(desk, "canbo", demo_password())
    refuse(desk)
    refuse(desk)
    access.sign_in(desk, "canbo", demo_password())


def test_passwords_are_hashes(desk):
    with desk.store.read() as connection:
        hashes = connection.execute(select(tables.officer.c.password_hash)).scalars().all()
    assert all(each.startswith("$argon2id$") for each in hashes)
    assert len(set(hashes)) == 3


def test_new_officer_changes_the_one_time_password(desk):
    added = access.add_officer(desk, officer(desk, "quantri"), "lan.tt", "Triệu Thị Lan", Role.PROCESSING)
    by = access.sign_in(desk, "lan.tt", added.one_time_password)
    assert access.must_change_password(desk, by)
    with pytest.raises(RuleError):
        access.change_password(desk, by, added.one_time_password, "ngắn")
    with pytest.raises(RuleError):
        access.change_password(desk, by, "không đúng", "một câu dễ nhớ")
    access.change_password(desk, by, added.one_time_password, "một câu dễ nhớ")
    assert not access.must_change_password(desk, access.sign_in(desk, "lan.tt", "một câu dễ nhớ"))


@pytest.mark.parametrize("login", ["", "có dấu", "a b", "x" * 33, "canbo", "a/b"])
def test_unusable_logins_are_refused(desk, login):
    with pytest.raises(RuleError) as refused:
        access.add_officer(desk, officer(desk, "quantri"), login, "Ai Đó", Role.RECEPTION)
    assert refused.value.field == "login"


@pytest.mark.parametrize("login", ["canbo", "lanhdao"])
def test_only_the_administrator_adds_officers(desk, login):
    with pytest.raises(RuleError) as refused:
        access.add_officer(desk, officer(desk, login), "moi", "Người Mới", Role.RECEPTION)
    assert refused.value.code == "not-permitted"


def test_unknown_officer_is_not_found(desk):
    with pytest.raises(NotFoundError):
        access.officer_by_login(desk, "khongco")
