"""What a walk may try next: half of it what a careful officer would do, the rest anything at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.services.intake.visit import ManualDue
from tests.hunt import plain_calendar as wall
from tests.hunt.life_desk import LOGINS, TERMS, Arrival
from tests.hunt.life_model import GOES, OWN_UNIT, UNITS, Life, Order

EDGES = (
    "2025-08-30 10:00",
    "2025-12-31 16:45",
    "2026-01-02 09:00",
    "2026-02-12 14:00",
    "2026-02-18 09:00",
    "2026-04-24 16:00",
    "2026-08-20 15:10",
    "2026-08-22 09:00",
    "2026-11-23 16:00",
    "2026-11-24 08:00",
    "2026-12-31 23:30",
    "2027-02-03 14:59",
    "2027-02-03 15:00",
    "2027-02-28 10:00",
    "2027-04-29 17:00",
    "2027-12-30 11:00",
)
"""Evenings before holidays, days off, make-up Saturdays, Tết, New Year's Eve."""
_COUNTER = ("canbo", "xuly", "lanhdao")
_REASONS = ("Xác minh thêm", "Công dân yêu cầu", "Bổ sung giấy tờ")
_PAPERS: tuple[tuple[str, ...], ...] = (("Đơn viết tay",), ("Biên bản họp họ", "Ảnh 3x4", " "))
NO_TERM = next(code for code, term in TERMS.items() if term.unit is None)


def arrival(rng: Random, at: datetime) -> Arrival:
    """A lawful arrival; a procedure without a term has a date given by hand, or is only registered."""
    code = rng.choice(list(TERMS))
    register = rng.random() < 0.35
    dated = code == NO_TERM and not (register and rng.random() < 0.4)
    return Arrival(
        code,
        at,
        login=rng.choice(_COUNTER),
        register=register,
        complete=not register or rng.random() < 0.7,
        manual=_ahead(rng, at, (1, 4, 12)) if dated else None,
        typed=rng.random() < 0.3,
        in_utc=rng.random() < 0.3,
    )


def bad_arrival(rng: Random, at: datetime) -> tuple[dict[str, Any], str, set[str]]:
    """Changes to a good reception, who tries it, and the reasons that hold."""
    late = ManualDue(at - timedelta(hours=1), "Lý do")
    ways: Sequence[tuple[dict[str, Any], str, set[str]]] = (
        ({"all_required": False}, "canbo", {"components-missing"}),
        ({"all_required": False, "override": "Đã xem"}, "xuly", {"not-permitted"}),
        ({"manual_due": late}, "canbo", {"due-before-reception"}),
        ({"copies": 0}, "canbo", {"copies-range"}),
        ({"procedure_code": "9.999999"}, "canbo", {"procedure-unknown"}),
        ({"procedure_code": NO_TERM}, "canbo", {"due-unknown"}),
        ({"for_unit": "99999"}, "canbo", {"unknown-unit"}),
        ({"return_method": "balloon"}, "canbo", {"return-method"}),
        ({}, "quantri", {"not-permitted"}),
        ({}, "kiemtra", {"not-permitted"}),
    )
    return rng.choice(ways)


def order(rng: Random, life: Life) -> tuple[Order, str]:
    """The next act and who tries it."""
    careful = rng.random() < 0.5
    coming = life.pending == OWN_UNIT
    fitting = [a for a, steps in GOES.items() if life.status in steps and (coming or a != "accept-custody")]
    act = rng.choice(fitting) if fitting and (careful or rng.random() < 0.5) else rng.choice(list(GOES))
    login = rng.choice(_COUNTER if careful else tuple(LOGINS))
    if careful and act == "reopen":
        login = "lanhdao"
    at = _next_moment(rng, life, careful)
    plain = Order(
        act=act,
        role=LOGINS[login],
        at=at,
        explicit=rng.random() < 0.5,
        reason=rng.choice(_REASONS if careful else (*_REASONS, "", "  ", "...")),
        items=rng.choice(_PAPERS if careful else (*_PAPERS, (), ("",))),
        to=rng.choice(UNITS if careful else ("", OWN_UNIT, "99999", "sai mã", *UNITS)),
        result_no=rng.choice(("", "25/2026")),
    )
    return _particulars(rng, life, plain, careful), login


def _particulars(rng: Random, life: Life, plain: Order, careful: bool) -> Order:
    if plain.act in ("extend", "accept", "reopen"):
        plain = replace(plain, due=_some_due(rng, life, plain.at, careful))
    if plain.act in ("accept", "reopen"):
        words = rng.choice(("", " ", "Đã xem bản gốc"))
        return replace(plain, brings_all=rng.random() < 0.4, override=words)
    if plain.act in ("pay", "request-fee"):
        return replace(plain, amount=_some_amount(rng, life, careful))
    return plain


def _some_due(rng: Random, life: Life, at: datetime, careful: bool) -> datetime | None:
    if careful:
        return _ahead(rng, max(at, life.due or at), range(1, 10))
    if rng.random() < 0.35:
        return None
    base = rng.choice((at, life.due or at))
    day = wall.local_day(base + timedelta(days=rng.choice((-3, -1, 0, 1, 2, 5, 9, 30))))
    if rng.random() < 0.7:
        day = wall.first_open(day)
    return wall.closing(day) - timedelta(minutes=rng.choice((0, 0, 0, 90, 470)))


def _some_amount(rng: Random, life: Life, careful: bool) -> int | None:
    whole = life.owed + life.asked or 8000
    if careful:
        return rng.choice((whole, 50_000))
    return rng.choice((None, None, whole, life.asked or 16_000, 50_000, 1, 0, -5))


def first_moment(rng: Random) -> datetime:
    """When a dossier arrives."""
    if rng.random() < 0.4:
        start = datetime.fromisoformat(rng.choice(EDGES)).replace(tzinfo=wall.HERE)
        return start + timedelta(minutes=rng.choice((-60, 0, 1, 30, 600)))
    day = datetime(2025, 7, 2, tzinfo=wall.HERE) + timedelta(days=rng.randint(0, 880))
    return day + timedelta(minutes=rng.choice((450, 540, 899, 900, 1019, 1020, rng.randint(0, 1439))))


def _next_moment(rng: Random, life: Life, careful: bool) -> datetime:
    """Mostly onward: minutes, days, over a weekend; now and then back."""
    draw = rng.random()
    if draw < 0.12 and not careful:
        return life.last - timedelta(minutes=rng.choice((1, 60, 1440, 60_000)))
    if draw < 0.15:
        return life.last
    if draw < 0.55:
        return life.last + timedelta(minutes=rng.randint(1, 400))
    if draw < 0.95:
        return life.last + timedelta(days=rng.randint(0, 4), minutes=rng.randint(0, 700))
    return life.last + timedelta(days=rng.randint(5, 60))


def clock_beside(rng: Random, at: datetime) -> datetime:
    """What the desk's clock shows while another time is typed: mostly near, sometimes years off."""
    return at + timedelta(days=rng.choice((0, 0, 1, -400, 700)))


def _ahead(rng: Random, at: datetime, days: Sequence[int]) -> datetime:
    return wall.closing(wall.nth_open_after(wall.local_day(at), rng.choice(days)))
