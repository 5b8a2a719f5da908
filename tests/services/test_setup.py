"""A desk is made whole or not at all, and never over another."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import select

from app.clock import FixedClock, SystemClock
from app.errors import AppError, NotFoundError, RuleError, StorageError
from app.models import tables
from app.services.setup import init_desk, open_desk
from tests.support.desk import ENVIRON, MONDAY, reference


def init(folder, **options):
    return init_desk(folder, FixedClock(MONDAY), environ={**ENVIRON, **options.pop("environ", {})}, **options)


def test_demo_desk_opens(tmp_path):
    made = init(tmp_path / "d", demo=True)
    assert made.officers == ("canbo", "lanhdao", "quantri")
    assert len(made.recovery_words.split()) == 9
    desk = open_desk(tmp_path / "d", SystemClock(), reference=reference(), environ=ENVIRON)
    assert desk.profile.unit_name == "Xã Nà Hang"
    assert desk.profile.demo
    with desk.store.read() as connection:
        event = connection.execute(select(tables.event)).mappings().one()
    assert (event["desk_seq"], event["type"]) == (1, "stream.opened")
    desk.close()


def test_real_desk_needs_a_first_password_and_a_known_unit(tmp_path):
    with pytest.raises(RuleError) as refused:
        init(tmp_path / "d", unit_code="02221")
    assert refused.value.code == "password-missing"
    password = {"MOTCUA_PASSWORD": "mật khẩu đầu tiên"}
    with pytest.raises(RuleError) as refused:
        init(tmp_path / "d", unit_code="99999", environ=password)
    assert refused.value.field == "unit"
    with pytest.raises(RuleError):
        init(tmp_path / "d", unit_code="02350", agency_code="không phải", environ=password)
    made = init(tmp_path / "d", unit_code="02350", agency_code="H60.14.3", environ=password)
    assert made.officers == ("quantri",)
    assert made.demo_password is None


def test_an_existing_desk_is_left_alone(tmp_path):
    init(tmp_path / "d", demo=True)
    before = {p.name: p.read_bytes() for p in (tmp_path / "d").iterdir() if p.is_file()}
    with pytest.raises(RuleError) as refused:
        init(tmp_path / "d", demo=True)
    assert refused.value.code == "desk-exists"
    assert {p.name: p.read_bytes() for p in (tmp_path / "d").iterdir() if p.is_file()} == before


def test_a_lost_store_is_never_replaced(tmp_path):
    init(tmp_path / "d", demo=True)
    (tmp_path / "d" / "desk.db").unlink()
    with pytest.raises(StorageError) as refused:
        open_desk(tmp_path / "d", SystemClock(), reference=reference(), environ=ENVIRON)
    assert refused.value.code == "store-missing"
    with pytest.raises(RuleError):
        init(tmp_path / "d", demo=True)


def test_a_folder_with_other_things_keeps_them(tmp_path):
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "ghi chú.txt").write_text("giữ lại")
    init(folder, demo=True)
    assert (folder / "ghi chú.txt").read_text() == "giữ lại"
    open_desk(folder, SystemClock(), reference=reference(), environ=ENVIRON).close()


@pytest.mark.parametrize("point", ["before_commit", "after_commit", "before_rename", "before_desk_rename"])
def test_a_power_cut_while_making_leaves_no_half_desk(tmp_path, point):
    code = (
        "from pathlib import Path; from app.clock import SystemClock;"
        "from app.services.setup import init_desk;"
        f"init_desk(Path({str(tmp_path / 'd')!r}), SystemClock(), demo=True)"
    )
    died = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **ENVIRON, "MOTCUA_FAILPOINT": f"{point}:kill"}
    )
    assert died.returncode == -9
    with pytest.raises(NotFoundError):
        open_desk(tmp_path / "d", SystemClock(), environ=ENVIRON)
    init(tmp_path / "d", demo=True)
    open_desk(tmp_path / "d", SystemClock(), reference=reference(), environ=ENVIRON).close()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises((AppError, NotADirectoryError, FileExistsError)):
        init(tmp_path / "file" / "d", demo=True)
