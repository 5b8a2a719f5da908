"""A day's fresh dossiers over a thin line, beside the line's own limit and one request a record.

``python -m tests.bench.bench_drain [--dossiers 1000] [--bits 256000] [--rtt 300]`` prints one JSON object.
Reference one: the bytes that went up, divided by the line's rate, and one round trip. Reference two: the same
desk's program made to send one event a request, over the same line, measured on a tenth and scaled. A whole
round is timed: meta, push, pull, catalogue, number block, end check; the token is that of the round before.
Times are of the line, which sleeps; the ratio is what is compared. CPU seconds are of desk and line together,
and of the gateway; ``--first`` lets both go before other programs of a busy machine (where the system allows
it), so that the line is measured and not the machine.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from app.clock import SystemClock
from app.line import DeskLine
from app.services.intake.reception import receive_dossier
from app.services.setup import open_desk
from tests.bench.bench_search import FAMILY, GIVEN, MIDDLE
from tests.support.desk import ENVIRON, HUONG, birth, desk_folder, officer, reference
from tests.support.gateway import Gateway, running_gateway
from tests.support.thin_line import ThinLine


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--dossiers", type=int, default=1000)
    parser.add_argument("--bits", type=int, default=256_000)
    parser.add_argument("--rtt", type=int, default=300)
    parser.add_argument("--first", action="store_true")
    args = parser.parse_args()
    os.environ.update(ENVIRON)
    few = max(10, args.dossiers // 10)
    with (
        tempfile.TemporaryDirectory(prefix="motcua-drain-") as room,
        running_gateway(Path(room) / "province") as gateway,
    ):
        line = (args.bits, args.rtt, args.first)
        batched = drain(Path(room) / "a", gateway, "quay-1", args.dossiers, *line)
        with patch("app.sync.sender.MAX_EVENTS", 1), patch("app.sync.round._worth_two", _never):
            single = drain(Path(room) / "b", gateway, "quay-2", few, *line)
    limit = batched["up"] * 8 / args.bits + args.rtt / 1000
    one_by_one = single["seconds"] * args.dossiers / few
    print(
        json.dumps(
            {
                "dossiers": args.dossiers,
                "seconds": round(batched["seconds"], 2),
                "bytes_up": batched["up"],
                "bytes_down": batched["down"],
                "cpu_desk_s": round(batched["cpu_desk"], 2),
                "cpu_gateway_s": round(batched["cpu_gateway"], 2),
                "line_limit_s": round(limit, 2),
                "ratio_to_limit": round(batched["seconds"] / limit, 3),
                "one_request_a_record_s": round(one_by_one, 1),
                "ratio_to_one_a_record": round(batched["seconds"] / one_by_one, 4),
            }
        )
    )


def drain(
    room: Path, gateway: Gateway, slot: str, dossiers: int, bits: int, rtt: int, first: bool
) -> dict[str, float]:
    """Enrol over the free line, receive with the line down, send over the thin one."""
    room.mkdir()
    desk = open_desk(desk_folder(room), SystemClock(), reference=reference())
    line = DeskLine(desk)
    with ThinLine(gateway.url, bits_per_second=bits, round_trip_ms=rtt) as thin:
        line.enrol(thin.url, gateway.enrolment_code(slot, desk.profile.unit_code), None)
        line.sync()
        by = officer(desk)
        for n in range(dossiers):
            name = f"{FAMILY[n % 12]} {MIDDLE[n % 8]} {GIVEN[n % 13]}".replace("  ", " ")
            owner = replace(HUONG, name=name, id_value=f"0081980{n:05d}", phone=f"09{n:08d}")
            receive_dossier(desk, by, birth(owner=owner))
        if first:
            _go_first(os.getpid(), gateway.pid)
        up, down, began = thin.up, thin.down, time.monotonic()
        cpu, cpu_there = time.process_time(), _cpu_of(gateway.pid)
        report = line.sync()
        seconds = time.monotonic() - began
        assert report["reconciled"] and report["waiting"] == 0, report
        figures = {
            "seconds": seconds,
            "up": thin.up - up,
            "down": thin.down - down,
            "cpu_desk": time.process_time() - cpu,
            "cpu_gateway": _cpu_of(gateway.pid) - cpu_there,
        }
    desk.close()
    return figures


def _never(_desk: object) -> bool:
    """One request after the other."""
    return False


def _cpu_of(pid: int) -> float:
    """CPU seconds a process has used; 0 where the system does not say."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _go_first(*pids: int) -> None:
    """Every thread of these processes before others, where that is allowed; for seconds of CPU only."""
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").glob("*"):
            with contextlib.suppress(OSError, AttributeError):
                os.sched_setscheduler(int(thread.name), os.SCHED_RR, os.sched_param(1))


if __name__ == "__main__":
    main()
