"""How much more memory the desk takes while the other side answers with malice: every call, every trick.

Usage: python -m tests.bench.bench_hostile_memory [--json] [--only OPERATION,OPERATION]

The desk's own client and its own reading of answers, in a process of its own; the hostile server is another.
For each pair the kernel's peak of resident memory is reset before the call and read after it (Linux). What is
counted is peak minus what the process had before the call. Prints a table, a line an operation, a column a
trick, in MB; exit 0 only if none is over 100 MB and every trick was seen through.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from app.clock import VIETNAM, SystemClock
from app.protocol.age_keys import new_age_key
from app.sync.client import Client
from app.sync.context import TokenCache
from app.sync.credentials import DeskKeyPair
from app.sync.file_calls import append_chunk, create_upload, download_piece, upload_offset
from app.sync.province import Identity, Province
from app.sync.transport import Timing
from app.sync.trouble import LineTroubleError

MOST_MB: Final = 100.0
TIMING: Final = Timing(connect_s=5.0, stall_s=2.0, grace_s=0.5, lowest_rate=5000.0)
_LARGE: Final = 4 * 1024 * 1024
_SHA: Final = "a" * 64
_JUDGED_LATER: Final = ("offset", "procedure")
"""Given on as they are: a header, and bytes whose hash the caller checks."""
_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_DAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=VIETNAM)


def tricks() -> dict[str, tuple[bytes, bytes]]:
    """What is sent once, and what is sent again for ever after (nothing: the answer ends)."""
    zeros = gzip.compress(bytes(300_000_000), 9)
    lists = b"changes", b"dossiers", b"procedures", b"events", b"blocks", b"missing"
    named = b",".join(b'"' + name + b'":[' + b'{"a":""},' * 60_000 + b"{}]" for name in lists)
    faults = b",".join(
        b'"' + name + b'":[' + (b'{"a":"' + b"x" * 9 + b'"},') * 15_000 + b"{}]" for name in lists
    )
    return {
        "gzip bomb": (_packed(zeros), b""),
        "deep": (_plain(b"[" * (_LARGE - 100)), b""),
        "deep, zipped": (_packed(gzip.compress(b'{"a":' * 500_000)), b""),
        "many {}": (_plain(_filled(b"{},")), b""),
        "many texts": (_plain(_filled(b'"aa",')), b""),
        "many pairs": (_plain(_filled(b'{"a":""},')), b""),
        "just within": (_plain(b"[" + b'{"a":""},' * 133_000 + b"{}]"), b""),
        "lists": (_plain(b"{" + named[: _LARGE - 400] + b"}"), b""),
        "faults": (_plain(b"{" + faults + b"}"), b""),
        "one text": (_plain(b'"' + b"\xe1\xba\xa1" * (_LARGE // 3 - 40) + b'"'), b""),
        "wide text": (_plain(b'"' + b"\xf0\x9f\x99\x82" * (_LARGE // 4 - 40) + b'"'), b""),
        "no end": (_HEAD + b"\r\n", b"[[1," * 4096),
        "chunks": (_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n1\r\n" * 4096),
        "said 10 GB": (_HEAD + b"Content-Length: 10000000000\r\n\r\n", b"1" * 65536),
        "headers": (_HEAD, b"X-Many: 1\r\n" * 4096),
        "one line": (b"HTTP/1.1 200 ", b"a" * 65536),
        "interim": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 4096),
        "trailers": (_HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"X-T: 1\r\n" * 4096),
        "drip": (_HEAD + b"Content-Length: 40\r\n\r\n", b"drip"),
    }


def _filled(unit: bytes) -> bytes:
    return b"[" + (unit * ((_LARGE - 200) // len(unit))).rstrip(b",") + b"]"


def _plain(body: bytes) -> bytes:
    return _HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _packed(body: bytes) -> bytes:
    return _HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def serve() -> None:
    """The hostile process: a port on stdout, the name of the trick to play from stdin, line by line."""
    listener, ready, now = socket.create_server(("127.0.0.1", 0)), tricks(), [""]
    print(listener.getsockname()[1], flush=True)

    def answer(sock: socket.socket) -> None:
        first, again = ready[now[0]]
        try:
            with sock:
                sock.recv(65536)
                sock.sendall(first)
                while again == b"drip":
                    sock.sendall(b" ")
                    threading.Event().wait(0.05)
                while again:
                    sock.sendall(again)
                sock.recv(65536)
        except OSError:
            return

    def accept() -> None:
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    for line in sys.stdin:
        now[0] = line.strip()
        print("ready", flush=True)


def operations() -> dict[str, Callable[[Province], Any]]:
    """Every call the desk makes to a province."""
    asked, key = {"a": 1}, str(uuid.uuid4())
    return {
        "meta": lambda p: p.meta(),
        "enrol": lambda p: p.enrol(asked),
        "token": lambda p: p._ask_token(),
        "stream": lambda p: p.stream(key),
        "push": lambda p: p.push(b"{}" * 600, key),
        "event": lambda p: p.event_verdict(key),
        "own events": lambda p: p.own_events(key, 1, 500),
        "changes": lambda p: p.changes(None, 500),
        "snapshot": lambda p: p.snapshot(None),
        "ack": lambda p: p.ack("c", _DAY),
        "catalogue": lambda p: p.catalogue(None),
        "procedure": lambda p: p.procedure_version("1.001193", 2, _LARGE),
        "blocks": lambda p: p.number_blocks(),
        "ask a block": lambda p: p.request_block(asked, key),
        "reconcile": lambda p: p.reconcile(asked),
        "compare": lambda p: p.reconcile_dossiers(asked),
        "dossier": lambda p: p.dossier(key),
        "new upload": lambda p: create_upload(p, {"sha256": _SHA}),
        "chunk": lambda p: append_chunk(p, _SHA, "/v1/uploads/up-1", 0, b"x" * 65536, last=False),
        "offset": lambda p: upload_offset(p, "/v1/uploads/up-1"),
        "piece": lambda p: download_piece(p, _SHA, 0, 262_143),
    }


def measure(only: list[str]) -> dict[str, dict[str, float | str]]:
    """MB over what was there, by operation and trick; a word where the trick was believed."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.bench_hostile_memory", "--serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None and server.stdout is not None
    url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
    chosen = {name: call for name, call in operations().items() if not only or name in only}
    found: dict[str, dict[str, float | str]] = {name: {} for name in chosen}
    try:
        for trick in tricks():
            server.stdin.write(trick + "\n")
            server.stdin.flush()
            server.stdout.readline()
            for name, call in chosen.items():
                found[name][trick] = _one(url, name, call)
    finally:
        server.kill()
        server.communicate()
    return found


