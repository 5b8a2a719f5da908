"""How long the window takes to close in every state of the line (I19: 3 s at most).

Usage: python -m tests.bench.bench_closing [STATE …]

Each state is a process of its own: the real window off screen on an enrolled demo desk, its own network
worker brought into the state by a server that does what the state needs, then the window is closed.
``window_s``: until the window is gone; ``process_s``: until the desk is shut as well. Prints JSON; exit 0
only if no window took longer than 3 s.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import insert, update

from app.clock import SystemClock
from app.line import DeskLine, sync_desk
from app.models import tables
from app.models.carry_tables import upload
from app.services.intake.reception import receive_dossier
from app.services.setup import open_desk
from app.sync.marks import CHUNK_SIZE, write_mark
from tests.support.desk import ENVIRON, birth, desk_folder, officer, reference
from tests.support.gateway import Gateway, running_gateway
from tests.sync import certificates

MOST_S: Final = 3.0
STATES: Final = (
    "connecting",
    "handshake",
    "waiting",
    "receiving slowly",
    "stalled in an answer",
    "sending a chunk",
    "waiting after a chunk",
    "pause before another try",
    "probing",
    "name looked up",
    "no line",
)
_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
_SETTLE_S: Final = 1.0


class Peer:
    """A server for one state; ``reached`` is set when the desk is in it."""

    def __init__(self, state: str, gateway: Gateway) -> None:
        self.state, self.reached = state, threading.Event()
        self._gateway = urlsplit(gateway.url)
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        self._listener.bind(("127.0.0.1", 0))
        self._kept: list[socket.socket] = []

    @property
    def url(self) -> str:
        """What the desk is told."""
        port = self._listener.getsockname()[1]
        if self.state == "name looked up":
            return "https://cong.tinh.invalid"
        return f"http{'s' if self.state == 'handshake' else ''}://127.0.0.1:{port}"

    def __enter__(self) -> Peer:
        if self.state == "no line":
            self.reached.set()
        elif self.state in ("connecting", "probing"):
            self._listener.listen(0)
            for _ in range(4):
                crowd = socket.socket()
                crowd.setblocking(False)
                crowd.connect_ex(self._listener.getsockname())
                self._kept.append(crowd)
            self.reached.set()
        else:
            self._listener.listen(20)
            threading.Thread(target=self._accept, daemon=True).start()
        if self.state == "name looked up":
            self.reached.set()
        return self

    def __exit__(self, *_: object) -> None:
        for each in (*self._kept, self._listener):
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._kept.append(near)
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self.state == "handshake":
                self.reached.set()
            elif self.state == "pause before another try":
                near.recv(65536)
                near.close()
                self.reached.set()
            elif self.state in ("sending a chunk", "waiting after a chunk"):
                self._forward(near)
            else:
                near.recv(65536)
                self._answer(near)

    def _answer(self, near: socket.socket) -> None:
        if self.state == "waiting":
            self.reached.set()
            return
        near.sendall(_HEAD + b'{"a":"')
        self.reached.set()
        while self.state == "receiving slowly":
            near.sendall(b"a" * 60)
            sleep(0.1)

    def _forward(self, near: socket.socket) -> None:
        """Everything to the real gateway and back; a chunk is not read, or read and not answered."""
        far = socket.create_connection((self._gateway.hostname or "", self._gateway.port or 80))
        self._kept.append(far)
        threading.Thread(target=self._back, args=(far, near), daemon=True).start()
        while data := near.recv(65536):
            if data.startswith(b"PATCH"):
                self.reached.set()
                while self.state == "waiting after a chunk" and near.recv(65536):
                    pass
                return
            far.sendall(data)

    @staticmethod
    def _back(far: socket.socket, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := far.recv(65536):
                near.sendall(data)


@contextmanager
def prepared(room: Path, gateway: Gateway, state: str) -> Iterator[tuple[Path, Peer]]:
    """A desk that will go into the state as soon as its window opens."""
    folder = desk_folder(room)
    desk = open_desk(folder, SystemClock(), reference=reference(), environ=ENVIRON)
    DeskLine(desk).enrol(gateway.url, gateway.enrolment_code(f"q-{room.name}", None), None)
    receive_dossier(desk, officer(desk), birth())
    with Peer(state, gateway) as peer:
        changes: dict[str, Any] = {"url": peer.url}
        if state == "handshake":
            changes["ca_pem"] = certificates.authority("Cơ quan thử").pem
        with desk.store.write() as connection:
            connection.execute(update(tables.gateway).values(**changes))
            if "chunk" in state:
                _queue_scan(sync_desk(desk), connection)
        desk.close()
        yield folder, peer


def _queue_scan(desk: Any, connection: Any) -> None:
    content = b"%PDF-1.7\n" + os.urandom(6_000_000)
    sha256, now = desk.files.put(content), desk.clock.now()
    row = {"sha256": sha256, "size": len(content), "media_type": "application/pdf", "purpose": "component"}
    connection.execute(insert(tables.stored_file).values(**row, created_at=now))
    connection.execute(insert(upload).values(sha256=sha256, state="waiting", queued_at=now, wanted=True))
    write_mark(connection, CHUNK_SIZE, 4 * 1024 * 1024)


def closed_in(room: Path, gateway: Gateway, state: str) -> dict[str, float]:
    """Bring a window into the state, close it; the seconds it took."""
    room.mkdir(parents=True)
    with prepared(room, gateway, state) as (folder, peer):
        command = [sys.executable, "-m", "tests.bench.bench_closing", "--window", str(folder), state]
        environ = {**os.environ, **ENVIRON, "QT_QPA_PLATFORM": "offscreen"}
        window = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
        )
        assert window.stdin is not None and window.stdout is not None
        try:
            assert window.stdout.readline().strip() == "open", state
            assert peer.reached.wait(60), f"never came into the state: {state}"
            sleep(_SETTLE_S)
            window.stdin.write("close\n")
            window.stdin.flush()
            told: dict[str, float] = json.loads(window.stdout.readline())
            window.wait(30)
        finally:
            window.kill()
            window.communicate()
    return told


def show(folder: Path, state: str) -> None:
    """The process of the window."""
    if state == "name looked up":
        socket.getaddrinfo = lambda *_a, **_k: sleep(600) or []  # type: ignore[func-returns-value,assignment]
    from app.bootstrap import open_runtime
    from app.ui.main_window import MainWindow
    from app.ui.start import application
    from app.ui.theme import set_up_look

    app = application()
    set_up_look(app)
    runtime = open_runtime(folder, SystemClock())
    window = MainWindow(runtime)
    window.show()
    window.work_as(officer(runtime.desk))
    asked = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), asked.set()), daemon=True).start()
    print("open", flush=True)
    while not asked.is_set():
        app.processEvents()
        sleep(0.01)
    began = perf_counter()
    window.close()
    app.processEvents()
    gone = perf_counter() - began
    runtime.desk.close()
    told = {"window_s": round(gone, 2), "process_s": round(perf_counter() - began, 2)}
    print(json.dumps(told), flush=True)


def measure(states: tuple[str, ...], room: Path) -> dict[str, dict[str, float]]:
    """Every state in turn."""
    os.environ.update(ENVIRON)
    with running_gateway(room / "province") as gateway:
        return {state: closed_in(room / f"s{n}", gateway, state) for n, state in enumerate(states)}


def main() -> int:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("states", nargs="*")
    parser.add_argument("--window", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.window is not None:
        show(args.window, args.states[0])
        return 0
    with tempfile.TemporaryDirectory(prefix="motcua-closing-") as room:
        found = measure(tuple(args.states) or STATES, Path(room))
    print(json.dumps(found, indent=1))
    return 0 if all(each["window_s"] <= MOST_S for each in found.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
