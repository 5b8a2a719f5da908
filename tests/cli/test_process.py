"""``motcua`` as a real process: one object on stdout, exit codes, no traceback, no window loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.cli.conftest import CARD, ROOT, Process


def test_stdout_is_one_object_and_stdin_one_line(process: Process) -> None:
    done = process("--json", "read-card", "-", stdin=CARD.encode() + b"\nsecond line\n")
    assert done.returncode == 0
    assert json.loads(done.stdout)["personal_id"] == "008198000000"
    assert done.stdout.count(b"\n") == 1


@pytest.mark.parametrize(
    ("argv", "exit_code"),
    [
        ((), 2),
        (("nope",), 2),
        (("receive",), 2),
        (("show",), 2),
        (("show", b"\xff\xfe"), 4),
        (("find", b"\xff"), 0),
        (("find", "x", "--limit", "0"), 2),
        (("read-card", b"\xff|\xff"), 3),
        (("assist", "step", "x", "--to", "nope"), 3),
        (("slip", "x", "--form", "99", "--out", "x"), 2),
        (("sync",), 6),
        (("gateway", "serve", "--db", "sqlite:///x", "--listen", "nonsense"), 2),
    ],
)
def test_exit_codes_and_never_a_traceback(
    process: Process, argv: tuple[str | bytes, ...], exit_code: int
) -> None:
    done = process("--json", *argv)
    assert done.returncode == exit_code, done.stdout
    assert isinstance(json.loads(done.stdout), dict)
    assert b"Traceback" not in done.stderr


def test_help_is_an_answer(process: Process) -> None:
    assert "receive" in process("--help").stdout.decode()
    assert "--procedure" in json.loads(process("--json", "receive", "--help").stdout)["help"]


def test_a_defect_leaves_a_note_without_data_and_no_traceback(process: Process) -> None:
    script = (
        "import app.services.finding.search as s, sys\n"
        "def broken(*a, **k): raise KeyError('Ma Thị Hường')\n"
        "s.find = broken\n"
        "from app.bootstrap import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    data = json.loads(process("--json", "show", "x").stdout) and process.__closure__
    assert data is not None
    folder = str(next(cell.cell_contents for cell in data if hasattr(cell.cell_contents, "parts")))
    done = subprocess.run(
        [sys.executable, "-c", script, "--data", folder, "--json", "find", "x"],
        capture_output=True,
        cwd=ROOT,
        env=dict(os.environ),
        check=False,
    )
    assert done.returncode == 1
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "defect"
    assert b"Traceback" not in done.stderr


def test_a_short_command_loads_no_window_no_sync_and_no_gateway(process: Process) -> None:
    script = (
        "import sys\n"
        "from app.bootstrap import main\n"
        "main(['read-card', 'x'])\n"
        "heavy = ('PySide6', 'app.ui', 'app.sync', 'app.province', 'reportlab', 'requests', 'keyring',"
        " 'alembic', 'fastapi', 'pydantic')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.decode().splitlines()[-1] == "[]"
