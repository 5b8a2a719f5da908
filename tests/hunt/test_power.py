"""A fixed small share of the hunt below SQLite, and each planted fault found.

The full hunt: ``python -m tests.hunt.power COUNT SEED``.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import logs
from app.models.head_mark import Head, HeadMark
from app.services.intake.reception import receive_dossier
from app.services.safety.check import check_desk
from tests.hunt.driver import ROOT
from tests.support.desk import ENVIRON, birth, make_desk, officer

SUITE = (
    *("normal", "no-fsync", "no-folder-sync", "print-first", "half-migration", "torn-restore"),
    *("early-key",),
)
"""Planted faults of the quick share; ``--prove`` alone asks for all."""


def test_no_promise_breaks_and_planted_faults_are_found() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.hunt.power", "8", "36", "--prove", *SUITE],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " 0 broken promises" in ran.stdout
    assert ran.stdout.count("planted ") == len(SUITE)
    assert "NOT FOUND" not in ran.stdout


def test_a_page_torn_while_the_log_is_folded_in_is_no_damage(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    receive_dossier(desk, officer(desk), birth())
    cut = tmp_path / "cut"
    shutil.copytree(desk.folder, cut)
    desk.close()
    log = (cut / "desk.db-wal").read_bytes()
    page = int.from_bytes(log[32:36])
    with (cut / "desk.db").open("r+b") as handle:
        handle.seek(page * 4096 - 2048)
        handle.write(bytes(1024))
    assert check_desk(cut, ENVIRON).ok


def test_a_copy_whose_mark_cannot_be_written_is_refused(tmp_path: Path) -> None:
    mark = HeadMark(tmp_path / "gone", bytes(32))
    with pytest.raises(OSError, match="gone"):
        mark.begin(Head(1, "00" * 32))
    mark.move(Head(1, "00" * 32))
    assert mark.read() is None


def test_a_log_that_cannot_be_closed_costs_the_log_alone(tmp_path: Path) -> None:
    class Full(logging.NullHandler):
        def close(self) -> None:
            raise OSError(28, "full")

    root = logging.getLogger()
    before = list(root.handlers)
    root.handlers = [Full()]
    try:
        logs.start_logging(tmp_path, "command")
        assert not any(isinstance(each, Full) for each in root.handlers)
    finally:
        for each in set(root.handlers) - set(before):
            each.close()
        root.handlers = before
