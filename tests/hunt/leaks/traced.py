"""Which files a real day writes, wherever they lie, told by strace: no place is forgotten in the search."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.hunt.driver import ROOT
from tests.hunt.leaks.child import Room
from tests.hunt.leaks.work import inputs, lines

_CALLS = "open,openat,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat"
_OPENED = re.compile(r'open(?:at)?\((?:[^,"]*, )?"((?:[^"\\]|\\.)*)", ([A-Z_|0-9]+)')
_OTHER = re.compile(r'(rename\w*|link\w*|symlink\w*|mkdir\w*|creat|mknod)\(.*"((?:[^"\\]|\\.)*)"')
_QUIET = {
    "MOTCUA_PASSWORD": "",
    "PATH": "/usr/bin:/bin",
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
}
"""Compiled modules are written once, when the program is installed."""
_WRITING = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC")
HARMLESS = re.compile(r"/dev/(null|tty|urandom|shm/.*)|/proc/self/.*|/proc/\d+/.*|memfd:.*")


def is_there() -> bool:
    """Whether this machine has strace."""
    return shutil.which("strace") is not None


def written_outside(room: Room, *argv: str, stdin: bytes = b"") -> tuple[int, set[str]]:
    """Run one real command; how it ended, and what it wrote outside the searched and the asked folders."""
    record = room.place / "trace"
    words = ["strace", "-f", "--seccomp-bpf", "-qq", "-s", "4096", "-e", f"trace={_CALLS}", "-o", str(record)]
    done = subprocess.run(
        [*words, sys.executable, "-m", "app", "--data", str(room.data), *argv],
        cwd=room.seen,
        env={**room.environ(), **_QUIET},
        input=stdin,
        capture_output=True,
        timeout=180,
        check=False,
    )
    found = outside(room, record.read_text("utf-8", "replace"))
    return (
        (0, found)
        if done.returncode == 0
        else (done.returncode, {(done.stdout + done.stderr)[-2000:].decode()})
    )


def outside(room: Room, trace: str) -> set[str]:
    """The places in a trace that were written and lie elsewhere."""
    found = set()
    for line in trace.splitlines():
        if " = -1 " in line:
            continue
        opened = _OPENED.search(line)
        if opened and any(flag in opened[2] for flag in _WRITING):
            found.add(opened[1])
        elif not opened:
            found |= {match[2] for match in _OTHER.finditer(line)}
    own = (room.seen, room.asked)
    return {
        place
        for place in found
        if place.startswith("/")
        and not any(Path(place).is_relative_to(each) for each in own)
        and not HARMLESS.fullmatch(place)
    }


def a_day(room: Room) -> tuple[int, set[str]]:
    """Beginning, commands, check, window, restore: how many processes, and all they wrote outside."""
    inputs(room)
    said = lines(room, ["TN-1"] * 3, ["0"], ["0"])
    spoken = b"".join(json.dumps(each).encode() + b"\n" for each in said)
    restore = ("restore", str(room.seen / "stick" / "quay.mcbackup"), "--into", str(room.seen / "restored"))
    day = (("init", "--demo"), ("batch",), restore, ("check",), ("ui", "--exit-when-ready"))
    found: set[str] = set()
    for argv in day:
        code, more = written_outside(room, *argv, stdin=spoken if argv == ("batch",) else b"")
        assert code == 0, argv
        found |= more
    return len(day), found
