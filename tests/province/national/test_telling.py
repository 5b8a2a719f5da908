"""Accepted acts become calls: created once, kept up to date, steps once and in order."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.clock import VIETNAM
from app.protocol import payloads
from app.protocol.ids import new_id
from app.protocol.parts import Result
from tests.province.national.rig import Rig


def test_a_dossier_is_created_and_its_step_told(rig: Rig) -> None:
    received = rig.receive(at=datetime(2026, 11, 23, 14, 5, 6, tzinfo=VIETNAM))
    rig.run()
    shown = rig.shown(received)
    assert shown["ChuHoSo"] == "Trần Thị Ví Dụ"
    assert shown["NgayTiepNhan"] == "20261123140506"
    assert shown["MaTTHC"] == "1.001193" and shown["DonViXuLy"] == "UBND xã Ví Dụ"
    assert rig.steps(received) == ["2"]
    assert rig.held(received) == ()


def test_a_whole_life(rig: Rig) -> None:
    received = rig.receive()
    rig.run()
    rig.progress(received)
    rig.run()
    rig.do(received, "dossier.completed", payloads.Completed([Result(new_id(), "G15-KQ1", "Giấy khai sinh")]))
    rig.do(received, "dossier.returned", payloads.Returned("counter", "Trần Thị Ví Dụ"))
    rig.run()
    shown = rig.shown(received)
    assert shown["TrangThaiHoSo"] == "10" and shown["NgayTra"] and shown["NgayKetThucXuLy"]
    assert shown["DanhSachGiayToKetQua"][0]["MaGiayToKetQua"] == "G15-KQ1"
    assert rig.steps(received) == ["2", "4", "9", "10"]


def test_eleven_steps_go_in_two_calls(rig: Rig) -> None:
    received = rig.receive()
    start = datetime.now(VIETNAM)
    for minute in range(12):
        rig.progress(received, f"Bước {minute}", at=start + timedelta(minutes=minute))
    rig.run()
    assert rig.steps(received) == ["2"] + ["4"] * 12
    assert rig.portal.state()["calls"]["CapNhatTienDoHoSoMC"] >= 2


def test_nothing_to_tell_is_no_call(rig: Rig) -> None:
    rig.receive()
    rig.run()
    before = rig.portal.state()["calls"]
    rig.run(3)
    assert rig.portal.state()["calls"] == before
