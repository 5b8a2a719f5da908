"""How much more memory large files cost on their whole way: kept, sent, carried on a stick, taken in.

Usage: python -m tests.bench.bench_large_file [--megabytes 100]

Five files of so many megabytes (the gateway takes 100 at most): kept by the desk (sealed), read through, sent
to a real gateway in chunks; written to a bundle and the bundle taken in at the province. Each step is a
child of its own; counted is its peak of resident memory over what it had before (Linux); so for the gateway.
Prints JSON; exit 0 only if no step costs 60 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from app.models import tables
from app.protocol.parts import FileRef
from app.province.bundle_desk import import_file
from app.sync.bundle_out import export_bundles
from app.sync.context import SyncDesk
from app.sync.enrolment import enrol
from app.sync.marks import CHUNK_SIZE, write_mark
from app.sync.round import run_round
from tests.support.desk_store import OFFICER, make_sync_desk, receive, reopen
from tests.support.gateway import Gateway, running_gateway

MOST_MB: Final = 60.0
COUNT: Final = 5
_MEGA: Final = 1 << 20


def memory(name: str, pid: int | str = "self") -> int:
    """KiB of ``VmHWM`` or ``VmRSS``."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))


def cost(work: Callable[[], object]) -> float:
    """MB that ``work`` takes at its peak, in a child of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        before, told = memory("VmRSS"), b"-1"
        try:
            work()
            told = str((memory("VmHWM") - before) / 1024).encode()
        finally:
            os.write(writing, told)
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as heard:
        more = float(heard.read() or b"-1")
    os.waitpid(child, 0)
    assert more >= 0, "a step failed"
    return round(more, 1)


def content(megabytes: int) -> Iterator[bytes]:
    """So many megabytes that no packing makes smaller."""
    yield b"%PDF-1.7\n"
    for _ in range(megabytes - 1):
        yield secrets.token_bytes(_MEGA)


def _keep(desk: SyncDesk, megabytes: int) -> None:
    for n in range(COUNT):
        sha256, size = desk.files.put_pieces(content(megabytes)), 9 + (megabytes - 1) * _MEGA
        row = {"sha256": sha256, "size": size, "media_type": "application/pdf", "purpose": "component"}
        with desk.store.write() as connection:
            connection.execute(insert(tables.stored_file).values(**row, created_at=desk.clock.now()))
            write_mark(connection, CHUNK_SIZE, 4 * _MEGA)
        receive(desk, n + 1, files=(FileRef(sha256, size, "application/pdf", "giay.pdf"),))


def _check(desk: SyncDesk) -> None:
    with desk.store.read() as connection:
        for row in connection.execute(tables.stored_file.select()).all():
            desk.files.check(row.sha256)


def measure(room: Path, megabytes: int) -> dict[str, Any]:
    """MB by step."""
    folder, stick = room / "desk", room / "goi.bundle"
    desk = make_sync_desk(folder)
    with running_gateway(room / "province") as gateway:
        enrol(desk, gateway.url, gateway.enrolment_code("quay-1", "H60.14.3"))
        desk.store.dispose()
        found: dict[str, Any] = {"megabytes": COUNT * megabytes}
        found["kept"] = cost(lambda: _keep(reopen(folder), megabytes))
        found["read through"] = cost(lambda: _check(reopen(folder)))
        found["bundle written"] = cost(lambda: export_bundles(reopen(folder), stick, OFFICER))
        found["bundle taken in"] = cost(lambda: import_file(gateway.db_url, stick))
        stick.unlink()
    with running_gateway(room / "second") as gateway:
        found |= _sent(room, gateway, megabytes)
    return found


def _sent(room: Path, gateway: Gateway, megabytes: int) -> dict[str, float]:
    desk = make_sync_desk(room / "desk2")
    enrol(desk, gateway.url, gateway.enrolment_code("quay-1", "H60.14.3"))
    run_round(desk)
    _keep(desk, megabytes)
    desk.store.dispose()
    Path(f"/proc/{gateway.pid}/clear_refs").write_text("5", encoding="ascii")
    before = memory("VmRSS", gateway.pid)
    more = cost(lambda: run_round(reopen(room / "desk2")))
    return {"sent": more, "gateway": round((memory("VmHWM", gateway.pid) - before) / 1024, 1)}


def main() -> int:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--megabytes", type=int, default=100)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="motcua-large-") as room:
        found = measure(Path(room), args.megabytes)
    print(json.dumps(found, indent=1))
    return 0 if all(value < MOST_MB for name, value in found.items() if name != "megabytes") else 1


if __name__ == "__main__":
    raise SystemExit(main())
