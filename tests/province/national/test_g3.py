"""Generation 3 behind the same face: number, files, creation, status, steps; what it cannot say is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from app.clock import VIETNAM
from app.protocol import payloads
from app.protocol.ids import new_id
from app.protocol.parts import Component, FileRef, Result
from app.province.national import queue
from app.province.national.reasons import Reason
from tests.province.national.rig import Rig
from tests.province.verdicts import state, upload

PATHS = """
[g3]
number_path = "g3/number"
upload_path = "g3/upload"
create_path = "g3/create"
progress_path = "g3/progress"
status_path = "g3/status"
success_codes = ["00"]
"""
AT = datetime(2026, 11, 23, 14, 5, 6, 789000, tzinfo=VIETNAM)


@pytest.fixture
def rig(new_rig: Callable[..., Rig]) -> Rig:
    """A rig of generation 3."""
    return new_rig(generation="g3", province="", more=PATHS)


def number_at_portal(rig: Rig, received: dict[str, Any]) -> str:
    with rig.store.read() as db:
        number = queue.memory_of(db, received["subject"]["id"]).number
    assert number is not None
    return number


def test_a_dossier_with_a_scan_and_a_result(rig: Rig) -> None:
    scan, paper = upload(rig.desk, b"ban quet"), upload(rig.desk, b"giay khai sinh")
    made = rig.desk.filing(AT)
    file = FileRef(scan, 8, "text/plain", "Tên của công dân.txt")
    part = Component(new_id(), "KQ1", "Giấy chứng sinh", "photocopy", 2, digitised=True, file=file)
    filing = payloads.DossierReceived(**{**vars(made), "components": [part]})
    received = rig.receive(filing=filing, at=AT)
    rig.run()
    number = number_at_portal(rig, received)
    assert number.startswith("G09.20-20261123-")
    assert state(rig.desk, received)["national_code"] == number
    held = rig.portal.state()
    body = held["dossiers"][number]
    assert (body["LoaiDoiTuong"], body["NgayTiepNhan"]) == (0, "2026-11-23 14:05:06")
    (component,) = body["ThanhPhanHoSo"]
    assert (component["LoaiBan"], component["SoLuong"]) == (1, 2)
    (attached,) = component["GiayToDinhKem"]
    assert attached["HashTepTin"] == scan == held["uploads"][attached["IdGiayTo"]]
    assert held["steps"][number][0]["ThoiDiemXuLy"] == "2026-11-23T14:05:06.789"
    assert held["statuses"][number]["TrangThai"] == 2
    result = Result(new_id(), "G15-KQ9", "Giấy khai sinh", file=FileRef(paper, 14, "text/plain", "x.txt"))
    rig.do(received, "dossier.completed", payloads.Completed([result]))
    rig.run()
    held = rig.portal.state()
    (told,) = held["statuses"][number]["DanhSachGiayToKetQua"]
    assert (told["MaGiayToKetQua"], told["HashTepTin"]) == ("G15-KQ9", paper)
    assert [each["TrangThai"] for each in held["steps"][number]] == [2, 9]
    assert rig.held(received) == ()


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("fault", ["cut-after", "500-after", "half", "502", "401"])
def test_a_lost_answer_makes_no_second_dossier(rig: Rig, fault: str, turn: int) -> None:
    """The first three calls of a dossier without files: number, creation, status."""
    before = rig.portal.state()["calls"].get("created", 0)
    received = rig.receive(at=AT)
    rig.portal.plan(*[None] * turn, fault)
    rig.run(3)
    number = number_at_portal(rig, received)
    assert rig.portal.state()["calls"]["created"] == before + 1
    assert [each["TrangThai"] for each in rig.portal.state()["steps"][number]] == [2]
    assert rig.held(received) == ()


def test_steps_in_doubt_are_held_for_there_is_no_look_up(rig: Rig) -> None:
    received = rig.receive(at=AT)
    rig.portal.plan(None, None, None, "cut-after")
    rig.run(3)
    assert rig.held(received) == (Reason("steps-unclear"),)


def test_a_correction_cannot_be_told_and_is_shown_while_the_status_goes_on(rig: Rig) -> None:
    received = rig.receive(at=AT)
    rig.run()
    amended = payloads.DossierAmended({"/owner/full_name": "Trần Thị Đúng Tên"}, "Sửa tên")
    rig.do(received, "dossier.amended", amended)
    rig.progress(received)
    rig.run()
    assert rig.held(received) == (Reason("no-correction"),)
    number = number_at_portal(rig, received)
    assert rig.portal.state()["statuses"][number]["TrangThai"] == 4


def test_paths_the_province_has_not_named_hold(new_rig: Callable[..., Rig]) -> None:
    rig = new_rig(generation="g3", province="", more="")
    received = rig.receive(at=AT)
    rig.run()
    assert Reason("setting", "g3.create_path") in rig.held(received)


def test_a_kind_of_owner_the_new_list_lacks_is_held(rig: Rig) -> None:
    made = rig.desk.filing(AT)
    owner = {**vars(made.owner), "kind": "state_agency"}
    filing = payloads.DossierReceived(**{**vars(made), "owner": type(made.owner)(**owner)})
    received = rig.receive(filing=filing, at=AT)
    rig.run()
    assert rig.held(received) == (Reason("code", "party: state_agency"),)
