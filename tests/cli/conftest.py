"""The command line in this process, on a fresh demo desk; a few tests start it as a real process."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import main
from tests.support import desk as desks

ROOT = Path(__file__).resolve().parents[2]
CARD = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|04102024"
BIRTH = ("--procedure", "1.001193", "--card", CARD, "--all-required")
MONDAY = "2026-11-23T09:00"


@dataclass(frozen=True)
class Said:
    """What one command answered."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)


@dataclass
class Motcua:
    """``motcua --data <desk> …``."""

    data: Path
    capture: pytest.CaptureFixture[bytes]
    patch: pytest.MonkeyPatch

    def __call__(self, *argv: str, stdin: bytes = b"") -> Said:
        """Run in this process."""
        self.capture.readouterr()
        self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = main(["--data", str(self.data), *argv])
        out, err = self.capture.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    def json(self, *argv: str, stdin: bytes = b"") -> Any:
        """The JSON answer of a command that must succeed."""
        said = self("--json", *argv, stdin=stdin)
        assert said.exit == 0, said.out
        return said.json

    def error(self, code: int, *argv: str, stdin: bytes = b"") -> Any:
        """The error object of a command that must fail with that exit code."""
        said = self("--json", *argv, stdin=stdin)
        assert said.exit == code, said.out
        assert set(said.json) == {"error"}
        error = said.json["error"]
        assert {"code", "title", "next_step", "field"} <= set(error)
        assert error["code"] != "defect", said.out
        return error

    def batch(self, *lines: object) -> list[Any]:
        """The answers to lines of a batch; a line that is bytes is sent as it is."""
        raw = b"".join(
            line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines
        )
        said = self("batch", stdin=raw)
        assert said.exit == 0
        return [json.loads(line) for line in said.out.splitlines()]


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No key store of the machine, the tests' passphrase, no password."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("MOTCUA_PASSPHRASE", desks.PASSPHRASE)
    monkeypatch.delenv("MOTCUA_PASSWORD", raising=False)
    return monkeypatch


@pytest.fixture
def motcua(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], environ: pytest.MonkeyPatch) -> Motcua:
    """A demo desk."""
    return Motcua(desks.desk_folder(tmp_path), capfdbinary, environ)


@pytest.fixture
def bare(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], environ: pytest.MonkeyPatch) -> Motcua:
    """A folder without a desk."""
    return Motcua(tmp_path / "nothing", capfdbinary, environ)


Process = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def process(tmp_path: Path, environ: pytest.MonkeyPatch) -> Process:
    """``motcua`` as a process of its own on a demo desk; arguments may be bytes."""
    data = desks.desk_folder(tmp_path)

    def start(*argv: str | bytes, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "app", "--data", str(data), *argv]
        return subprocess.run(
            command, input=stdin, capture_output=True, cwd=ROOT, env=dict(os.environ), check=False, timeout=60
        )

    return start
