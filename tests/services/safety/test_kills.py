"""The power is cut while a backup is made or restored: the old state whole, or the new one whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.services.intake.reception import receive_dossier
from app.services.safety.check import check_desk
from tests.support.desk import ENVIRON, birth, make_desk, officer


def motcua(folder: Path, *words: str, failpoint: str = "") -> subprocess.CompletedProcess[bytes]:
    environ = {**os.environ, **ENVIRON, "MOTCUA_FAILPOINT": failpoint}
    command = [sys.executable, "-m", "app", "--data", str(folder), "--json", *words]
    return subprocess.run(command, env=environ, capture_output=True, timeout=60, check=False)


@pytest.fixture
def folder(tmp_path):
    desk = make_desk(tmp_path)
    receive_dossier(desk, officer(desk), birth())
    desk.close()
    return desk.folder


@pytest.mark.parametrize("point", ["before_backup_check", "before_rename"])
@pytest.mark.parametrize("how", ["kill", "fail"])
def test_an_older_backup_survives_a_cut(folder, tmp_path, point, how):
    backup = tmp_path / "a.mcbackup"
    assert motcua(folder, "backup", str(backup)).returncode == 0
    before = backup.read_bytes()
    ended = motcua(folder, "backup", str(backup), failpoint=f"{point}:{how}")
    assert ended.returncode == (-9 if how == "kill" else 5)
    assert backup.read_bytes() == before
    assert motcua(folder, "backup", str(backup)).returncode == 0
    assert not backup.with_name("a.mcbackup.part").exists()
    assert check_desk(folder, ENVIRON).ok


@pytest.mark.parametrize("point", ["before_rename", "before_commit", "after_commit", "before_restore_rename"])
def test_a_cut_restore_leaves_no_half_desk(folder, tmp_path, point):
    backup, into = tmp_path / "a.mcbackup", tmp_path / "new"
    assert motcua(folder, "backup", str(backup)).returncode == 0
    ended = motcua(folder, "restore", str(backup), "--into", str(into), failpoint=f"{point}:kill")
    assert ended.returncode == -9
    assert not into.exists()
    again = motcua(folder, "restore", str(backup), "--into", str(into))
    assert again.returncode == 0, again.stdout
    assert json.loads(again.stdout)["dossiers"] == 1
    assert check_desk(into, ENVIRON).ok
