"""Every line stands in its room, and the reader of the sources sees one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.source_rules import violations

APP = Path(__file__).resolve().parents[2] / "app"


def test_every_line_stands_in_its_room() -> None:
    assert [str(each) for each in violations(APP)] == []


@pytest.mark.parametrize(
    ("place", "source", "what"),
    [
        ("services/a.py", "from PySide6.QtCore import QObject", "imports PySide6"),
        ("cli/a.py", "import PySide6", "imports PySide6"),
        ("services/a.py", "def f():\n    import reportlab.pdfgen", "imports reportlab"),
        ("ui/a.py", "from keyring import get_password", "imports keyring"),
        ("sync/other.py", "import keyring", "imports keyring"),
        ("services/a.py", "import requests", "imports requests"),
        ("sync/a.py", "from fastapi import FastAPI", "imports fastapi"),
        ("cli/a.py", "import uvicorn", "imports uvicorn"),
        ("domain/a.py", "from sqlalchemy import select", "imports sqlalchemy"),
        ("ui/a.py", "import sqlalchemy as sa", "imports sqlalchemy"),
        ("devices/a.py", "import subprocess", "imports subprocess"),
        ("models/a.py", "from pickle import loads", "imports pickle"),
        ("ui/reception/a.py", "self.label.setStyleSheet('')", "calls setStyleSheet"),
        ("services/a.py", "datetime.now(VIETNAM)", "calls datetime.now"),
        ("domain/a.py", "import datetime\ndatetime.datetime.now()", "calls datetime.now"),
        ("domain/a.py", "date.today()", "calls date.today"),
        ("sync/a.py", "time.time()", "calls time.time"),
        ("ui/a.py", "QDate.currentDate()", "calls currentDate"),
        ("cli/a.py", "eval('1')", "calls eval"),
        ("cli/a.py", "exec('1')", "calls exec"),
        ("devices/a.py", "os.system('lp')", "calls os.system"),
    ],
)
def test_a_planted_breach_is_named(tmp_path: Path, place: str, source: str, what: str) -> None:
    _plant(tmp_path, place, source)
    assert [(each.place, each.what) for each in violations(tmp_path)] == [(place, what)]


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("ui/a.py", "from PySide6.QtCore import QObject"),
        ("printing/a.py", "import reportlab"),
        ("keys.py", "import keyring"),
        ("sync/credentials.py", "import keyring"),
        ("sync/client.py", "import requests"),
        ("clock.py", "datetime.now(VIETNAM)"),
        ("ui/theme.py", "app.setStyleSheet('')"),
        ("ui/widgets/card.py", "self.setStyleSheet('')"),
        ("ui/a.py", "app.exec()"),
        ("sync/a.py", "time.monotonic()"),
        ("services/a.py", "from .keyring import x"),
    ],
)
def test_a_line_at_home_is_left_alone(tmp_path: Path, place: str, source: str) -> None:
    _plant(tmp_path, place, source)
    assert violations(tmp_path) == []


def test_two_clients_in_one_room_are_named(tmp_path: Path) -> None:
    _plant(tmp_path, "sync/client.py", "import requests")
    _plant(tmp_path, "sync/second.py", "import requests")
    _plant(tmp_path, "devices/escl.py", "import requests")
    assert [each.place for each in violations(tmp_path)] == ["sync"]


def _plant(root: Path, place: str, source: str) -> None:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")
