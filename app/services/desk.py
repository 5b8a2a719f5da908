"""What every service is handed: the open desk. No service opens a store or reads a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from app.clock import Clock
from app.keys import derive
from app.models import tables
from app.models.database import Store
from app.models.files import FileStore
from app.services.reference import Reference

AUDIT_KEY: Final = "secret.audit_key"
"""Setting that holds the chain's key once the database key was changed; never shown, never exported."""


@dataclass(frozen=True)
class DeskProfile:
    """Who this desk is. ``unit_code``: the commune's five GSO digits; ``agency_code``: H60.… once the
    province has given it (DOMAIN §13), else ``None``; ``desk_no``: one digit, 1–9."""

    id: str
    unit_code: str
    unit_name: str
    province_name: str
    agency_code: str | None
    desk_no: int
    name: str
    demo: bool


@dataclass(frozen=True)
class Desk:
    """An open desk: store, files, clock, reference data. Handed out by ``services.setup.open_desk``."""

    folder: Path
    profile: DeskProfile
    store: Store
    files: FileStore
    clock: Clock
    reference: Reference
    audit_key: bytes = field(repr=False)

    def close(self) -> None:
        """Close the store."""
        self.store.dispose()

    def lock(self) -> None:
        """Close the store and drop every key, also for whoever still holds this desk (RELIABILITY I21).

        Python may keep copies in memory it has freed: no clean memory is claimed.
        """
        self.store.lock()
        self.files.forget_key()
        object.__setattr__(self, "audit_key", b"")


def with_fresh_profile(connection: Connection, desk: Desk) -> Desk:
    """The desk with what enrolment may have changed beside an open window: agency code, desk digit."""
    c = tables.desk.c
    row = connection.execute(select(c.agency_code, c.desk_no, c.name)).one()
    profile = replace(desk.profile, agency_code=row.agency_code, desk_no=row.desk_no, name=row.name)
    return desk if profile == desk.profile else replace(desk, profile=profile)


def own_codes(desk: Desk) -> tuple[str, str | None]:
    """The codes by which this commune is known now: GSO code, and agency code once there is one."""
    with desk.store.read() as connection:
        profile = with_fresh_profile(connection, desk).profile
    return profile.unit_code, profile.agency_code


def audit_key_of(key: bytes) -> bytes:
    """The key of a new desk's audit chain, apart from the database key."""
    return derive(key, "audit-chain")


def audit_key_in(connection: Connection, key: bytes) -> bytes:
    """The key of this desk's audit chain. A change of the database key leaves it as it was, so that rows
    and anchors printed before go on holding; the store then keeps it."""
    kept = read_setting(connection, AUDIT_KEY)
    return bytes.fromhex(kept) if isinstance(kept, str) else audit_key_of(key)


def read_setting(connection: Connection, key: str) -> object | None:
    """One kept value of the desk, or ``None``."""
    row = connection.execute(select(tables.setting.c.value).where(tables.setting.c.key == key)).first()
    return None if row is None else row[0]


def write_setting(connection: Connection, key: str, value: object) -> None:
    """Keep one value of the desk."""
    from sqlalchemy.dialects.sqlite import insert

    statement = insert(tables.setting).values(key=key, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))
