"""The morning after: every commune of a province comes back on line at once, with days of work to send.

    python -m tests.bench.bench_storm --communes 124 --days 3 --a-day 100 --processes 2

One desk a commune against several gateway processes behind one real PostgreSQL (durable as in service),
all on this machine, the desks' side too. Each desk plays a whole round as SYNC-PROTOCOL 3.3 says it: meta,
token, stream, push until nothing is left, changes, acknowledgement, reconciliation; it obeys ``Retry-After``
and sends a lost or refused run again with the same key. A day is filings and the progress, completion and
return of most of them. Afterwards every event, chain, number and change is counted in the database.

Prints one JSON object; exit 1 where anything is lost, doubled or differs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import requests

from app.clock import VIETNAM
from app.protocol import payloads
from app.province import server
from app.province.times import to_ms
from tests.support.gateway import Gateway, running_gateway
from tests.support.postgres import Postgres, running_postgres
from tests.support.wire_desk import WireDesk

RUN_EVENTS = 250
RUN_BYTES = 1_000_000


@dataclass
class Run:
    """One prepared push: its key and its zipped body never change."""

    key: str
    body: bytes
    events: int


@dataclass
class Commune:
    """One desk, what it has to send, and what it saw."""

    desk: WireDesk
    runs: list[Run] = field(default_factory=list)
    dossiers: int = 0
    seconds: dict[str, list[float]] = field(default_factory=dict)
    told_to_wait: int = 0
    changes: int = 0
    accepted: int = 0
    faults: list[str] = field(default_factory=list)
    done_s: float = 0.0


def main() -> None:
    """Run the storm once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--communes", type=int, default=124)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--a-day", type=int, default=100, help="events of one commune a day")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=20261123)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(running_postgres())
        url = postgres.new_database()
        gateways = [
            stack.enter_context(
                running_gateway(folder / str(index), "--files", str(folder / "files"), db=url)
            )
            for index in range(asked.processes)
        ]
        result = storm(asked, gateways, postgres, url)
    print(json.dumps(result, indent=1))
    sys.exit(1 if result["faults"] else 0)


def storm(asked: argparse.Namespace, gateways: list[Gateway], postgres: Postgres, url: str) -> dict[str, Any]:
    """Prepare, let everybody loose, count."""
    began = time.monotonic()
    communes = prepare(asked, gateways, url)
    prepared = time.monotonic() - began
    load = os.getloadavg()[0]
    start = threading.Barrier(len(communes))
    chosen = [random.Random(f"{asked.seed}:{index}") for index in range(len(communes))]
    used_before = {"gateways": cpu_of([each.pid for each in gateways]), "postgresql": cpu_of([postgres.pid])}
    began, cpu = time.monotonic(), time.process_time()
    with ThreadPoolExecutor(len(communes)) as pool:
        list(pool.map(lambda pair: play(pair[0], pair[1], start, began), zip(communes, chosen, strict=True)))
    seconds = time.monotonic() - began
    cpu = time.process_time() - cpu
    events = sum(run.events for each in communes for run in each.runs)
    used = {"gateways": cpu_of([each.pid for each in gateways]), "postgresql": cpu_of([postgres.pid])}
    used = {name: round(value - used_before[name], 1) for name, value in used.items()}
    faults = [fault for each in communes for fault in each.faults]
    faults += count_all(postgres.address(url), communes, events)
    return {
        "communes": len(communes),
        "processes": len(gateways),
        "seed": asked.seed,
        "cores": os.cpu_count(),
        "load_of_the_machine_before": round(load, 1),
        "prepared_s": round(prepared, 1),
        "seconds": round(seconds, 1),
        "events": events,
        "events_per_s": round(events / seconds, 1),
        "pushes": sum(len(each.runs) for each in communes),
        "zipped_bytes": sum(len(run.body) for each in communes for run in each.runs),
        "seconds_of_calls": {name: shares(communes, name) for name in sorted(communes[0].seconds)},
        "rounds_done_s": quantiles([each.done_s for each in communes]),
        "told_to_wait": sum(each.told_to_wait for each in communes),
        "cpu_s": {"desks": round(cpu, 1), **used},
        "server_cpu_ms_per_event": round(1000 * sum(used.values()) / events, 2),
        "lost_or_doubled": len(faults),
        "faults": faults[:20],
    }


