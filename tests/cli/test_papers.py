"""``slip --form 01..07``: before their act refused, afterwards a PDF another program reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import BIRTH, MONDAY, Motcua
from tests.printing import reading

LATER = "2026-11-23T10:00"
SUPPLEMENT = ("request-supplement", "--item", "giay_chung_sinh", "--reason", "Giấy cũ bị rách")
ACTS = {
    "02": ("yêu cầu bổ sung", SUPPLEMENT),
    "04": (
        "xin lỗi và gia hạn",
        ("extend", "--due", "2026-12-01T17:00", "--reason", "Chờ kết quả xác minh"),
    ),
    "05": ("dừng giải quyết", ("stop", "--reason", "Nộp trùng hồ sơ khác")),
}
TITLES = {
    "01": "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
    "02": "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
    "03": "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
    "04": "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
    "05": "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
    "06": "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
    "07": "SỔ THEO DÕI HỒ SƠ",
}


def received(motcua: Motcua, *options: str) -> str:
    """The number of a birth registration of Monday morning."""
    return str(motcua.json("receive", *BIRTH, "--at", MONDAY, *options)["number"])


@pytest.mark.parametrize("form", sorted(ACTS))
def test_refused_before_the_act_and_made_after_it(motcua: Motcua, tmp_path: Path, form: str) -> None:
    number, out = received(motcua), tmp_path / "paper.pdf"
    said, act = ACTS[form]
    slip = ("slip", number, "--form", form, "--out", str(out))
    error = motcua.error(3, *slip)
    assert said in error["title"] and error["field"] == "form" and not out.exists()
    motcua.json("do", number, *act, "--at", LATER)
    made = motcua.json(*slip)
    assert made == {"form": form, "form_set": "tt-03-2025", "pages": 1, "copy_no": 1}
    words = reading.words(out.read_bytes())
    assert TITLES[form] in words and number in words and "Ma Thị Hường" in words
    assert motcua.json(*slip)["copy_no"] == 2
    assert "In lại lần 1" in reading.words(out.read_bytes())


def test_refusal_of_what_was_only_registered(motcua: Motcua, tmp_path: Path) -> None:
    number, out = received(motcua, "--register-only"), tmp_path / "paper.pdf"
    slip = ("slip", number, "--form", "03", "--out", str(out))
    assert "từ chối tiếp nhận" in motcua.error(3, *slip)["title"]
    motcua.json("do", number, "refuse", "--reason", "Không thuộc thẩm quyền của xã", "--at", LATER)
    assert motcua.json(*slip)["form"] == "03"
    words = reading.words(out.read_bytes())
    assert TITLES["03"] in words and "Không thuộc thẩm quyền của xã" in words


@pytest.mark.parametrize("form", ["06", "07"])
def test_control_slip_and_register_line_are_there_from_the_start(
    motcua: Motcua, tmp_path: Path, form: str
) -> None:
    for number in (received(motcua), received(motcua, "--register-only")):
        out = tmp_path / "paper.pdf"
        made = motcua.json("slip", number, "--form", form, "--out", str(out))
        assert made == {"form": form, "form_set": "tt-03-2025", "pages": 1, "copy_no": 1}
        words = reading.words(out.read_bytes())
        assert TITLES[form] in words and number in words


@pytest.mark.parametrize(("day", "form_set"), [("2025-09-14", "tt-01-2018"), ("2025-09-15", "tt-03-2025")])
@pytest.mark.parametrize("form", sorted(TITLES))
def test_at_date_chooses_the_form_set(
    motcua: Motcua, tmp_path: Path, form: str, day: str, form_set: str
) -> None:
    number, out = received(motcua, *(["--register-only"] if form == "03" else [])), tmp_path / "paper.pdf"
    act = ("refuse", "--reason", "x") if form == "03" else ACTS.get(form, ("", None))[1]
    if act:
        motcua.json("do", number, *act, "--at", LATER)
    made = motcua.json("slip", number, "--form", form, "--out", str(out), "--at-date", day)
    assert (made["form"], made["form_set"]) == (form, form_set)
    title = TITLES[form]
    if (form, form_set) == ("04", "tt-01-2018"):
        title = "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ"
    assert title in reading.words(out.read_bytes())


def test_a_dossier_of_2018_keeps_its_set(motcua: Motcua, tmp_path: Path) -> None:
    argv = ("receive", *BIRTH, "--at", "2025-09-12T09:00")
    number, out = motcua.json(*argv)["number"], str(tmp_path / "paper.pdf")
    for form in ("01", "06", "07"):
        assert motcua.json("slip", number, "--form", form, "--out", out)["form_set"] == "tt-01-2018"


def test_a_day_that_is_none_and_a_dossier_that_is_none(motcua: Motcua, tmp_path: Path) -> None:
    number, out = received(motcua), str(tmp_path / "paper.pdf")
    slip = ("slip", number, "--form", "01", "--out", out)
    assert motcua.error(2, *slip, "--at-date", "31/2/2026")["field"] == "at_date"
    assert motcua.error(4, "slip", "TN-02221-261123-2999", "--form", "06", "--out", out)["field"] == "number"
