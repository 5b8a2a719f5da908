"""A desk's encrypted store as sync sees it, filled row by row without any service.

The store is made once a run and copied for each test. Events are built by ``app.protocol.events`` and are
what a real desk would send; names are made up.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import Connection, insert, select, update

from app.clock import VIETNAM, Clock, SystemClock
from app.models import tables
from app.models.database import STORE_FILE, Store
from app.models.files import FileStore
from app.models.opening import create_store, open_store
from app.models.search_index import refresh_search
from app.models.sync_state import refresh_sync_state
from app.protocol.canonical import canonical_bytes
from app.protocol.chain import chain_start
from app.protocol.events import EventDraft, build_event
from app.protocol.ids import new_id
from app.protocol.parts import (
    Actor,
    ClockEvidence,
    Component,
    Identifier,
    Party,
    ProcedureRef,
    Subject,
    UnitRef,
)
from app.protocol.payloads import DossierReceived, StreamOpened
from app.sync.context import SyncDesk
from app.sync.transport import Timing

KEY = bytes(range(32))
GSO = "02221"
UNIT_NAME = "Xã Ví Dụ"
OFFICER = "cb-001"
QUICK = Timing(connect_s=2.0, stall_s=20.0, grace_s=5.0, lowest_rate=100.0)
ACTOR = Actor(officer_id=OFFICER, officer_name="Nguyễn Văn Mẫu", role="counter")


@cache
def _template() -> Path:
    folder = Path(mkdtemp(prefix="motcua-sync-"))
    create_store(folder, KEY).dispose()
    return folder / STORE_FILE


def make_sync_desk(
    folder: Path, clock: Clock | None = None, *, timing: Timing = QUICK, desk_no: int = 1
) -> SyncDesk:
    """A new desk in ``folder``, its stream opened by event 1, nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(_template(), folder / STORE_FILE)
    desk = reopen(folder, clock, timing=timing)
    now = desk.clock.now()
    epoch = new_id()
    with desk.store.write() as connection:
        _insert_desk(connection, now, desk_no)
        connection.execute(
            insert(tables.stream).values(
                epoch=epoch,
                position=1,
                reason="installed",
                mark="KMB",
                opened_at=now,
                last_seq=0,
                chain=chain_start(epoch),
            )
        )
        add_event(
            connection, desk.clock, "stream.opened", Subject("stream", epoch), StreamOpened("installed")
        )
    return desk


def reopen(folder: Path, clock: Clock | None = None, *, timing: Timing = QUICK) -> SyncDesk:
    """The desk that lies in ``folder``."""
    store: Store = open_store(folder, KEY)
    return SyncDesk(store, FileStore(folder / "files", KEY), clock or SystemClock(), folder, timing=timing)


@dataclass(frozen=True)
class Received:
    """A dossier just written."""

    id: str
    number: str
    event_id: str


def receive(
    desk: SyncDesk,
    n: int = 1,
    *,
    name: str = "Trần Thị Ví Dụ",
    phone: str = "0900000123",
    personal_id: str = "008198000017",
    procedure: str = "1.001193",
    files: tuple[Any, ...] = (),
    break_payload: bool = False,
) -> Received:
    """A dossier taken in with a provisional number, its event in the outbox.

    ``break_payload`` makes an event the province must reject (no owner), sent all the same.
    """
    now = desk.clock.now()
    due = now + timedelta(days=3)
    dossier_id = new_id()
    with desk.store.write() as connection:
        number = f"TN-{GSO}-{now:%y%m%d}-1KMB{n:03d}"
        filing = DossierReceived(
            procedure=ProcedureRef(procedure, 1),
            channel="counter",
            submitted_at=now,
            received_at=now,
            due_at=due,
            abstract="Đăng ký khai sinh",
            owner=Party(name, [Identifier("personal_number", personal_id)], phone=phone),
            handling_unit=UnitRef(GSO, UNIT_NAME),
            components=[
                Component(new_id(), "KQ0001", "Giấy chứng sinh", "original", 1, digitised=False, file=each)
                for each in files or (None,)
            ],
            provisional=True,
        ).as_wire()
        if break_payload:
            filing["owner"] = {"kind": "citizen", "full_name": name, "identifiers": []}
        _insert_dossier(connection, dossier_id, number, n, name, procedure, now, due)
        connection.execute(
            insert(tables.party).values(
                id=new_id(),
                dossier_id=dossier_id,
                role="owner",
                full_name=name,
                id_kind="personal_number",
                id_value=personal_id,
                phone=phone,
                address={},
                source="typed",
            )
        )
        subject = Subject("dossier", dossier_id, number)
        event_id = add_event(connection, desk.clock, "dossier.received", subject, filing, dossier_id)
        refresh_search(connection, dossier_id)
    return Received(dossier_id, number, event_id)


