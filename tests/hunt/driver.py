"""The real command line as processes on one desk folder, and what must hold of the desk afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.clock import SystemClock
from app.models import tables
from app.protocol.chain import chain_next, chain_start, event_digest
from app.services.audit.verify import verify_audit
from app.services.setup import open_desk
from tests.support import desk as desks

ROOT = Path(__file__).resolve().parents[2]
CARD = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|04102024"
RECEIVE = ("receive", "--procedure", "1.001193", "--card", CARD, "--all-required")
CERTIFY = ("certify", "--card", CARD, "--paper", "Bằng", "--pages", "3", "--copies", "1")


@dataclass
class Counter:
    """One desk folder; every command is a process of its own unless it goes through ``talk``."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def run(self, *argv: str, stdin: bytes = b"", failpoint: str = "", **environ: str) -> Answered:
        """One command."""
        done = subprocess.run(
            self.command("--json", *argv),
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            env=self.env(failpoint, environ),
            check=False,
            timeout=120,
        )
        return Answered(done.returncode, done.stdout, done.stderr)

    def talk(self, failpoint: str = "") -> subprocess.Popen[bytes]:
        """A batch that is spoken to line by line."""
        return subprocess.Popen(
            self.command("batch"),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.env(failpoint, {}),
        )

    def command(self, *argv: str) -> list[str]:
        """The words of a process."""
        return [sys.executable, "-m", "app", "--data", str(self.folder), *argv]

    def env(self, failpoint: str, more: Mapping[str, str]) -> dict[str, str]:
        """No key store of the machine; the tests' passphrase."""
        base = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
        kept = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", **desks.ENVIRON}
        return {
            **base,
            **kept,
            **self.environ,
            **more,
            **({"MOTCUA_FAILPOINT": failpoint} if failpoint else {}),
        }


@dataclass(frozen=True)
class Answered:
    """What one process left."""

    exit: int
    out: bytes
    err: bytes

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        assert self.out.count(b"\n") == 1, self.out
        return json.loads(self.out)

    def told(self, exit_code: int) -> dict[str, Any]:
        """The error: one object, Vietnamese title and next step, no traceback, no defect."""
        assert self.exit == exit_code, self.out + self.err
        assert b"Traceback" not in self.err
        error = self.json["error"]
        assert error["code"] != "defect"
        assert error["title"] and error["next_step"], error
        return dict(error)


def say(batch: subprocess.Popen[bytes], *argv: str) -> dict[str, Any] | None:
    """One line to a batch and its answer; ``None`` where the process died before it answered."""
    assert batch.stdin is not None
    assert batch.stdout is not None
    try:
        batch.stdin.write(json.dumps(argv).encode() + b"\n")
        batch.stdin.flush()
    except BrokenPipeError:
        return None
    answer = batch.stdout.readline()
    return json.loads(answer) if answer.endswith(b"\n") else None


def end(batch: subprocess.Popen[bytes]) -> int:
    """Close the batch and give its exit code."""
    assert batch.stdin is not None
    assert batch.stdout is not None
    with suppress(BrokenPipeError):
        batch.stdin.close()
    code = batch.wait(timeout=60)
    batch.stdout.close()
    return code


@dataclass(frozen=True)
class Truth:
    """What the reopened desk holds: number by dossier id."""

    numbers: Mapping[str, str]


def examine(folder: Path) -> Truth:
    """Reopen the desk; stored implies queued, numbers, registers, books, files, audit and stream."""
    desk = open_desk(folder, SystemClock(), reference=desks.reference(), environ=desks.ENVIRON)
    try:
        verdict = verify_audit(desk, desks.officer(desk))
        assert verdict.ok, verdict
        with desk.store.read() as connection:
            d = tables.dossier.c
            taken_in = func.coalesce(d.register_book, "").like(
                "QK/%"
            )  # another desk's, as the province tells of them
            dossiers = connection.execute(select(tables.dossier).where(~taken_in)).all()
            copies = connection.execute(select(tables.certified_copy)).all()
            events = connection.execute(select(tables.event).order_by(tables.event.c.desk_seq)).all()
            papers = connection.execute(select(tables.print_job)).all()
            owners = connection.execute(select(tables.party.c.dossier_id)).scalars().all()
        numbers = {row.id: row.number or row.provisional_number for row in dossiers}
        provisional = [row.provisional_number for row in dossiers if row.provisional_number]
        _once(provisional)
        _once([row.number for row in dossiers if row.number])
        _gapless([(row.register_book, row.register_no) for row in dossiers])
        _gapless([(row.book, row.line) for row in copies])
        assert set(numbers) <= set(owners)
        queued = {row.dossier_id for row in events if row.type == "dossier.received"}
        assert queued == {row.id for row in dossiers if row.status != 1}
        _stream(events)
        for paper in papers:
            assert paper.dossier_id in numbers
            assert desk.files.get(paper.sha256).startswith(b"%PDF")
        return Truth(numbers)
    finally:
        desk.close()


def _once(values: Sequence[str]) -> None:
    assert len(values) == len(set(values)), sorted(values)


def _gapless(lines: Sequence[tuple[str, int]]) -> None:
    for book in {book for book, _ in lines}:
        found = sorted(number for name, number in lines if name == book)
        assert found == list(range(1, len(found) + 1)), (book, found)


def _stream(events: Sequence[Any]) -> None:
    for epoch in {row.epoch for row in events}:
        chain = chain_start(epoch)
        own = [row for row in events if row.epoch == epoch]
        assert [row.desk_seq for row in own] == list(range(1, len(own) + 1))
        for row in own:
            body = json.loads(row.body)
            assert event_digest(body) == row.digest == body["digest"]
            chain = chain_next(chain, row.digest)
            assert chain == row.chain == body["chain"]
