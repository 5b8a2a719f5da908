"""The wait after wrong tries: doubles, is the same for unknown names, outlives the program (I22)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from app.errors import RuleError
from app.models.tables import login_guard
from app.text import t

FREE_TRIES = 3
LONGEST_WAIT = timedelta(minutes=5)
_c = login_guard.c


def require_no_wait(connection: Connection, key: str, now: datetime, field: str) -> None:
    """Raises ``RuleError`` "login-wait" while the wait for ``key`` lasts; a clock put back waits it whole."""
    wait = _wait_left(connection, key, now)
    if wait > timedelta(0):
        seconds = max(1, int(wait.total_seconds() + 0.999))
        raise RuleError(
            "login-wait",
            t("Đã sai nhiều lần nên cần chờ."),
            t("Thử lại sau {seconds} giây.").format(seconds=seconds),
            field=field,
        )


def note_failure(connection: Connection, key: str, now: datetime) -> None:
    """One more wrong try."""
    statement = insert(login_guard).values(login_key=key, failures=1, last_failure=now)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["login_key"], set_={"failures": _c.failures + 1, "last_failure": now}
        )
    )


def forget_failures(connection: Connection, key: str) -> None:
    """The right word was given, or somebody who may has given a new one."""
    connection.execute(delete(login_guard).where(_c.login_key == key))


def _wait_left(connection: Connection, key: str, now: datetime) -> timedelta:
    row = connection.execute(select(_c.failures, _c.last_failure).where(_c.login_key == key)).first()
    if row is None or row.failures < FREE_TRIES:
        return timedelta(0)
    pause = min(timedelta(seconds=2 ** (row.failures - FREE_TRIES + 1)), LONGEST_WAIT)
    left: timedelta = row.last_failure + pause - now if now >= row.last_failure else pause
    return left
