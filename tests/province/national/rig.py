"""A gateway with a desk, the stand-in portal, and a worker between them whose clock the test moves."""

from __future__ import annotations

import itertools
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.clock import VIETNAM, FixedClock
from app.protocol import payloads
from app.province.national import overview
from app.province.national.reasons import Reason
from app.province.national.setup import make_worker
from app.province.national.worker import Worker
from app.province.store import Store
from tests.province.conftest import ClockedGateway
from tests.province.verdicts import accepted
from tests.support.national_portal import KEY, SECRET, Portal

_numbers = itertools.count(100)

FILE = """
generation = "{generation}"
[line]
url = "{url}"
token_url = "{token_url}"
key_file = "{key}"
secret_file = "{secret}"
connect_s = 2.0
stall_s = {stall_s}
settle_s = {settle_s}
[province]
number_prefixes = ["H60"]
documents_url = "https://tep.example/{{unit}}/{{sha256}}"
{province}
[procedures."1.001193"]
code = "1.001193"
name = "Thủ tục đăng ký khai sinh"
field_code = "G15-TP07"
field_name = "Hộ tịch"
service_code = "{service_code}"
[agencies."{unit}"]
code = "000.01.60.H60"
name = "UBND xã Ví Dụ"
{more}
"""

LOOKS_UP = 'lookup_path = "TraCuuHoSo"\nlookup_steps = "DanhSachTienDo"'


@dataclass
class Rig:
    """See the module."""

    folder: Path
    gateway: ClockedGateway
    portal: Portal
    province: str = LOOKS_UP
    more: str = ""
    generation: str = "g2"
    stall_s: float = 5.0
    settle_s: float = 0.0
    unit: str = field(default_factory=lambda: f"H60.{next(_numbers)}")
    clock: FixedClock = field(default_factory=lambda: FixedClock(datetime.now(VIETNAM)))

    def __post_init__(self) -> None:
        self.store = Store(self.gateway.db_url)
        self.desk = self.gateway.new_desk(f"quay-{self.unit}", self.unit)
        accepted(self.desk, self.desk.opened())

    def file(self) -> Path:
        """The province's file as it is now."""
        for name, text in (("key", KEY), ("secret", SECRET)):
            path = self.folder / name
            path.write_text(text, "utf-8")
            path.chmod(0o600)
        text = FILE.format(
            url=self.portal.url,
            token_url=self.portal.token_url,
            key=self.folder / "key",
            secret=self.folder / "secret",
            province=self.province,
            unit=self.unit,
            more=self.more,
            generation=self.generation,
            service_code="DVC-1",
            stall_s=self.stall_s,
            settle_s=self.settle_s,
        )
        tomllib.loads(text)
        path = self.folder / "national.toml"
        path.write_text(text, "utf-8")
        return path

    def worker(self) -> Worker:
        """A new worker, as a new process would have."""
        worker = make_worker(self.store, self.clock, self.file())
        worker.jitter = lambda low, _high: low
        return worker

    def run(self, times: int = 1, step: timedelta = timedelta(minutes=20)) -> None:
        """Rounds of one worker, with time between them."""
        worker = self.worker()
        for _ in range(times):
            assert worker.drain(most=500) < 500
            self.clock.advance(step)
        worker.adapter.close()

    def receive(self, **options: Any) -> dict[str, Any]:
        """An accepted dossier's first event."""
        event = self.desk.received(**options)
        accepted(self.desk, event)
        return event

    def do(self, received: dict[str, Any], type_: str, payload: Any, **options: Any) -> dict[str, Any]:
        """One more accepted act."""
        event = self.desk.about(received, type_, payload, **options)
        accepted(self.desk, event)
        return event

    def progress(self, received: dict[str, Any], note: str = "Đang xử lý", **options: Any) -> dict[str, Any]:
        """A step of processing."""
        return self.do(received, "dossier.progress", payloads.Progress(note), **options)

    def number(self, received: dict[str, Any]) -> str:
        """The dossier's official number."""
        answer = self.desk.call("GET", f"/v1/dossiers/{received['subject']['id']}")
        code: str = answer.json()["code"]
        return code

    def shown(self, received: dict[str, Any]) -> dict[str, Any]:
        """The dossier as the portal holds it."""
        body: dict[str, Any] = self.portal.state()["dossiers"][self.number(received)]
        return body

    def steps(self, received: dict[str, Any]) -> list[str]:
        """The statuses of its steps at the portal."""
        return [each["TrangThai"] for each in self.portal.state()["steps"].get(self.number(received), [])]

    def held(self, received: dict[str, Any]) -> tuple[Reason, ...]:
        """Why it is held."""
        with self.store.read() as db:
            lines = overview.held_lines(db)
        mine = [line for line in lines if line.dossier_id == received["subject"]["id"]]
        return mine[0].reasons if mine else ()

    def close(self) -> None:
        """Close the store."""
        self.store.dispose()
