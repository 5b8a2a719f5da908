"""Officers and their signing in. Passwords are kept as Argon2id hashes only (RELIABILITY, I22, I23)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.sqlite import insert

from app.domain.roles import Officer, Permission, Role
from app.domain.vietnamese import clean_text, require_text
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.recording import Recorder
from app.text import t

if TYPE_CHECKING:
    from argon2 import PasswordHasher

FREE_TRIES = 3
LONGEST_WAIT = timedelta(minutes=5)
LONGEST_NAME = 50
"""What the wire carries of an officer's name (province-api.v1, Actor)."""
SHORTEST_PASSWORD = 8


@dataclass(frozen=True)
class NewOfficer:
    """An officer just added; the one-time password is shown once."""

    officer: Officer
    one_time_password: str


def sign_in(desk: Desk, login: str, password: str) -> Officer:
    """The officer, when login and password fit.

    Raises ``RuleError`` "wrong-login" or "login-wait". The wait doubles with each failure, is the same
    for unknown logins, and outlives the program, for it is kept in the store.
    """
    key = login.strip().casefold()[:64]
    now = desk.clock.now()
    with desk.store.write() as connection:
        wait = _wait_left(connection, key, now)
        if wait > timedelta(0):
            raise _wait_error(wait)
        row = _row(connection, key)
        fits = _verify(row.password_hash if row else _nobody(), password)
        if row is not None and fits and row.active:
            connection.execute(delete(tables.login_guard).where(tables.login_guard.c.login_key == key))
            officer = _officer(row)
            Recorder(connection, desk, officer, now).audit("sign_in", "officer", officer.id)
            return officer
        _note_failure(connection, key, now)
    raise RuleError(
        "wrong-login",
        t("Tên đăng nhập hoặc mật khẩu chưa đúng."),
        t("Gõ lại; sau ba lần sai phải chờ lâu dần."),
        field="password",
    )


def officer_by_login(desk: Desk, login: str) -> Officer:
    """The officer of that login, without a password: for demo desks and for acts of the program."""
    with desk.store.read() as connection:
        row = _row(connection, login.strip().casefold())
    if row is None or not row.active:
        raise NotFoundError(
            "no-officer", t("Không có cán bộ với tên đăng nhập này."), t("Kiểm tra lại tên đăng nhập.")
        )
    return _officer(row)


def must_change_password(desk: Desk, by: Officer) -> bool:
    """Whether the officer still has the one-time password."""
    with desk.store.read() as connection:
        return bool(
            connection.execute(
                select(tables.officer.c.must_change).where(tables.officer.c.id == by.id)
            ).scalar_one()
        )


def change_password(desk: Desk, by: Officer, old: str, new: str) -> None:
    """Set the officer's own password. ``RuleError`` on a wrong old, a short or an unchanged one."""
    _check_new_password(new)
    if new == old:
        raise RuleError(
            "password-same",
            t("Mật khẩu mới giống mật khẩu cũ."),
            t("Chọn một câu khác, dễ nhớ với riêng bạn."),
            field="new_password",
        )
    now = desk.clock.now()
    with desk.store.write() as connection:
        row = connection.execute(select(tables.officer).where(tables.officer.c.id == by.id)).one()
        if not _verify(row.password_hash, old):
            raise RuleError(
                "wrong-password", t("Mật khẩu cũ chưa đúng."), t("Gõ lại mật khẩu cũ."), field="old_password"
            )
        connection.execute(
            update(tables.officer)
            .where(tables.officer.c.id == by.id)
            .values(password_hash=hash_password(new), must_change=False)
        )
        Recorder(connection, desk, by, now).audit("change_password", "officer", by.id)


def add_officer(desk: Desk, by: Officer, login: str, name: str, role: Role) -> NewOfficer:
    """Add an officer with a one-time password, changed at the first sign-in."""
    by.require(Permission.MANAGE_OFFICERS)
    password = one_time_password()
    now = desk.clock.now()
    with desk.store.write() as connection:
        officer = insert_officer(
            connection, login=login, name=name, role=role, password=password, must_change=True, at=now
        )
        Recorder(connection, desk, by, now).audit("add_officer", "officer", officer.id)
    return NewOfficer(officer, password)