def prepare(asked: argparse.Namespace, gateways: list[Gateway], url: str) -> list[Commune]:
    """Enrolled desks with their sealed events, zipped and ready."""
    communes = []
    now = datetime.now(VIETNAM)
    store = server.open_store(url)
    try:
        for index in range(asked.communes):
            desk = WireDesk(gateways[index % len(gateways)].url, unit=f"H60.{index + 1}")
            with store.write() as db:
                code = server.operator.enrolment.new_code(db, now, f"quay-{index + 1}", desk.unit)
            assert desk.enrol(code).status_code == 201
            commune = Commune(desk)
            fill(commune, asked.days, asked.a_day, now)
            communes.append(commune)
    finally:
        store.dispose()
    return communes


def fill(commune: Commune, days: int, a_day: int, now: datetime) -> None:
    """Days of ordinary work: filings and what becomes of them, in runs as a desk sends them."""
    desk = commune.desk
    events = [desk.opened()]
    for day in range(days, 0, -1):
        at = (now - timedelta(days=day)).replace(hour=8, minute=0)
        wanted = len(events) + a_day
        while len(events) < wanted:
            at += timedelta(minutes=3)
            received = desk.received(at=at)
            commune.dossiers += 1
            steps = (
                ("dossier.progress", payloads.Progress()),
                ("dossier.completed", payloads.Completed()),
                ("dossier.returned", payloads.Returned("counter", "Người nhận")),
            )
            events.append(received)
            events += [desk.about(received, name, payload, at=at) for name, payload in steps]
        del events[wanted:]
        _rewind(desk, events)
    for first in range(0, len(events), RUN_EVENTS):
        part = events[first : first + RUN_EVENTS]
        body = json.dumps(desk.push_body(part), ensure_ascii=False).encode()
        assert len(body) <= RUN_BYTES
        key = f"00000000-0000-7000-8000-{first:012d}"
        commune.runs.append(Run(key, gzip.compress(body), len(part)))


def _rewind(desk: WireDesk, events: list[dict[str, Any]]) -> None:
    """The stream stands where the last event that was kept left it."""
    desk.seq, desk.chain = events[-1]["desk_seq"], events[-1]["chain"]


def play(commune: Commune, chosen: random.Random, start: threading.Barrier, began: float) -> None:
    """One whole round of one desk."""
    desk = commune.desk
    start.wait()
    timed(commune, chosen, "meta", "GET", "/v1/meta", signed_in=False)
    sign_in(commune)
    timed(commune, chosen, "stream", "GET", f"/v1/stream?epoch={desk.epoch}")
    for run in commune.runs:
        headers = {"Idempotency-Key": f'"{run.key}"', "Content-Encoding": "gzip"}
        answer = timed(commune, chosen, "push", "POST", "/v1/push", raw=run.body, headers=headers)
        verdicts = answer.json().get("verdicts", []) if answer.status_code == 200 else []
        commune.accepted += sum(each["verdict"] == "accepted" for each in verdicts)
    cursor = None
    while True:
        query = "limit=500" if cursor is None else f"limit=500&cursor={cursor}"
        page = timed(commune, chosen, "changes", "GET", f"/v1/changes?{query}").json()
        commune.changes += len(page["changes"])
        cursor = page["next_cursor"]
        if not page["more"]:
            break
    timed(commune, chosen, "ack", "PUT", "/v1/changes/ack", json_body={"cursor": cursor})
    asked = {"epoch": desk.epoch, "through_seq": desk.seq, "count": desk.seq, "chain": desk.chain}
    answer = timed(commune, chosen, "reconcile", "POST", "/v1/reconcile", json_body=asked)
    if answer.json().get("match") is not True:
        commune.faults.append(f"{desk.desk_id}: not reconciled")
    commune.done_s = time.monotonic() - began


