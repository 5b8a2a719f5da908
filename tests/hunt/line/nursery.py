"""A small process that has everything imported and gives birth to gateways and to desks that are to die.

Starting Python and importing the program costs more than a second; a fork of a process that has done so
costs some milliseconds. What is born is the real program: the gateway as ``app.province.server.serve`` runs
it, a desk's round as ``app.sync.round.run_round`` runs it, each in a process of its own that can be killed.

    nursery = Nursery(); pid = nursery.gateway(...); os.kill(pid, SIGKILL); nursery.wait(pid)
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_EVERYTHING = (
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "app.sync.round",
    "tests.hunt.line.fate",
    "tests.hunt.line.plants",
    "tests.hunt.line.side",
    "tests.support.desk_store",
)
SELDOM = 50_000
"""How many new objects call for the collector: a hunt has little to collect and much to do."""


class Nursery:
    """The parent's side. Not shared between threads without a lock."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hunt.line.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def gateway(
        self,
        db_url: str,
        port: int,
        log: Path,
        *,
        tls: tuple[Path, Path] | None = None,
        plant: str | None = None,
    ) -> int:
        """Start a gateway; gives its process id at once, before it answers."""
        named = None if tls is None else [str(each) for each in tls]
        return int(self._ask(do="gateway", db=db_url, port=port, log=str(log), tls=named, plant=plant))

    def doomed_round(
        self, folder: Path, log: Path, seed: float, start: str, last: Path, plant: str | None
    ) -> int:
        """One round of the desk in ``folder`` in a process killed where ``fate(seed, start)`` says; ``last``:
        the file that names the point."""
        named = {"folder": str(folder), "log": str(log), "last": str(last)}
        return int(self._ask(do="round", **named, seed=seed, start=start, plant=plant))

    def wait(self, pid: int) -> int:
        """Wait for one that was born here: its exit code, negative for a signal."""
        return int(self._ask(do="wait", pid=pid))

    def close(self) -> None:
        """End it, and what it bore with it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def _ask(self, **members: Any) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(members), file=self._process.stdin, flush=True)
        return self._process.stdout.readline()


def main() -> None:
    """Serve orders from stdin, one JSON object a line, until it closes."""
    _import_everything()
    alive: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "wait":
            print(os.waitstatus_to_exitcode(os.waitpid(order["pid"], 0)[1]), flush=True)
            alive.discard(order["pid"])
            continue
        pid = os.fork()
        if pid:
            alive.add(pid)
            print(pid, flush=True)
            continue
        _live(order)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


def _import_everything() -> None:
    """What every child would import or read again, the late imports of a first start among it."""
    for name in _EVERYTHING:
        import_module(name)
    from app.province.schemas import faults
    from app.province.server import make_app

    with TemporaryDirectory() as folder:
        make_app(f"sqlite:///{folder}/gateway.db")
    faults("Event", {})
    gc.set_threshold(SELDOM)
    gc.collect()
    gc.freeze()


def _live(order: dict[str, Any]) -> None:
    """The child: never returns."""
    code = 1
    try:
        _own_output(order["log"])
        (_gateway if order["do"] == "gateway" else _round)(order)
        code = 0
    except BaseException as failure:
        print(f"{type(failure).__name__}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def _own_output(log: str) -> None:
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(ours, theirs)


def _gateway(order: dict[str, Any]) -> None:
    from app.province.server import serve
    from tests.hunt.line.plants import planted

    tls = None if order["tls"] is None else (Path(order["tls"][0]), Path(order["tls"][1]))
    with planted(order["plant"]):
        serve(order["db"], "127.0.0.1", order["port"], tls=tls, desk_rate=0)


def _round(order: dict[str, Any]) -> None:
    from app.sync.round import run_round
    from tests.hunt.line.fate import fate, kill_noting
    from tests.hunt.line.plants import planted
    from tests.hunt.line.side import HASTY, patient
    from tests.support import desk_store

    desk = desk_store.reopen(Path(order["folder"]), timing=HASTY)
    kill = kill_noting(Path(order["last"]))
    with planted(order["plant"]), patient(), fate(order["seed"], kill, order["start"]):
        run_round(desk, sleep=lambda _: None)


if __name__ == "__main__":
    main()
