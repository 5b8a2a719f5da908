"""Whole visits by the command line alone, against a real gateway: with the line up and with it cut."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.cli.conftest import CARD, ROOT
from tests.support.gateway import free_port

START_SECONDS = 60


@dataclass
class Place:
    """One desk and the province it belongs to, each command a process of its own."""

    folder: Path
    port: int
    gateway: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def db(self) -> str:
        return f"sqlite:///{self.folder / 'province.db'}"

    def run(self, *argv: str, exit_code: int = 0, stdin: str = "") -> Any:
        """One command; its JSON answer."""
        command = [sys.executable, "-m", "app", "--data", str(self.folder / "desk"), "--json", *argv]
        done = subprocess.run(
            command, cwd=ROOT, input=stdin.encode(), capture_output=True, check=False, env=dict(os.environ)
        )
        assert done.returncode == exit_code, done.stdout + done.stderr
        return json.loads(done.stdout)

    def line_up(self) -> None:
        """Start the gateway and wait until ``/v1/meta`` answers."""
        listen = f"127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "app", "gateway", "serve", "--db", self.db, "--listen", listen]
        self.gateway = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.gateway.poll() is None and time.monotonic() < deadline, "the gateway did not start"
            time.sleep(0.1)

    def line_down(self) -> None:
        """Stop the gateway."""
        if self.gateway is not None:
            self.gateway.terminate()
            self.gateway.wait(timeout=20)
            self.gateway = None

    def receive(self) -> Any:
        """One birth registration from a card on stdin."""
        argv = (
            "receive",
            "--procedure",
            "1.001193",
            "--card",
            "-",
            "--all-required",
            "--phone",
            "0900000123",
        )
        return self.run(*argv, stdin=CARD + "\n")

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/v1/meta", timeout=1).status_code == 200
        except requests.RequestException:
            return False


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A fresh demo desk, enrolled with a running gateway."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("MOTCUA_PASSPHRASE", "một cụm từ chỉ dùng khi thử")
    monkeypatch.delenv("MOTCUA_PASSWORD", raising=False)
    made = Place(tmp_path, free_port())
    try:
        made.run("init", "--demo")
        made.line_up()
        code = made.run("gateway", "enrolment-code", "--db", made.db, "--desk", "quay-2", "--unit", "02221")
        enrolled = made.run("enrol", "--url", made.url, "--code", "-", stdin=code["code"] + "\n")
        assert set(enrolled) == {"ok", "desk", "unit", "gateway"}
        yield made
    finally:
        made.line_down()


def test_a_visit_with_the_line_up(place: Place, tmp_path: Path) -> None:
    received = place.receive()
    made = place.run("slip", received["number"], "--form", "01", "--out", str(tmp_path / "slip.pdf"))
    assert made["copy_no"] == 1
    opened = place.run("assist", "open", "--card", "-", "--consent", "tracking", stdin=CARD)
    assert opened["state"]

    answer = place.run("sync")
    assert (answer["pushed"], answer["accepted"], answer["rejected"]) == (3, 3, 0)
    assert (answer["reconciled"], answer["waiting"]) == (True, 0)
    shown = place.run("show", received["number"])
    assert shown["sync"] == "accepted"
    assert place.run("outbox")["count"] == 0

    again = place.run("sync")
    assert (again["pushed"], again["reconciled"]) == (0, True)
    after = place.run("show", received["number"])
    assert after["id"] == shown["id"]
    assert after["provisional_number"] == received["number"]


def test_the_same_visit_with_the_line_cut_arrives_once_later(place: Place, tmp_path: Path) -> None:
    place.line_down()
    received = place.receive()
    made = place.run("slip", received["number"], "--form", "01", "--out", str(tmp_path / "slip.pdf"))
    assert made["copy_no"] == 1
    assert received["status"] == 2
    failure = place.run("sync", exit_code=6)
    assert failure["error"]["code"] == "no-line"
    assert place.run("show", received["number"])["sync"] == "waiting"

    place.line_up()
    answer = place.run("sync")
    assert (answer["accepted"], answer["duplicate"], answer["reconciled"]) == (2, 0, True)
    place.run("sync")
    shown = place.run("show", received["number"])
    assert shown["sync"] == "accepted"
    assert (shown["provisional"], shown["provisional_number"]) == (False, received["number"])
    assert place.run("find", shown["number"])["results"][0]["id"] == received["id"]


def test_commands_side_by_side_take_turns(place: Place) -> None:
    """Six receptions at once on one desk, each a process: six numbers, one whole chain."""
    command = [
        sys.executable, "-m", "app", "--data", str(place.folder / "desk"), "--json",
        "receive", "--procedure", "1.001193", "--card", CARD, "--all-required",
    ]  # fmt: skip
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(6)]
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in running]
    assert [process.returncode for process in running] == [0] * 6
    assert len({answer["number"] for answer in answers}) == 6
    assert place.run("audit", "verify")["ok"] is True
    assert place.run("sync")["reconciled"] is True
