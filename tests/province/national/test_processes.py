"""Real processes: killed between call and commit; several on one PostgreSQL; the gateway's own thread."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from app.clock import SystemClock
from app.province import operator
from app.province.national.setup import make_worker
from app.province.national.tables import national_dossiers
from app.province.store import Store
from tests.province.national.rig import FILE, LOOKS_UP, Rig
from tests.province.verdicts import accepted
from tests.support.gateway import Gateway, running_gateway
from tests.support.national_portal import KEY, SECRET, Portal
from tests.support.postgres import Postgres
from tests.support.wire_desk import WireDesk

_units = itertools.count(700)


def motcua(*arguments: str, **environ: str) -> tuple[int, Any]:
    """``motcua gateway national …`` as an operator types it."""
    command = [sys.executable, "-m", "app", "--json", "gateway", "national", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, **environ})
    assert "Trần" not in done.stderr and SECRET not in done.stderr
    return done.returncode, json.loads(done.stdout) if done.stdout else None


def forget_waits(rig: Rig) -> None:
    """As if the lease and the pauses had run out."""
    with rig.store.write() as db:
        db.execute(national_dossiers.update().values(claimed_until=0, not_before=0))


@pytest.mark.parametrize(
    ("point", "turn"),
    [
        ("national_before_call", 2),
        ("national_after_call", 1),
        ("national_after_call", 2),
        ("national_after_commit", 1),
    ],
)
def test_a_killed_process_leaves_one_dossier_and_one_step(rig: Rig, point: str, turn: int) -> None:
    received = rig.receive()
    options = ("--db", rig.gateway.db_url, "--config", str(rig.file()))
    exit_code, _ = motcua("run", *options, MOTCUA_FAILPOINT=f"{point}:kill@{turn}")
    assert exit_code == -9
    told = rig.steps(received)
    rig.run(step=timedelta(minutes=20))
    assert rig.steps(received) == told, "the dead one's claim still stands"
    rig.run()
    assert rig.steps(received) == ["2"]
    assert rig.held(received) == ()


def test_status_retry_and_map_check(new_rig: Callable[..., Rig]) -> None:
    rig = new_rig(province="")
    received = rig.receive()
    rig.more = ""
    path = rig.file()
    path.write_text(path.read_text("utf-8").replace('[procedures."1.001193"]', '[procedures."1.000001"]'))
    exit_code, told = motcua("map-check", "--config", str(path), "--db", rig.gateway.db_url)
    assert exit_code == 0 and told["ready"] is False
    assert ("procedure", "1.001193", 1) in [
        (each["code"], each["place"], each["dossiers"]) for each in told["missing"]
    ]
    assert (
        told["notes"]
        and {"list": "filed_via", "name": "national_portal", "code": "1", "mark": "inf"} in (told["unsure"])
    )
    options = ("--db", rig.gateway.db_url)
    exit_code, told = motcua("run", *options, "--config", str(path))
    assert (exit_code, told["held"]) == (0, 1)
    exit_code, told = motcua("status", *options)
    assert "1.001193" in told["reasons"][0]["words"] and told["held_dossiers"][0]["dossier"] == rig.number(
        received
    )
    rig.portal.plan(None, "cut-after")
    assert motcua("run", *options, "--config", str(rig.file()))[1]["retrying"] == 1
    forget_waits(rig)
    assert motcua("run", *options, "--config", str(rig.file()))[1]["held"] == 1
    number = rig.number(received)
    assert motcua("retry", *options)[1] == {"freed": 0}, "steps in doubt need an answer"
    exit_code, said = motcua("retry", *options, "--steps", "there")
    assert (exit_code, said["error"]["field"]) == (2, "dossier")
    exit_code, said = motcua("retry", *options, "--dossier", "H60.0-0")
    assert (exit_code, said["error"]["code"]) == (4, "dossier-unknown")
    assert motcua("retry", *options, "--dossier", number, "--steps", "there")[1] == {"freed": 1}
    assert motcua("run", *options, "--config", str(rig.file()))[1]["done"] == 1
    assert rig.steps(received) == ["2"]
    rig.portal.forget(number)
    assert motcua("retry", *options, "--dossier", number, "--again")[1] == {"freed": 1}
    assert motcua("run", *options, "--config", str(rig.file()))[1]["done"] == 1
    assert rig.steps(received)[:1] == ["2"]


def test_a_file_or_a_secret_that_cannot_be_used(rig: Rig) -> None:
    path = rig.file()
    run = ("run", "--db", rig.gateway.db_url, "--config")
    (rig.folder / "secret").chmod(0o644)
    assert motcua(*run, str(path))[1]["error"]["code"] == "national-secret-open"
    (rig.folder / "secret").unlink()
    assert motcua(*run, str(path))[1]["error"]["code"] == "national-secret"
    assert motcua(*run, str(rig.folder / "none.toml"))[1]["error"]["code"] == "national-file"
    for before, after, code in (
        ("http://127.0.0.1", "http://trung-uong.example", "national-address"),
        ('generation = "g2"', 'generation = "g9"', "national-file"),
        ("[province]", '[province]\nnumber_prefix = "H60"', "national-file"),
    ):
        changed = rig.folder / "changed.toml"
        changed.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
        exit_code, said = motcua(*run, str(changed))
        assert (exit_code, said["error"]["code"], said["error"]["field"]) == (2, code, "national")


@pytest.fixture
def own_unit() -> str:
    """A unit of one test alone: the portal remembers the numbers of the others."""
    return f"H60.{next(_units)}"


@pytest.fixture
def serving(tmp_path: Path, portal: Portal, own_unit: str) -> Iterator[Callable[..., Gateway]]:
    """Starts gateway processes that tell onward, on one store."""
    for name, text in (("key", KEY), ("secret", SECRET)):
        (tmp_path / name).write_text(text, "utf-8")
        (tmp_path / name).chmod(0o600)
    path = tmp_path / "national.toml"
    path.write_text(
        FILE.format(
            url=portal.url,
            token_url=portal.token_url,
            key=tmp_path / "key",
            secret=tmp_path / "secret",
            province=LOOKS_UP,
            unit=own_unit,
            more="",
            generation="g2",
            service_code="",
            stall_s=5.0,
            settle_s=0.0,
        ),
        "utf-8",
    )
    with ExitStack() as ends:

        def start(name: str, *extra: str, db: str | None = None) -> Gateway:
            more = ("--national", str(path), "--files", str(tmp_path / "files"), *extra)
            return ends.enter_context(running_gateway(tmp_path / name, *more, db=db))

        yield start


def enrolled(gateway: Gateway, unit: str) -> WireDesk:
    desk = WireDesk(gateway.url, unit=unit)
    assert desk.enrol(gateway.enrolment_code("quay-1", desk.unit)).status_code == 201
    desk.sign_in()
    accepted(desk, desk.opened())
    return desk


def wait_for(work: Callable[[], bool], seconds: float = 40.0) -> None:
    deadline = time.monotonic() + seconds
    while not work():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_gateway_tells_onward_by_itself(
    serving: Callable[..., Gateway], portal: Portal, tmp_path: Path, own_unit: str
) -> None:
    gateway = serving("one")
    desk = enrolled(gateway, own_unit)
    accepted(desk, desk.received())
    wait_for(lambda: own_unit in "".join(portal.state()["dossiers"]))
    path = tmp_path / "national.toml"
    path.write_text(path.read_text("utf-8").replace(f'[agencies."{own_unit}"]', '[agencies."x"]'), "utf-8")
    time.sleep(3)
    held = desk.received()
    accepted(desk, held)

    def metrics() -> str:
        return requests.get(f"{gateway.url}/metrics", timeout=5).text

    wait_for(lambda: "motcua_national_held 1" in metrics())
    text = metrics()
    assert 'motcua_national_calls_total{kind="create",outcome="done"} 1' in text
    assert "motcua_national_last_success_age_seconds" in text
    with gateway.store() as store:
        token = operator.operator_token(store, SystemClock().now())
    browser = requests.Session()
    page = browser.post(f"{gateway.url}/operator/login", data={"token": token}).text
    assert "Cổng Dịch vụ công quốc gia" in page and "bị giữ lại" in page
    assert f"Đơn vị {own_unit} chưa có trong bảng đối chiếu" in page
    assert "Trần Thị" not in page + gateway.log and SECRET not in gateway.log
    assert all("%" not in each["path"] for each in portal.state()["seen"]), "codes only in addresses"
    path.write_text(path.read_text("utf-8").replace('[agencies."x"]', f'[agencies."{own_unit}"]'), "utf-8")
    wait_for(lambda: "motcua_national_held 0" in metrics())
    began = time.monotonic()
    gateway.stop()
    assert time.monotonic() - began < 10


def test_several_processes_on_one_postgresql_call_once(
    serving: Callable[..., Gateway], portal: Portal, postgres: Postgres, own_unit: str
) -> None:
    url = postgres.new_database()
    portal.plan(*[["late", 0.05]] * 40)
    gateways = [serving(name, db=url) for name in ("one", "two", "three")]
    desk = enrolled(gateways[0], own_unit)
    before = portal.state()["calls"]
    events = [desk.received() for _ in range(30)]
    accepted(desk, *events)
    for event in events[:10]:
        accepted(desk, desk.about(event, "dossier.withdrawn", _withdrawal()))

    def all_told() -> bool:
        state = portal.state()
        mine = [steps for number, steps in state["steps"].items() if number.startswith(f"{own_unit}-")]
        return sum(map(len, mine)) >= 40

    wait_for(all_told, 90)
    time.sleep(1)
    state = portal.state()
    mine = {number: steps for number, steps in state["steps"].items() if number.startswith(f"{own_unit}-")}
    codes = {
        desk.call("GET", f"/v1/dossiers/{event['subject']['id']}").json()["code"]: 2 if index < 10 else 1
        for index, event in enumerate(events)
    }
    assert {number: len(steps) for number, steps in mine.items() if number in codes} == codes
    assert state["calls"]["created"] - before.get("created", 0) == 30


def test_two_workers_never_have_the_same_dossier(postgres: Postgres, tmp_path: Path, rig: Rig) -> None:
    """A worker that was held up loses its claim and makes no call."""
    from app.province.national import queue

    received = rig.receive()
    first, second = rig.worker(), rig.worker()
    first.discover()
    mine = rig.store.do(first._claim)
    assert mine is not None and rig.store.do(second._claim) is None
    rig.clock.advance(timedelta(milliseconds=queue.LEASE_MS + 1))
    second.drain()
    before = rig.portal.state()["calls"]
    assert rig.store.do(lambda db: queue.begin(db, 0, mine, "create")) is False
    assert rig.portal.state()["calls"] == before and rig.steps(received) == ["2"]
    for worker in (first, second):
        worker.adapter.close()


def _withdrawal() -> Any:
    from app.protocol import payloads

    return payloads.EndWithReason("Công dân xin rút")


def test_a_worker_without_a_file_is_refused(tmp_path: Path) -> None:
    from app.errors import UsageError

    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(UsageError):
        make_worker(store, SystemClock(), tmp_path / "none.toml")
    store.dispose()
