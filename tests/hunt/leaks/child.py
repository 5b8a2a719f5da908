"""One process of the real program in a home of its own; every byte it hands to the disk is kept."""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import bootstrap
from tests.hunt.power import rig
from tests.support import desk as desks


@dataclass(frozen=True)
class Room:
    """``seen``: all that is searched (home, temporary files, data, working folder); ``asked``: files an
    officer asked for by name; ``side``: the record of what was written."""

    place: Path

    @property
    def seen(self) -> Path:
        """Searched."""
        return self.place / "seen"

    @property
    def data(self) -> Path:
        """The desk."""
        return self.seen / "desk"

    @property
    def asked(self) -> Path:
        """Not searched."""
        return self.place / "asked"

    @property
    def side(self) -> Path:
        """The record."""
        return self.place / "side"

    @property
    def said(self) -> Path:
        """What went to the standard error, which a desktop keeps in its journal."""
        return self.seen / "stderr"

    def furnish(self) -> Room:
        """Make the folders."""
        own = (self.seen / name for name in ("home", "temp", "run", "stick"))
        for folder in (*own, self.asked, self.side):
            folder.mkdir(parents=True, mode=0o700)
        return self

    def environ(self) -> dict[str, str]:
        """Where a program may write by custom."""
        home = self.seen / "home"
        places = {
            "HOME": home,
            "TMPDIR": self.seen / "temp",
            "XDG_DATA_HOME": home / ".local" / "share",
            "XDG_CONFIG_HOME": home / ".config",
            "XDG_CACHE_HOME": home / ".cache",
            "XDG_STATE_HOME": home / ".local" / "state",
            "XDG_RUNTIME_DIR": self.seen / "run",
        }
        words = {
            **desks.ENVIRON,
            "MOTCUA_PASSWORD": desks.demo_password(),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }
        return {**{name: str(path) for name, path in places.items()}, **words, "QT_QPA_PLATFORM": "offscreen"}


class Child:
    """A process that performs ``work``; lines may be spoken to it."""

    def __init__(
        self, room: Room, work: Callable[[], int], fault: rig.Fault, more: Mapping[str, str] | None = None
    ) -> None:
        said, to_child = os.pipe()
        from_child, answers = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(to_child)
            os.close(from_child)
            _live(room, work, fault, (said, answers), dict(more or {}))
        os.close(said)
        os.close(answers)
        self._said = os.fdopen(to_child, "wb", buffering=0)
        self._heard = os.fdopen(from_child, "rb")

    def ask(self, line: Sequence[str]) -> dict[str, Any] | None:
        """One command of a batch and its answer; ``None``: it died over it."""
        with suppress(BrokenPipeError):
            self._said.write(json.dumps(line).encode() + b"\n")
        answer = self._heard.readline()
        return json.loads(answer) if answer.endswith(b"\n") else None

    def end(self) -> int:
        """Its exit code, negative where it was killed."""
        with suppress(BrokenPipeError):
            self._said.close()
        self._heard.read()
        self._heard.close()
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def batch(room: Room, *argv: str) -> Callable[[], int]:
    """``motcua --data … batch``, or the command given."""
    return lambda: bootstrap.main(["--data", str(room.data), *(argv or ("batch",))])


def _live(
    room: Room, work: Callable[[], int], fault: rig.Fault, pipes: tuple[int, int], more: dict[str, str]
) -> None:
    code = 98
    try:
        os.dup2(pipes[0], 0)
        os.dup2(pipes[1], 1)
        os.environ.update({**room.environ(), **more})
        os.chdir(room.seen)
        rig.arm(room.seen, room.side, fault)
        os.dup2(os.open(room.said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
        sys.stdin = io.TextIOWrapper(io.FileIO(0), encoding="utf-8")
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w")), encoding="utf-8")
        code = work()
        sys.stdout.flush()
    except BaseException:
        os.write(1, json.dumps({"exit": 99, "defect": traceback.format_exc()}).encode() + b"\n")
        code = 99
    finally:
        os._exit(code)
