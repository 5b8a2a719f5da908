"""Officers who come, change and leave: role, forgotten password, offboarding (issue "people").

Nobody decides over an account of one's own, and who decides must still hold the role at that moment: so an
administrator is always left, for a desk that nobody can configure would be lost. What an officer did keeps
the name for ever; leaving ends the signing in and the delegations, and takes nothing else away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from app.domain.roles import Officer, Permission, Role
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import delegation
from app.services.desk import Desk
from app.services.people.access import NewOfficer
from app.services.people.passwords import hash_password, one_time_password
from app.services.people.second_step import drop_second_step, officers_with_second_step
from app.services.people.waiting import forget_failures
from app.services.recording import Recorder
from app.text import t


@dataclass(frozen=True)
class Account:
    """One officer as the list shows him. ``active``: may sign in; ``must_change``: still has a one-time
    password; ``second_step``: signs in with a code as well."""

    officer: Officer
    active: bool
    must_change: bool
    second_step: bool = False


def list_accounts(desk: Desk, by: Officer) -> tuple[Account, ...]:
    """Everybody who has or had an account: who may sign in first, then by login.

    Raises ``RuleError`` "not-permitted" for who neither manages officers nor leads.
    """
    _require_people(by)
    o = tables.officer.c
    with desk.store.read() as connection:
        rows = connection.execute(select(tables.officer).order_by(o.active.desc(), o.login)).all()
        two = officers_with_second_step(connection)
    return tuple(replace(_account(row), second_step=row.id in two) for row in rows)


def reset_password(desk: Desk, by: Officer, officer_id: str) -> NewOfficer:
    """A new one-time password for a colleague who forgot his; told once, changed at the next sign-in.

    Waiting after wrong passwords ends. Raises ``RuleError`` "not-permitted", "own-account",
    "officer-left"; ``NotFoundError`` "no-officer".
    """
    _require_people(by)
    password = one_time_password()
    with desk.store.write() as connection:
        row = _other(connection, by, officer_id)
        if not row.active:
            raise RuleError(
                "officer-left",
                t("Cán bộ này đã nghỉ nên không cần mật khẩu."),
                t("Mở lại tài khoản trước, rồi cấp mật khẩu."),
            )
        _set(connection, officer_id, password_hash=hash_password(password), must_change=True)
        forget_failures(connection, row.login)
        _note(connection, desk, by, "reset_password", officer_id)
    return NewOfficer(_account(row).officer, password)


def change_role(desk: Desk, by: Officer, officer_id: str, role: Role) -> Account:
    """Another role from the next sign-in on.

    Raises ``RuleError`` "not-permitted", "own-account"; ``NotFoundError``.
    """
    by.require(Permission.MANAGE_OFFICERS)
    with desk.store.write() as connection:
        row = _other(connection, by, officer_id)
        if row.role != role.value:
            _set(connection, officer_id, role=role.value)
            _note(connection, desk, by, "change_role", officer_id, ("role",))
        return _account(_row(connection, officer_id))


def deactivate_officer(desk: Desk, by: Officer, officer_id: str) -> Account:
    """The officer has left: no more signing in; delegations given or taken end. Dossiers, history, audit
    and drafts stay as they are. A second time changes nothing.

    Raises ``RuleError`` "not-permitted", "own-account"; ``NotFoundError``.
    """
    by.require(Permission.MANAGE_OFFICERS)
    with desk.store.write() as connection:
        row = _other(connection, by, officer_id)
        if row.active:
            _set(connection, officer_id, active=False)
            c = delegation.c
            connection.execute(
                update(delegation)
                .where(or_(c.leader_id == officer_id, c.deputy_id == officer_id), c.ended_at.is_(None))
                .values(ended_at=desk.clock.now())
            )
            _note(connection, desk, by, "deactivate_officer", officer_id, ("active",))
        return _account(_row(connection, officer_id))


def reactivate_officer(desk: Desk, by: Officer, officer_id: str) -> NewOfficer:
    """An officer who comes back: a new one-time password, the role he had.

    Raises ``RuleError`` "not-permitted", "own-account"; ``NotFoundError``.
    """
    by.require(Permission.MANAGE_OFFICERS)
    password = one_time_password()
    with desk.store.write() as connection:
        row = _other(connection, by, officer_id)
        _set(connection, officer_id, active=True, password_hash=hash_password(password), must_change=True)
        _note(connection, desk, by, "reactivate_officer", officer_id, ("active",))
    return NewOfficer(_account(row).officer, password)


def end_second_step(desk: Desk, by: Officer, officer_id: str) -> None:
    """Take the code off the account of a colleague who has lost his telephone; the password stays.

    Raises ``RuleError`` "not-permitted", "own-account"; ``NotFoundError``. A second time changes nothing.
    """
    by.require(Permission.MANAGE_OFFICERS)
    with desk.store.write() as connection:
        _other(connection, by, officer_id)
        if drop_second_step(connection, officer_id):
            _note(connection, desk, by, "second_step_off", officer_id)


def _require_people(by: Officer) -> None:
    if not by.may(Permission.OVERRIDE):
        by.require(Permission.MANAGE_OFFICERS)


def _other(connection: Connection, by: Officer, officer_id: str) -> Row[Any]:
    """The officer decided over, who is not the one who decides and whose own account still stands."""
    mine = _row(connection, by.id)
    if not mine.active or mine.role != by.role.value:
        raise RuleError(
            "not-permitted",
            t("Tài khoản của bạn vừa được đổi nên việc này chưa làm được."),
            t("Đăng nhập lại; nếu vẫn cần, nhờ quản trị viên."),
        )
    if officer_id == by.id:
        raise RuleError(
            "own-account",
            t("Không tự đổi tài khoản của chính mình ở đây."),
            t("Đổi mật khẩu ở mục Mật khẩu của tôi; việc khác nhờ quản trị viên khác hoặc lãnh đạo."),
        )
    return _row(connection, officer_id)


def _row(connection: Connection, officer_id: str) -> Row[Any]:
    row = connection.execute(select(tables.officer).where(tables.officer.c.id == officer_id)).first()
    if row is None:
        raise NotFoundError("no-officer", t("Không tìm thấy cán bộ này."), t("Xem lại danh sách cán bộ."))
    return row


def _set(connection: Connection, officer_id: str, **values: object) -> None:
    connection.execute(update(tables.officer).where(tables.officer.c.id == officer_id).values(**values))


def _note(
    connection: Connection, desk: Desk, by: Officer, act: str, officer_id: str, fields: tuple[str, ...] = ()
) -> None:
    Recorder(connection, desk, by, desk.clock.now()).audit(act, "officer", officer_id, fields)


def _account(row: Row[Any]) -> Account:
    officer = Officer(
        id=str(row.id),
        login=str(row.login),
        name=str(row.name),
        role=Role(row.role),
        position=str(row.position),
    )
    return Account(officer, bool(row.active), bool(row.must_change))
