"""What every operation is given: the store, the clock, who the gateway is, which desk asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from app.clock import Clock
from app.province.gate import Gate
from app.province.identity import Identity
from app.province.metrics import Metrics
from app.province.rates import Rates
from app.province.store import Store
from app.province.tables import units
from app.province.times import to_ms


@dataclass(frozen=True)
class Gateway:
    """One running gateway. ``public_url`` is its address as desks see it, where it was told."""

    store: Store
    clock: Clock
    identity: Identity
    public_url: str | None = None
    rates: Rates = field(default_factory=Rates)
    metrics: Metrics = field(default_factory=Metrics)
    gate: Gate = field(default_factory=Gate)


@dataclass(frozen=True)
class Desk:
    """The desk a token names; no header or body may claim another."""

    desk_id: str
    unit_code: str
    slot: int


@dataclass(frozen=True)
class Act:
    """One operation inside one transaction, at one moment."""

    db: Connection
    now: datetime
    desk: Desk

    @property
    def now_ms(self) -> int:
        """The moment as stored."""
        return to_ms(self.now)


def unit_name(db: Connection, unit_code: str) -> str:
    """The name the operator gave the unit, else its code. A writer asks the database once."""
    known: dict[str, str] = db.get_execution_options().get("unit_names", {})
    if unit_code not in known:
        name: str | None = db.execute(select(units.c.name).where(units.c.unit_code == unit_code)).scalar()
        known[unit_code] = name or unit_code
    return known[unit_code]
