"""A second step of signing in, for officers who want one: a code by time, or a spare code from paper.

The officer puts it on himself; he, or an administrator where the telephone is lost, takes it off. It works
without a line. A code counts once; wrong ones make the next try wait like wrong passwords.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from app.domain.one_time_code import (
    SECRET_BYTES,
    clock_off,
    enrolment_uri,
    matching_step,
    secret_words,
    step_of,
)
from app.domain.roles import Officer
from app.errors import RuleError
from app.models import tables
from app.models.people_tables import officer_factor
from app.services.desk import Desk
from app.services.people.passwords import fits, hash_password, spare_code
from app.services.recording import Recorder
from app.text import t

CODE = "code"
"""Name of the field in refusals."""
SPARE_CODES = 8
_ISSUER = "Mot Cua Xa"
_f = officer_factor.c


@dataclass(frozen=True)
class Enrolment:
    """A secret just made, not yet kept. ``uri``: for the QR code; ``words``: to be typed instead."""

    secret: bytes = field(repr=False)
    uri: str = field(repr=False)
    words: str = field(repr=False)


@dataclass(frozen=True)
class SecondStep:
    """Whether an officer has one. ``since`` ``None``: no; ``spare_left``: spare codes unused."""

    since: datetime | None
    spare_left: int = 0


def own_second_step(desk: Desk, by: Officer) -> SecondStep:
    """What the officer has put on his account."""
    with desk.store.read() as connection:
        row = connection.execute(select(_f.since, _f.spare).where(_f.officer_id == by.id)).first()
    return SecondStep(None) if row is None else SecondStep(row.since, len(row.spare))


def begin_second_step(desk: Desk, by: Officer) -> Enrolment:
    """A secret to be shown as a QR code; nothing is kept before ``confirm_second_step``."""
    secret = secrets.token_bytes(SECRET_BYTES)
    return Enrolment(secret, enrolment_uri(secret, by.login, _ISSUER), secret_words(secret))


def confirm_second_step(desk: Desk, by: Officer, password: str, secret: bytes, code: str) -> tuple[str, ...]:
    """The telephone shows the right code: from now on it is asked for. Gives the spare codes, told once.

    Raises ``RuleError`` "wrong-password", "wrong-code", "clock-off".
    """
    now = desk.clock.now()
    step = matching_step(secret, _digits(code), now)
    if step is None:
        raise _wrong_code(secret, code, now)
    spare = tuple(spare_code() for _ in range(SPARE_CODES))
    with desk.store.write() as connection:
        _require_password(connection, by, password)
        connection.execute(delete(officer_factor).where(_f.officer_id == by.id))
        connection.execute(
            insert(officer_factor).values(
                officer_id=by.id,
                secret=secret,
                last_step=step,
                spare=[hash_password(each) for each in spare],
                since=now,
            )
        )
        Recorder(connection, desk, by, now).audit("second_step_on", "officer", by.id)
    return spare


def end_own_second_step(desk: Desk, by: Officer, password: str) -> None:
    """The password alone again. Raises ``RuleError`` "wrong-password"; a second time changes nothing."""
    with desk.store.write() as connection:
        _require_password(connection, by, password)
        if drop_second_step(connection, by.id):
            Recorder(connection, desk, by, desk.clock.now()).audit("second_step_off", "officer", by.id)


def drop_second_step(connection: Connection, officer_id: str) -> bool:
    """The same within another act; whether there was one."""
    return connection.execute(delete(officer_factor).where(_f.officer_id == officer_id)).rowcount == 1


def has_second_step(desk: Desk, login: str) -> bool:
    """Whether signing in under this login asks for a code; ``False`` for unknown ones."""
    o = tables.officer.c
    query = (
        select(o.id).join(officer_factor, _f.officer_id == o.id).where(o.login == login.strip().casefold())
    )
    with desk.store.read() as connection:
        return connection.execute(query).first() is not None


def officers_with_second_step(connection: Connection) -> frozenset[str]:
    """Ids of the officers who have one."""
    return frozenset(connection.execute(select(_f.officer_id)).scalars())


def refusal_of(connection: Connection, officer_id: str, code: str, now: datetime) -> RuleError | None:
    """Why the code does not let the officer in, or ``None``; a code that does is used up by this.

    "code-needed" where none was typed, which is no wrong try; "wrong-code", "code-used", "clock-off".
    """
    row = connection.execute(select(officer_factor).where(_f.officer_id == officer_id)).first()
    if row is None:
        return None
    if not code.strip():
        return RuleError(
            "code-needed",
            t("Tài khoản này có bước hai."),
            t("Mở ứng dụng mã trên điện thoại, gõ sáu số; mất điện thoại thì gõ một mã dự phòng."),
            field=CODE,
        )
    step = matching_step(row.secret, _digits(code), now, after=row.last_step)
    if step is not None:
        _keep(connection, officer_id, last_step=step)
        return None
    left = _without_spare(row.spare, code)
    if left is not None:
        _keep(connection, officer_id, spare=left)
        return None
    if matching_step(row.secret, _digits(code), now) is not None:
        return RuleError(
            "code-used",
            t("Mã này đã dùng rồi."),
            t("Đợi ứng dụng đổi sang mã mới (không quá 30 giây) rồi gõ."),
            field=CODE,
        )
    return _wrong_code(row.secret, code, now)


def _wrong_code(secret: bytes, code: str, now: datetime) -> RuleError:
    off = clock_off(secret, _digits(code), now)
    if off is None or abs(step_of(now + off) - step_of(now)) <= 1:
        return RuleError(
            "wrong-code",
            t("Mã chưa đúng."),
            t("Gõ sáu số đang hiện trên điện thoại, hoặc một mã dự phòng chưa dùng."),
            field=CODE,
        )
    minutes = max(1, round(abs(off) / timedelta(minutes=1)))
    return RuleError(
        "clock-off",
        t("Mã thuộc lúc khác: đồng hồ máy này và điện thoại lệch nhau khoảng {minutes} phút.").format(
            minutes=minutes
        ),
        t("Chỉnh lại đồng hồ bị sai, hoặc gõ một mã dự phòng."),
        field=CODE,
    )


def _without_spare(spare: list[str], code: str) -> list[str] | None:
    """The spare codes left after one was used, or ``None`` where it is none of them."""
    typed = "".join(each for each in code.casefold() if each.isalpha())
    if len(typed) != 10:  # Argon2 for six digits would only cost time
        return None
    for place, hashed in enumerate(spare):
        if fits(hashed, f"{typed[:5]}-{typed[5:]}"):
            return [*spare[:place], *spare[place + 1 :]]
    return None


def _keep(connection: Connection, officer_id: str, **values: object) -> None:
    connection.execute(update(officer_factor).where(_f.officer_id == officer_id).values(**values))


def _require_password(connection: Connection, by: Officer, password: str) -> None:
    o = tables.officer.c
    hashed = connection.execute(select(o.password_hash).where(o.id == by.id)).scalar_one()
    if not fits(hashed, password):
        raise RuleError("wrong-password", t("Mật khẩu chưa đúng."), t("Gõ lại mật khẩu."), field="password")


def _digits(code: str) -> str:
    return "".join(each for each in code if each.isascii() and each.isdigit())