def sign_in(commune: Commune) -> None:
    """A token, timed like everything else."""
    began = time.monotonic()
    commune.desk.sign_in()
    commune.seconds.setdefault("token", []).append(time.monotonic() - began)


def timed(commune: Commune, chosen: random.Random, name: str, *call: Any, **options: Any) -> Any:
    """A call until it is answered; its time includes every wait it was told to make."""
    began = time.monotonic()
    for _ in range(200):
        try:
            answer = commune.desk.call(*call, timeout=60, **options)
        except requests.RequestException:
            time.sleep(chosen.uniform(0.5, 2))
            continue
        if answer.status_code not in (409, 429, 503):
            break
        commune.told_to_wait += 1
        time.sleep(int(answer.headers.get("retry-after", "1")) * chosen.uniform(1, 1.5))
    if answer.status_code != 200:
        commune.faults.append(f"{commune.desk.desk_id}: {name} answered {answer.status_code}")
    commune.seconds.setdefault(name, []).append(time.monotonic() - began)
    return answer


def count_all(address: str, communes: list[Commune], events: int) -> list[str]:
    """What the database holds beside what the desks sent."""
    faults = []
    with psycopg.connect(address) as db:

        def one(query: str) -> Any:
            row = db.execute(query.encode()).fetchone()
            return None if row is None else row[0]

        dossiers = sum(each.dossiers for each in communes)
        counts = {
            "events stored": (one("SELECT count(*) FROM events"), events),
            "events accepted": (one("SELECT count(*) FROM events WHERE verdict = 'accepted'"), events),
            "different events": (one("SELECT count(DISTINCT event_id) FROM events"), events),
            "dossiers": (one("SELECT count(*) FROM dossiers"), dossiers),
            "numbers given": (one("SELECT count(*) FROM numbers"), dossiers),
            "dossiers numbered": (one("SELECT count(DISTINCT dossier_id) FROM numbers"), dossiers),
            "verdicts seen by desks": (sum(each.accepted for each in communes), events),
            "changes seen by desks": (sum(each.changes for each in communes), dossiers),
        }
        faults += [f"{name}: {held} of {wanted}" for name, (held, wanted) in counts.items() if held != wanted]
        rows = db.execute(b"SELECT desk_id, received_through, chain FROM streams").fetchall()
        held = {row[0]: (row[1], row[2]) for row in rows}
        for each in communes:
            if held.get(each.desk.desk_id) != (each.desk.seq, each.desk.chain):
                faults.append(f"{each.desk.desk_id}: the stream differs")
        assert to_ms(datetime.now(VIETNAM)) >= one("SELECT max(received_at) FROM events")
    return faults


def cpu_of(parents: list[int]) -> float:
    """Seconds of processor time of processes and all their descendants that are alive (Linux)."""
    times: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        own = int(stat.parent.name)
        times[own] = sum(int(word) for word in words[11:15])
        children.setdefault(int(words[1]), []).append(own)
    total, queue = 0, list(parents)
    while queue:
        own = queue.pop()
        total += times.get(own, 0)
        queue += children.get(own, [])
    return total / os.sysconf("SC_CLK_TCK")


def shares(communes: list[Commune], name: str) -> dict[str, float]:
    """Quantiles of one kind of call over all desks."""
    return quantiles([second for each in communes for second in each.seconds[name]])


def quantiles(values: list[float]) -> dict[str, float]:
    """Median, 99th percentile, largest."""
    ordered = sorted(values)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3)

    return {"p50": at(0.5), "p99": at(0.99), "max": at(1.0)}


if __name__ == "__main__":
    main()
