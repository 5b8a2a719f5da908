"""Officers and their signing in (RELIABILITY I22, I23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from app.domain.roles import Officer, Permission, Role
from app.domain.vietnamese import clean_text, require_text
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.people.passwords import fits, hash_password, nobody, one_time_password, require_long_enough
from app.services.people.second_step import refusal_of
from app.services.people.waiting import forget_failures, note_failure, require_no_wait
from app.services.recording import Recorder
from app.text import t

LONGEST_NAME = 50
"""What the wire carries of an officer's name (province-api.v1, Actor)."""


@dataclass(frozen=True)
class NewOfficer:
    """An officer just added; the one-time password is shown once."""

    officer: Officer
    one_time_password: str


def sign_in(desk: Desk, login: str, password: str, code: str = "") -> Officer:
    """The officer, when login and password fit, and the code where the officer has a second step.

    Raises ``RuleError`` "wrong-login", "login-wait", and of the second step "code-needed" (no wrong try),
    "wrong-code", "code-used", "clock-off". The wait doubles with each failure, is the same for unknown
    logins, and outlives the program, for it is kept in the store.
    """
    key = login.strip().casefold()[:64]
    now = desk.clock.now()
    with desk.store.write() as connection:
        require_no_wait(connection, key, now, "password")
        row = _row(connection, key)
        right = fits(row.password_hash if row else nobody(), password)
        refused = _wrong_login()
        if row is not None and right and row.active:
            second = refusal_of(connection, row.id, code, now)
            if second is None:
                forget_failures(connection, key)
                officer = officer_of(row)
                Recorder(connection, desk, officer, now).audit("sign_in", "officer", officer.id)
                return officer
            refused = second
        if refused.code != "code-needed":
            note_failure(connection, key, now)
    raise refused


def _wrong_login() -> RuleError:
    return RuleError(
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
    return officer_of(row)


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
    require_long_enough(new)
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
        if not fits(row.password_hash, old):
            raise RuleError(
                "wrong-password", t("Mật khẩu cũ chưa đúng."), t("Gõ lại mật khẩu cũ."), field="old_password"
            )
        connection.execute(
            update(tables.officer)
            .where(tables.officer.c.id == by.id)
            .values(password_hash=hash_password(new), must_change=False)
        )
        Recorder(connection, desk, by, now).audit("change_password", "officer", by.id)


def confirm_password(desk: Desk, by: Officer, password: str) -> None:
    """The officer is still the one at the desk, asked before what cannot be taken back.

    Raises ``RuleError`` "wrong-password", "login-wait": wrong ones make wait as at signing in.
    """
    now = desk.clock.now()
    with desk.store.write() as connection:
        require_no_wait(connection, by.login, now, "password")
        row = connection.execute(select(tables.officer).where(tables.officer.c.id == by.id)).one()
        if fits(row.password_hash, password):
            return
        note_failure(connection, by.login, now)
    raise RuleError("wrong-password", t("Mật khẩu chưa đúng."), t("Gõ lại mật khẩu."), field="password")


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
        insert(tables.officer).values(
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
    return tuple(officer_of(row) for row in rows)


def _row(connection: Connection, key: str) -> Row[Any] | None:
    return connection.execute(select(tables.officer).where(tables.officer.c.login == key)).first()


def officer_of(row: Row[Any]) -> Officer:
    """The officer of a row of the table."""
    return Officer(id=row.id, login=row.login, name=row.name, role=Role(row.role), position=row.position)
