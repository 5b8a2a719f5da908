"""One desk of the hunt: its real store, its bad line, and what the hunt itself remembers of it."""

from __future__ import annotations

import gzip
import json
import random
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import insert, select, update

from app.models import tables
from app.models.epochs import RESTORED, open_epoch
from app.models.sync_state import refresh_sync_state
from app.protocol.ids import new_id
from app.protocol.parts import Component, FileRef, Identifier, Party, ProcedureRef, Subject, UnitRef
from app.protocol.payloads import DossierReceived
from app.services.desk import DeskProfile
from app.services.numbering import NumberGiver
from app.sync import link, uploads
from app.sync.context import SyncDesk
from app.sync.desk_keys import ask_new_keys
from app.sync.transport import Timing
from tests.support import desk_store as made
from tests.support.fault_proxy import FaultProxy

HASTY = Timing(connect_s=2.0, stall_s=1.0, grace_s=0.5, lowest_rate=2_000.0)
"""Waits are short here; what they wait for is the same."""
TRIES = 150
"""How often a call is made within a round, without waiting: so that a round gets further in on a bad line."""
CHUNK = 16 * 1024
NAME = "Dấu Vết"
PERSONAL_ID = "008198"
PHONE = "0900000777"
MARKERS = (NAME, "Dau Vet", "D\\u1ea5u", PERSONAL_ID, PHONE)
"""No URL and no log may hold any of these."""
_PUSH = b"POST /v1/push"


@contextmanager
def patient() -> Iterator[None]:
    """Rounds that try a call ``TRIES`` times and wait as long as the province asks for; small chunks, so that
    a scan takes several."""
    with (
        mock.patch.object(link, "TRIES", TRIES),
        mock.patch.object(link, "PATIENCE_S", float("inf")),
        mock.patch.object(uploads, "LARGEST", CHUNK),
    ):
        yield


