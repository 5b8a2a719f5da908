"""Imports go down only (the contracts of pyproject.toml), and a planted import upwards is caught."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
ROOMS = (
    "ui", "cli", "services", "sync", "reports", "printing", "devices", "models", "protocol", "domain",
    "province",
)  # fmt: skip
MODULES = tuple(path.stem for path in (ROOT / "app").glob("*.py") if path.stem != "__init__")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter with this project's contracts over the package ``app`` of a folder."""
    return subprocess.run(
        [str(LINTER), "--config", str(ROOT / "pyproject.toml"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_go_down_only() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout


@pytest.fixture
def empty_house(tmp_path: Path) -> Path:
    """The rooms with nothing in them."""
    app = tmp_path / "app"
    for room in ROOMS:
        (app / room).mkdir(parents=True)
        (app / room / "__init__.py").touch()
    (app / "__init__.py").touch()
    for module in MODULES:
        (app / f"{module}.py").touch()
    return tmp_path


def test_an_empty_house_keeps_every_contract(empty_house: Path) -> None:
    answer = lint(empty_house)
    assert answer.returncode == 0, answer.stdout
    assert " 0 broken" in answer.stdout


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("services/a.py", "import app.sync"),
        ("sync/a.py", "import app.services"),
        ("services/b.py", "import app.ui"),
        ("printing/a.py", "import app.reports"),
        ("domain/a.py", "import app.models"),
        ("domain/b.py", "import sqlalchemy"),
        ("protocol/a.py", "import requests"),
        ("province/a.py", "import app.models"),
        ("cli/a.py", "import app.province"),
        ("cli/c.py", "import app.line"),
        ("cli/b.py", "import app.sync"),
        ("ui/a.py", "import app.models"),
        ("ui/b.py", "import app.cli"),
        ("errors.py", "import app.domain"),
    ],
)
def test_a_planted_import_breaks_a_contract(empty_house: Path, place: str, line: str) -> None:
    (empty_house / "app" / place).write_text(line, "utf-8")
    answer = lint(empty_house)
    assert answer.returncode == 1, answer.stdout
    assert "BROKEN" in answer.stdout
