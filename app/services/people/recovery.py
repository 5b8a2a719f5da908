"""When nobody can sign in: the printed recovery words let an administrator set a new password.

Whoever holds the sheet can open the desk on another PC anyway, so it gives away nothing more. The second
step of that account is taken off too, for the telephone may be what was lost.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select, update

from app.domain.roles import Officer, Role
from app.errors import RuleError
from app.models import tables
from app.services.desk import Desk
from app.services.people.access import officer_of
from app.services.people.passwords import hash_password, require_long_enough
from app.services.people.second_step import drop_second_step
from app.services.people.waiting import forget_failures, note_failure, require_no_wait
from app.services.recording import Recorder
from app.services.safety.recovery_sheet import opens_by
from app.text import t

WORDS: Final = "words"
"""Name of the field in refusals."""
_GUARD: Final = "recovery" * 10
"""Longer than any login can be, so that nobody's wrong tries count here."""


def recover_administrator(desk: Desk, words: str, login: str, new_password: str) -> Officer:
    """The administrator's new password, on the word of the recovery sheet.

    Raises ``RuleError`` "login-wait", "wrong-recovery-words", "no-administrator", "password-short". Wrong
    words make the next try wait, also after a restart.
    """
    require_long_enough(new_password)
    now = desk.clock.now()
    with desk.store.write() as connection:
        require_no_wait(connection, _GUARD, now, WORDS)
        right = opens_by(desk, words)
        if right:
            officer = _administrator(connection, login)
            forget_failures(connection, _GUARD)
            forget_failures(connection, officer.login)
            connection.execute(
                update(tables.officer)
                .where(tables.officer.c.id == officer.id)
                .values(password_hash=hash_password(new_password), must_change=False)
            )
            drop_second_step(connection, officer.id)
            Recorder(connection, desk, officer, now).audit("recover_password", "officer", officer.id)
            return officer
        note_failure(connection, _GUARD, now)
    raise RuleError(
        "wrong-recovery-words",
        t("Các từ khôi phục chưa đúng với quầy này."),
        t("So lại từng từ với tờ khôi phục mới nhất rồi gõ lại."),
        field=WORDS,
    )


def _administrator(connection: Connection, login: str) -> Officer:
    o = tables.officer.c
    row = connection.execute(
        select(tables.officer).where(o.login == login.strip().casefold(), o.active)
    ).first()
    if row is None or row.role != Role.ADMINISTRATOR.value:
        known = connection.execute(
            select(o.login).where(o.active, o.role == Role.ADMINISTRATOR.value).order_by(o.login)
        ).scalars()
        raise RuleError(
            "no-administrator",
            t("Tên đăng nhập này không phải của quản trị viên đang làm việc."),
            t("Gõ một trong: {logins}.").format(logins=", ".join(known)),
            field="login",
        )
    return officer_of(row)
