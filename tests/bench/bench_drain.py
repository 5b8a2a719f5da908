"""A day's fresh dossiers over a thin line, beside the line's own limit and one request a record.

``python -m tests.bench.bench_drain [--dossiers 1000] [--bits 256000] [--rtt 300]`` prints one JSON object.
Reference one: the bytes that went up, divided by the line's rate, and one round trip. Reference two: the same
desk's program made to send one event a request, over the same line, measured on a tenth and scaled. A whole
round is timed: meta, token, push, pull, catalogue, number block, end check. Times are of the line, which
sleeps; the ratio is what is compared.
"""

from __future__ import annotations

import argparse
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
    args = parser.parse_args()
    os.environ.update(ENVIRON)
    few = max(10, args.dossiers // 10)
    with (
        tempfile.TemporaryDirectory(prefix="motcua-drain-") as room,
        running_gateway(Path(room) / "province") as gateway,
    ):
        batched = drain(Path(room) / "a", gateway, "quay-1", args.dossiers, args.bits, args.rtt)
        with patch("app.sync.sender.MAX_EVENTS", 1):
            single = drain(Path(room) / "b", gateway, "quay-2", few, args.bits, args.rtt)
    limit = batched["up"] * 8 / args.bits + args.rtt / 1000
    one_by_one = single["seconds"] * args.dossiers / few
    print(
        json.dumps(
            {
                "dossiers": args.dossiers,
                "seconds": round(batched["seconds"], 2),
                "bytes_up": batched["up"],
                "bytes_down": batched["down"],
                "line_limit_s": round(limit, 2),
                "ratio_to_limit": round(batched["seconds"] / limit, 3),
                "one_request_a_record_s": round(one_by_one, 1),
                "ratio_to_one_a_record": round(batched["seconds"] / one_by_one, 4),
            }
        )
    )


def drain(room: Path, gateway: Gateway, slot: str, dossiers: int, bits: int, rtt: int) -> dict[str, float]:
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
        up, down, began = thin.up, thin.down, time.monotonic()
        report = line.sync()
        seconds = time.monotonic() - began
        assert report["reconciled"] and report["waiting"] == 0, report
        figures = {"seconds": seconds, "up": thin.up - up, "down": thin.down - down}
    desk.close()
    return figures


if __name__ == "__main__":
    main()