def insert_officer(
    connection: Connection,
    *,
    login: str,
    name: str,
    role: Role,
    password: str,
    must_change: bool,
    at: datetime,
    position: str = "",
) -> Officer:
    """Write one officer's row. Raises ``RuleError`` on an unusable or taken login."""
    key = clean_text(login).casefold()
    if not key or not key.isascii() or not key.replace(".", "").replace("_", "").isalnum() or len(key) > 32:
        raise RuleError(
            "login-shape",
            t("Tên đăng nhập chỉ gồm chữ không dấu, số, dấu chấm hoặc gạch dưới, tối đa 32 ký tự."),
            t("Gõ lại, ví dụ: lan.tt"),
            field="login",
        )
    written = require_text(name, "name")
    if not written:
        raise RuleError(
            "name-missing", t("Chưa ghi họ tên cán bộ."), t("Gõ họ tên như trong quyết định."), field="name"
        )
    if len(written) > LONGEST_NAME:
        raise RuleError(
            "name-long",
            t("Họ tên cán bộ dài quá {most} ký tự nên tỉnh sẽ không nhận.").format(most=LONGEST_NAME),
            t("Gõ họ tên, không kèm chức vụ."),
            field="name",
        )
    if _row(connection, key) is not None:
        raise RuleError(
            "login-taken", t("Tên đăng nhập này đã có người dùng."), t("Chọn tên khác."), field="login"
        )
    officer = Officer(id=new_id(), login=key, name=written, role=role, position=position)
    connection.execute(
        plain_insert(tables.officer).values(
            id=officer.id,
            login=key,
            name=officer.name,
            position=position,
            role=role.value,
            password_hash=hash_password(password),
            must_change=must_change,
            created_at=at,
        )
    )
    return officer


def list_officers(desk: Desk) -> tuple[Officer, ...]:
    """Officers who may sign in, by name."""
    with desk.store.read() as connection:
        rows = connection.execute(
            select(tables.officer).where(tables.officer.c.active).order_by(tables.officer.c.login)
        ).all()
    return tuple(_officer(row) for row in rows)


def one_time_password() -> str:
    """A password that can be read aloud and typed without marks."""
    letters = "abcdefghkmnpqrstuvwxy"
    groups = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(2)]
    return "-".join([*groups, f"{secrets.randbelow(9000) + 1000}"])


def hash_password(password: str) -> str:
    """Argon2id, so that a stolen store tells no password."""
    return _hasher().hash(password.encode("utf-8", "surrogateescape"))


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=32768, parallelism=2)


@cache
def _nobody() -> str:
    return hash_password(secrets.token_hex(16))


def _verify(hashed: str, password: str) -> bool:
    from argon2.exceptions import VerifyMismatchError

    try:
        return bool(_hasher().verify(hashed, password.encode("utf-8", "surrogateescape")))
    except VerifyMismatchError:
        return False


def _check_new_password(new: str) -> None:
    if len(new) < SHORTEST_PASSWORD:
        raise RuleError(
            "password-short",
            t("Mật khẩu cần ít nhất 8 ký tự."),
            t("Chọn một câu ngắn dễ nhớ, không cần ký tự lạ."),
            field="new_password",
        )


def _row(connection: Connection, key: str):  # type: ignore[no-untyped-def]
    return connection.execute(select(tables.officer).where(tables.officer.c.login == key)).first()


def _officer(row) -> Officer:  # type: ignore[no-untyped-def]
    return Officer(id=row.id, login=row.login, name=row.name, role=Role(row.role), position=row.position)


def _wait_left(connection: Connection, key: str, now: datetime) -> timedelta:
    c = tables.login_guard.c
    row = connection.execute(select(c.failures, c.last_failure).where(c.login_key == key)).first()
    if row is None or row.failures < FREE_TRIES:
        return timedelta(0)
    pause = min(timedelta(seconds=2 ** (row.failures - FREE_TRIES + 1)), LONGEST_WAIT)
    return row.last_failure + pause - now if now >= row.last_failure else pause


def _note_failure(connection: Connection, key: str, now: datetime) -> None:
    statement = insert(tables.login_guard).values(login_key=key, failures=1, last_failure=now)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["login_key"],
            set_={"failures": tables.login_guard.c.failures + 1, "last_failure": now},
        )
    )


def _wait_error(wait: timedelta) -> RuleError:
    seconds = max(1, int(wait.total_seconds() + 0.999))
    return RuleError(
        "login-wait",
        t("Đã sai mật khẩu nhiều lần nên cần chờ."),
        t("Thử lại sau {seconds} giây.").format(seconds=seconds),
        field="password",
    )