def _one(url: str, name: str, call: Callable[[Province], Any]) -> float | str:
    """In a child of its own, so that what earlier calls left free is not used again unseen."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, json.dumps(_in_child(url, name, call)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        found: float | str = json.loads(told.read() or b'"died"')
    os.waitpid(child, 0)
    return found


def _in_child(url: str, name: str, call: Callable[[Province], Any]) -> float | str:
    age = new_age_key()
    keys = DeskKeyPair("desk-key-1", bytes(range(32)), age.identity)
    tokens = TokenCache("x", url, sys.maxsize)
    believed = False
    with Client(url, timing=TIMING) as client:
        province = Province(client, SystemClock(), Identity("desk", f"{url}/oauth2/token", keys), tokens)
        before = _reset_peak()
        try:
            call(province)
            believed = name not in _JUDGED_LATER
        except LineTroubleError:
            pass
        more = (_memory("VmHWM") - before) / 1024
    return "believed" if believed else round(max(0.0, more), 1)


def _reset_peak() -> int:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))


def over(found: dict[str, dict[str, float | str]]) -> list[str]:
    """The pairs that missed the goal."""
    return [
        f"{name} / {trick}: {value}"
        for name, row in found.items()
        for trick, value in row.items()
        if isinstance(value, str) or value > MOST_MB
    ]


def main() -> int:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    if args.serve:
        serve()
        return 0
    found = measure([name for name in args.only.split(",") if name])
    missed = over(found)
    if args.json:
        most = {trick: max(_number(row[trick]) for row in found.values()) for trick in tricks()}
        print(json.dumps({"most_mb": most, "operations": len(found), "missed": missed}))
    else:
        print("MB more".ljust(14) + " ".join(trick[:10].rjust(10) for trick in tricks()))
        for name, row in found.items():
            print(name.ljust(14) + " ".join(str(value).rjust(10) for value in row.values()))
        print("missed:", missed)
    return 1 if missed else 0


def _number(value: float | str) -> float:
    return value if isinstance(value, float) else 0.0


if __name__ == "__main__":
    raise SystemExit(main())