def act(desk: SyncDesk, dossier: Received, event_type: str, payload: Mapping[str, Any], **more: Any) -> str:
    """One more event of a dossier; gives its id."""
    with desk.store.write() as connection:
        subject = Subject("dossier", dossier.id, dossier.number)
        return add_event(connection, desk.clock, event_type, subject, payload, dossier.id, **more)


def add_event(
    connection: Connection,
    clock: Clock,
    event_type: str,
    subject: Subject,
    payload: Any,
    dossier_id: str | None = None,
    **more: Any,
) -> str:
    """Append an event to the stream now written to."""
    c = tables.stream.c
    stream = connection.execute(select(tables.stream).order_by(c.position.desc()).limit(1)).mappings().one()
    event_id, now = new_id(), clock.now()
    draft = EventDraft(type=event_type, subject=subject, actor=ACTOR, occurred_at=now, payload=payload)
    body = build_event(
        replace(draft, **more),
        event_id=event_id,
        desk_seq=stream["last_seq"] + 1,
        recorded_at=now,
        clock=ClockEvidence(offset_ms=None, boot_id=clock.boot_id, monotonic_ms=clock.monotonic_ms()),
        previous_chain=stream["chain"],
    )
    connection.execute(
        insert(tables.event).values(
            event_id=event_id,
            epoch=stream["epoch"],
            desk_seq=body["desk_seq"],
            type=event_type,
            schema=body["schema"],
            subject_kind=subject.kind,
            subject_id=subject.id,
            dossier_id=dossier_id,
            occurred_at=now,
            recorded_at=now,
            body=canonical_bytes(body),
            digest=body["digest"],
            chain=body["chain"],
            files=body["files"],
            corrects=more.get("corrects"),
        )
    )
    connection.execute(
        update(tables.stream)
        .where(c.epoch == stream["epoch"])
        .values(last_seq=body["desk_seq"], chain=body["chain"])
    )
    if dossier_id is not None:
        refresh_sync_state(connection, dossier_id)
    return event_id


def verdicts(desk: SyncDesk) -> list[str | None]:
    """The verdict of every event in order."""
    c = tables.event.c
    with desk.store.read() as connection:
        return list(connection.execute(select(c.verdict).order_by(c.desk_seq)).scalars())


def dossier_row(desk: SyncDesk, dossier_id: str) -> Mapping[str, Any]:
    """The dossier's row."""
    c = tables.dossier.c
    with desk.store.read() as connection:
        return dict(connection.execute(select(tables.dossier).where(c.id == dossier_id)).mappings().one())


def _insert_desk(connection: Connection, now: datetime, desk_no: int) -> None:
    connection.execute(
        insert(tables.desk).values(
            id=new_id(), unit_code=GSO, desk_no=desk_no, name="Quầy 1", demo=True, created_at=now
        )
    )
    connection.execute(
        insert(tables.officer).values(
            id=OFFICER,
            login="canbo",
            name=ACTOR.officer_name,
            role="reception",
            password_hash="-",
            must_change=False,
            created_at=now,
        )
    )


def _insert_dossier(
    connection: Connection,
    dossier_id: str,
    number: str,
    n: int,
    name: str,
    procedure: str,
    now: datetime,
    due: datetime,
) -> None:
    connection.execute(
        insert(tables.dossier).values(
            id=dossier_id,
            request_id=dossier_id,
            provisional_number=number,
            procedure_code=procedure,
            procedure_version=1,
            procedure_name="Đăng ký khai sinh",
            procedure_detail="full",
            form_set="tt03-2025",
            tariff_version="1",
            calendar_version="1",
            channel="counter",
            status=2,
            submitted_at=now,
            received_at=now,
            recorded_at=now,
            due_at=due,
            due_reason="",
            due_confirmed=True,
            due_manual=False,
            copies=1,
            return_method="counter",
            receiving_unit=GSO,
            receiving_unit_name=UNIT_NAME,
            handling_unit=GSO,
            handling_unit_name=UNIT_NAME,
            custodian_unit=GSO,
            officer_id=OFFICER,
            owner_name=name,
            owner_sort=name.lower(),
            fee_total=0,
            facts={},
            answers={},
            register_book=f"01/{now.year}",
            register_no=n,
            sync_state="none",
        )
    )


MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=VIETNAM)
"""A Monday morning, for tests with a clock that stands still."""