@dataclass
class Side:
    """One desk. ``gso`` and ``unit``: its commune; ``copy``: an older copy of its folder."""

    folder: Path
    proxy: FaultProxy
    gso: str
    unit: str
    chance: random.Random
    desk: SyncDesk = field(init=False)
    client_id: str = ""
    made_events: set[str] = field(default_factory=set)
    open_dossiers: list[tuple[str, str]] = field(default_factory=list)
    scans: dict[str, bytes] = field(default_factory=dict)
    copy: Path | None = None
    keys: dict[str, int] = field(default_factory=dict)
    suspicions: list[str] = field(default_factory=list)
    late_events: set[str] = field(default_factory=set)
    mood: str = "calm"
    serial: int = 0

    def receive(self) -> tuple[str, str]:
        """A dossier is taken in: (dossier id, number)."""
        self.serial += 1
        desk = self.desk
        now = desk.clock.now()
        file = self._scan() if self.chance.random() < 0.15 else None
        with desk.store.write() as connection:
            giver = NumberGiver(connection, self._profile(connection))
            given = giver.number(now)
            giver.keep()
            number, dossier_id = given.printed, new_id()
            name = f"{NAME} {self.serial}"
            made._insert_dossier(connection, dossier_id, number, self.serial, name, "1.001193", now, now)
            if given.official:
                connection.execute(
                    update(tables.dossier)
                    .where(tables.dossier.c.id == dossier_id)
                    .values(number=number, provisional_number=None)
                )
            payload = self._filing(name, now, file, provisional=given.official is None).as_wire()
            if self.chance.random() < 0.05:
                payload["owner"] = {"kind": "citizen", "full_name": name, "identifiers": []}
            subject = Subject("dossier", dossier_id, number)
            event_id = made.add_event(
                connection, desk.clock, "dossier.received", subject, payload, dossier_id
            )
        self.made_events.add(event_id)
        self.open_dossiers.append((dossier_id, number))
        return dossier_id, number

    def go_on(self) -> None:
        """A step of a dossier."""
        if not self.open_dossiers:
            return
        dossier_id, number = self.chance.choice(self.open_dossiers)
        with self.desk.store.write() as connection:
            subject = Subject("dossier", dossier_id, number)
            payload = {"note": f"Thẩm tra giấy của {NAME}"}
            event_id = made.add_event(
                connection, self.desk.clock, "dossier.progress", subject, payload, dossier_id
            )
            refresh_sync_state(connection, dossier_id)
        self.made_events.add(event_id)

    def ask_keys(self) -> None:
        """The next round is to change the desk's keys."""
        ask_new_keys(self.desk)

    def save(self) -> None:
        """A raw copy of the desk as it stands."""
        self.desk.store.dispose()
        target = self.folder.with_name(f"{self.folder.name}-copy")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.folder, target)
        self.copy = target

    def restore(self, at_province: set[str]) -> None:
        """The older copy takes the desk's place. What only the lost PC knew is gone and not asked for;
        papers are scanned again."""
        assert self.copy is not None
        self.desk.store.dispose()
        shutil.rmtree(self.folder)
        shutil.copytree(self.copy, self.folder)
        self.desk = made.reopen(self.folder, timing=HASTY)
        with self.desk.store.write() as connection:
            open_epoch(connection, self.desk.clock, RESTORED)
            here = set(connection.execute(select(tables.event.c.event_id)).scalars())
            known = set(connection.execute(select(tables.dossier.c.id)).scalars())
        self.made_events &= here | at_province
        self.open_dossiers = [each for each in self.open_dossiers if each[0] in known]
        for sha256, content in self.scans.items():
            if not self.desk.files.has(sha256):
                self._keep_scan(sha256, content)

    def watch(self, request: bytes, answer: bytes) -> None:
        """What the gateway was really asked and really said: one key goes with one body, and what was sent
        before is repeated under its key, so that the stored answer comes back and never a duplicate.

        Only a run that is late on the way may meet another one: the desk has given it up meanwhile."""
        if not request.startswith(_PUSH):
            return
        head, _, body = request.partition(b"\r\n\r\n")
        key = next(
            (line for line in head.lower().split(b"\r\n") if line.startswith(b"idempotency-key:")), b""
        )
        digest = zlib.crc32(body)
        if self.keys.setdefault(key.decode(), digest) != digest:
            self.suspicions.append("one key for two bodies")
        if b"duplicate" in answer and not _doubled(answer) <= self.late_events:
            self.suspicions.append("a repeated run went under another key")

    def note_late(self, request: bytes) -> None:
        """A request that the gateway will get when others have passed it."""
        if request.startswith(_PUSH):
            body = _body_of(request)
            self.late_events |= {each["event_id"] for each in json.loads(body)["events"]}

    def _profile(self, connection: Any) -> DeskProfile:
        row = connection.execute(select(tables.desk)).mappings().one()
        return DeskProfile(
            row["id"],
            row["unit_code"],
            made.UNIT_NAME,
            "",
            row["agency_code"],
            row["desk_no"],
            row["name"],
            True,
        )

    def _filing(
        self, name: str, now: datetime, file: FileRef | None, *, provisional: bool
    ) -> DossierReceived:
        paper = Component(new_id(), "KQ0001", "Giấy", "original", 1, digitised=file is not None, file=file)
        personal_id = f"{PERSONAL_ID}{self.serial:06d}"
        return DossierReceived(
            procedure=ProcedureRef("1.001193", 1),
            channel="counter",
            submitted_at=now,
            received_at=now,
            due_at=now,
            abstract="Đăng ký khai sinh",
            owner=Party(name, [Identifier("personal_number", personal_id)], phone=PHONE),
            handling_unit=UnitRef(self.gso, made.UNIT_NAME),
            components=[paper],
            provisional=provisional,
        )

    def _scan(self) -> FileRef:
        content = b"%PDF-1.7\n" + self.chance.randbytes(self.chance.randrange(100, 90_000))
        sha256 = self.desk.files.put(content)
        self.scans[sha256] = content
        self._keep_scan(sha256, None)
        return FileRef(sha256, len(content), "application/pdf", "giay.pdf")

    def _keep_scan(self, sha256: str, content: bytes | None) -> None:
        if content is not None:
            self.desk.files.put(content)
        size = len(self.scans[sha256])
        with self.desk.store.write() as connection:
            there = select(tables.stored_file.c.sha256).where(tables.stored_file.c.sha256 == sha256)
            if connection.execute(there).first() is None:
                connection.execute(
                    insert(tables.stored_file).values(
                        sha256=sha256,
                        size=size,
                        media_type="application/pdf",
                        purpose="component",
                        created_at=self.desk.clock.now(),
                    )
                )


def leaks(text: str) -> list[str]:
    """Which markers a log or address holds, also as JSON or a URL may write them."""
    escaped = [json.dumps(each)[1:-1] for each in MARKERS]
    return [each for each in {*MARKERS, *escaped} if each in text]


def _body_of(message: bytes) -> bytes:
    head, _, body = message.partition(b"\r\n\r\n")
    return gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body


def _doubled(answer: bytes) -> set[str]:
    """The events an answer to a push calls duplicates."""
    try:
        said = json.loads(_body_of(answer))
    except (ValueError, OSError, EOFError):
        return set()
    return {each["event_id"] for each in said.get("verdicts", ()) if each["verdict"] == "duplicate"}
