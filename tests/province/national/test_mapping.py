"""Into the portal's words: nothing invented, everything missing named, formats as recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.clock import VIETNAM
from app.protocol import payloads
from app.protocol.ids import new_id
from app.protocol.parts import Component, Fee, FileRef, Identifier, Party, ProcedureRef, Result, UnitRef
from app.province.national.reasons import _WORDS, Reason
from tests.province.national.rig import LOOKS_UP, Rig
from tests.province.verdicts import accepted, upload
from tests.support.wire_desk import LEADER_SAID_YES, WireDesk

AT = datetime(2026, 11, 23, 14, 5, 6, 789000, tzinfo=VIETNAM)


def filing(desk: WireDesk, **changed: object) -> payloads.DossierReceived:
    made = desk.filing(AT)
    return payloads.DossierReceived(**{**vars(made), **changed})


class TestFormats:
    """Scalars, times, texts."""

    def test_times_are_fourteen_digits_of_viet_nam_whatever_the_zone(self, rig: Rig) -> None:
        received = rig.receive(filing=filing(rig.desk, due_at=AT + timedelta(hours=8)), at=AT)
        rig.run()
        shown = rig.shown(received)
        assert shown["NgayNopHoSo"] == shown["NgayTiepNhan"] == "20261123140506"
        assert shown["NgayHenTra"] == "20261123220506", "24 hours, not 12"
        assert shown["NgayKetThucXuLy"] == shown["NgayTra"] == shown["NgayTuChoi"] == ""

    def test_money_and_numbers_are_text(self, rig: Rig) -> None:
        fees = [Fee(new_id(), "LP01", "Lệ phí", 1_500_000, "appraisal", "on_return")]
        received = rig.receive(filing=filing(rig.desk, fees=fees), at=AT)
        rig.run()
        assert rig.shown(received)["DanhSachLePhi"] == [
            {
                "TenPhiLePhi": "Lệ phí",
                "MaPhiLePhi": "",
                "HinhThucThu": "4",
                "Gia": "1500000",
                "LoaiPhiLePhi": "2",
            }
        ]
        assert rig.shown(received)["DuocThanhToanTrucTuyen"] == "3"

    def test_a_name_in_parts_arrives_composed(self, rig: Rig) -> None:
        name = "Đặng Thi\u0323 Ê\u0300 \u200b"
        owner = Party(name, [Identifier("personal_number", "038199000001")])
        received = rig.receive(filing=filing(rig.desk, owner=owner), at=AT)
        rig.run()
        assert rig.shown(received)["ChuHoSo"] == "Đặng Thị Ề"

    def test_phone_and_mail_are_optional(self, rig: Rig) -> None:
        received = rig.receive(at=AT)
        rig.run()
        shown = rig.shown(received)
        assert (shown["SoDienThoai"], shown["Email"], shown["MaDoiTuong"]) == ("", "", "")

    def test_a_long_abstract_is_cut_at_what_the_receiver_takes(self, rig: Rig) -> None:
        received = rig.receive(filing=filing(rig.desk, abstract="ắ" * 1000), at=AT)
        rig.run()
        assert rig.shown(received)["TrichYeuHoSo"] == "ắ" * 1000


class TestIdentity:
    """Never a placeholder."""

    def test_without_a_number_the_dossier_is_held(self, rig: Rig) -> None:
        owner = Party("Trần Văn Không Số", [], no_identifier_reason="Trẻ mới sinh")
        received = rig.receive(filing=filing(rig.desk, owner=owner), at=AT)
        rig.run()
        assert rig.held(received) == (Reason("identity"),)

    def test_unless_the_province_says_an_empty_list_is_taken(self, new_rig: Callable[..., Rig]) -> None:
        rig = new_rig(province='without_identity = "empty"\n' + LOOKS_UP)
        owner = Party("Trần Văn Không Số", [], no_identifier_reason="Trẻ mới sinh")
        received = rig.receive(filing=filing(rig.desk, owner=owner), at=AT)
        rig.run()
        assert rig.shown(received)["DinhDanhCHS"] == []

    def test_a_number_of_another_length_is_held(self, rig: Rig) -> None:
        owner = Party("Trần Văn Thiếu", [Identifier("personal_number", "0381990000")])
        received = rig.receive(filing=filing(rig.desk, owner=owner), at=AT)
        rig.run()
        assert rig.held(received) == (Reason("identity-shape"),)

    def test_a_kind_without_a_code_is_held_until_the_province_says(self, rig: Rig) -> None:
        owner = Party("Công ty Ví Dụ", [Identifier("tax_code", "4600000001")], kind="business")
        received = rig.receive(filing=filing(rig.desk, owner=owner), at=AT)
        rig.run()
        assert rig.held(received) == (Reason("code", "identifier: tax_code"),)
        rig.more = '[codes.identifier]\ntax_code = "3"'
        rig.run()
        assert rig.shown(received)["DinhDanhCHS"] == [{"LoaiDinhDanh": "3", "SoDinhDanh": "4600000001"}]

    def test_one_known_number_is_enough(self, rig: Rig) -> None:
        numbers = [Identifier("passport", "C1234567"), Identifier("id_card_9", "071234568")]
        received = rig.receive(filing=filing(rig.desk, owner=Party("Ai Đó", numbers)), at=AT)
        rig.run()
        assert rig.shown(received)["DinhDanhCHS"] == [{"LoaiDinhDanh": "2", "SoDinhDanh": "071234568"}]


class TestMissing:
    """What the province has not said holds the dossier, and only that one."""

    def test_a_procedure_comes_later(self, rig: Rig) -> None:
        other = filing(rig.desk, procedure=ProcedureRef("1.000656", 1))
        held, fine = rig.receive(filing=other, at=AT), rig.receive(at=AT)
        rig.run()
        assert rig.held(held) == (Reason("procedure", "1.000656"),)
        assert rig.steps(fine) == ["2"]
        rig.more = (
            '[procedures."1.000656"]\ncode = "1.000656.H60"\nname = "Khai tử"\n'
            'field_code = "G15-TP07"\nfield_name = "Hộ tịch"'
        )
        rig.run()
        assert rig.shown(held)["MaTTHC"] == "1.000656.H60"
        assert rig.steps(held) == ["2"] and rig.held(held) == ()

    def test_half_a_procedure_is_none(self, rig: Rig) -> None:
        rig.more = '[procedures."1.000656"]\ncode = "1.000656"\nname = "Khai tử"'
        received = rig.receive(filing=filing(rig.desk, procedure=ProcedureRef("1.000656", 1)), at=AT)
        rig.run()
        assert rig.held(received) == (Reason("procedure-part", "1.000656"),)

    def test_another_unit_that_takes_over_must_be_known(self, rig: Rig, new_rig: Callable[..., Rig]) -> None:
        received = rig.receive(at=AT)
        rig.run()
        other = new_rig()
        own, there = UnitRef(rig.unit, "UBND xã Ví Dụ"), UnitRef(other.unit, "UBND xã Khác")
        rig.do(received, "dossier.transferred", payloads.Custody(own, there))
        accepted(
            other.desk,
            other.desk.about(received, "dossier.custody_accepted", payloads.Custody(own, there)),
        )
        rig.run()
        assert rig.held(received) == (Reason("agency", other.unit),)
        rig.more = f'[agencies."{other.unit}"]\ncode = "000.02"\nname = "UBND xã Khác"'
        rig.run()
        assert rig.shown(received)["DonViXuLy"] == "UBND xã Khác"

    def test_an_unnamed_database_holds(self, rig: Rig) -> None:
        received = rig.receive(filing=filing(rig.desk, consulted_databases=["CSDLQG-DC"]), at=AT)
        rig.run()
        assert rig.held(received) == (Reason("code", "database: CSDLQG-DC"),)
        rig.more = '[codes.database]\n"CSDLQG-DC" = "1"'
        rig.run()
        assert rig.shown(received)["DSKetNoiCSDL"] == [{"MaCSDL": "1"}]

    def test_a_guess_is_not_sent(self, rig: Rig) -> None:
        made = filing(rig.desk, filed_via="national_portal", portal_dossier_code="G09-1", channel="online")
        received = rig.receive(filing=made, at=AT)
        rig.run()
        assert rig.held(received) == (Reason("code-unsure", "filed_via: national_portal"),)
        rig.more = '[codes.filed_via]\nnational_portal = "1"'
        rig.run()
        assert rig.portal.state()["dossiers"]["G09-1"]["NoiNopHoSo"] == "1"

    def test_an_online_filing_without_its_number_is_held(self, rig: Rig) -> None:
        rig.more = '[codes.filed_via]\nnational_portal = "1"'
        made = filing(rig.desk, filed_via="national_portal", channel="online")
        received = rig.receive(filing=made, at=AT)
        rig.run()
        assert rig.held(received) == (Reason("portal-number"),)

    def test_a_number_of_another_province_is_held(self, new_rig: Callable[..., Rig]) -> None:
        rig = new_rig(unit="H61.7")
        received = rig.receive(at=AT)
        rig.run()
        assert rig.held(received) == (Reason("number"),)

    def test_every_reason_has_words(self) -> None:
        for code in _WORDS:
            words = Reason(code, "1.000656").words()
            assert words.endswith(".") and "{" not in words

    @pytest.mark.parametrize("status", [0, 11])
    def test_a_status_the_national_list_lacks_is_held(self, rig: Rig, status: int) -> None:
        from sqlalchemy import update

        from app.province.tables import dossiers

        received = rig.receive(at=AT)
        with rig.store.write() as db:
            mine = dossiers.c.dossier_id == received["subject"]["id"]
            db.execute(update(dossiers).where(mine).values(status=status))
        rig.run()
        assert rig.held(received) == (Reason("status", str(status)),)


class TestFacts:
    """Flags only from recorded facts; results only from a result event."""

    def test_a_scan_is_an_address_of_its_content(self, rig: Rig) -> None:
        sha256 = upload(rig.desk, b"giay thu ny")
        made = filing(rig.desk)
        paper = Component(
            new_id(), "KQ1", "Giấy tờ có dấu", "original", 1, digitised=True, file=_file(sha256)
        )
        received = rig.receive(
            filing=payloads.DossierReceived(**{**vars(made), "components": [paper]}), at=AT
        )
        rig.run()
        shown = rig.shown(received)
        (mine,) = shown["TaiLieuNop"]
        assert mine["DuongDanTaiTepTin"] == f"https://tep.example/{rig.unit}/{sha256}"
        assert shown["HoSoCoThanhPhanSoHoa"] == mine["DuocSoHoa"] == "1"
        assert (mine["DuocTaiSuDung"], mine["DuocLayTuKhoDMQG"], mine["IsDeleted"]) == ("0", "0", "False")
        rig.do(
            received,
            "document.revoked",
            payloads.DocumentRevoked(paper.component_id, "Quét nhầm"),
        )
        rig.run()
        (mine,) = rig.shown(received)["TaiLieuNop"]
        assert (mine["IsDeleted"], mine["DuongDanTaiTepTin"], mine["DuocSoHoa"]) == ("True", "", "0")
        assert rig.shown(received)["HoSoCoThanhPhanSoHoa"] == "0"

    def test_a_desks_own_words_are_no_national_codes(self, rig: Rig) -> None:
        """Fees are called LP at the desk, papers by a word, a result by its procedure."""
        sha256 = upload(rig.desk, b"giay khai sinh ban quet")
        made = filing(rig.desk, components=[Component(new_id(), "to_khai", "Tờ khai", "original", 1)])
        received = rig.receive(filing=made, at=AT)
        rig.run()
        assert rig.shown(received)["TaiLieuNop"][0]["MaThanhPhanHoSo"] == ""
        result = Result(new_id(), "1.001193", "Giấy khai sinh", file=_file(sha256))
        rig.do(received, "dossier.completed", payloads.Completed([result]))
        rig.run()
        assert rig.held(received) == (Reason("result-code", "1.001193"),)
        rig.more = '[codes.result]\n"1.001193" = "000.00.00.G15-KQ003204"\n[codes.paper]\nto_khai = "TK-1"'
        rig.run()
        shown = rig.shown(received)
        assert shown["DanhSachGiayToKetQua"][0]["MaGiayToKetQua"] == "000.00.00.G15-KQ003204"
        assert shown["TaiLieuNop"][0]["MaThanhPhanHoSo"] == "TK-1"

    def test_a_correction_after_acceptance_is_an_update_and_no_step(self, rig: Rig) -> None:
        received = rig.receive(at=AT)
        rig.run()
        amended = payloads.DossierAmended({"/owner/full_name": "Trần Thị Đúng Tên"}, "Sửa tên")
        rig.do(received, "dossier.amended", amended)
        rig.run()
        assert rig.shown(received)["ChuHoSo"] == "Trần Thị Đúng Tên"
        assert rig.steps(received) == ["2"]

    def test_a_withdrawal_ends_it(self, rig: Rig) -> None:
        received = rig.receive(at=AT)
        later = AT + timedelta(hours=1)
        rig.do(received, "dossier.withdrawn", payloads.EndWithReason("Công dân xin rút"), at=later)
        rig.do(received, "dossier.withdrawn", payloads.EndWithReason("Xin rút lần nữa"), at=later)
        rig.run()
        shown = rig.shown(received)
        assert (shown["TrangThaiHoSo"], shown["NgayKetThucXuLy"]) == ("7", "20261123150506")
        assert rig.steps(received) == ["2", "7"], "the first counts"

    def test_a_refusal_at_the_counter_was_never_accepted(self, rig: Rig) -> None:
        from tests.province.national import histories

        life = histories.begin(rig, refused=True)
        rig.run()
        shown = rig.shown(life.received)
        assert shown["TrangThaiHoSo"] == "3" and shown["NgayTuChoi"] and shown["NgayTiepNhan"] == ""
        life.act("after-all")
        rig.run()
        shown = rig.shown(life.received)
        assert shown["TrangThaiHoSo"] == "2" and shown["NgayTiepNhan"] and shown["NgayTuChoi"] == ""
        assert rig.steps(life.received) == ["3", "2"]

    def test_a_reopened_dossier_has_no_result_and_no_end(self, rig: Rig) -> None:
        received = rig.receive(at=AT)
        result = Result(new_id(), "KQ1", "Giấy khai sinh")
        rig.do(received, "dossier.completed", payloads.Completed([result]))
        rig.run()
        assert len(rig.shown(received)["DanhSachGiayToKetQua"]) == 1
        rig.progress(received, actor=LEADER_SAID_YES)
        rig.run()
        shown = rig.shown(received)
        assert (shown["DanhSachGiayToKetQua"], shown["NgayKetThucXuLy"]) == ([], "")

    def test_a_new_due_date_is_no_second_request(self, rig: Rig) -> None:
        """A step 5 told twice would count as overdue (NWF 6)."""
        received = rig.receive(at=AT)
        rig.do(received, "dossier.supplement_requested", payloads.SupplementRequested(1, "Thiếu giấy"))
        due = payloads.DueDateChanged(None, AT + timedelta(days=5), "Chờ bổ sung")
        rig.do(received, "dossier.due_date_changed", due)
        rig.run()
        assert rig.steps(received) == ["2", "5"]
        assert rig.shown(received)["NgayHenTra"] == "20261128140506"
        (round_,) = rig.shown(received)["DanhSachHoSoBoSung"]
        assert round_["NoiDungBoSung"] == "Thiếu giấy" and round_["NgayTiepNhanBoSung"] == ""

    def test_paid_through_the_platform(self, rig: Rig) -> None:
        fee = Fee(new_id(), "LP", "Lệ phí", 8000)
        received = rig.receive(filing=filing(rig.desk, fees=[fee]), at=AT)
        rig.do(received, "fee.collected", payloads.FeeMoved([fee.fee_id], 8000, "national_platform"))
        rig.run()
        assert rig.shown(received)["DuocThanhToanTrucTuyen"] == "1"
        assert rig.steps(received) == ["2"], "money taken in status 2 is no step"

    def test_dossiers_from_before_are_left_alone(self, new_rig: Callable[..., Rig]) -> None:
        rig = new_rig(province='since = "2026-11-23"\n' + LOOKS_UP)
        old, new = rig.receive(at=AT - timedelta(days=1)), rig.receive(at=AT)
        rig.run()
        dossiers = rig.portal.state()["dossiers"]
        assert rig.number(old) not in dossiers and rig.number(new) in dossiers


def _file(sha256: str) -> FileRef:
    return FileRef(sha256, 11, "text/plain", "Giấy của Trần Thị.txt")
