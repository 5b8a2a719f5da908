"""The day sheet and the note of money: what they say, read back; they never call themselves biên lai."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.printing.cash_sheet import draw_cash_sheet
from app.printing.document import page_count
from app.printing.fee_receipt import draw_fee_note
from tests.printing import cash_samples, reading


@pytest.mark.parametrize("name", cash_samples.SAMPLES)
def test_same_bytes_and_embedded_fonts(name):
    pdf = cash_samples.SAMPLES[name]()
    assert pdf == cash_samples.SAMPLES[name]()
    assert all(font.embedded for font in reading.fonts(pdf))


def test_the_day_sheet_on_one_page():
    pdf = draw_cash_sheet(cash_samples.SHEET)
    words = " ".join(reading.raw(pdf).split())
    assert page_count(pdf) == 1
    for part in (
        "BẢNG KÊ THU TIỀN TRONG NGÀY",
        "Ngày 23/11/2026",
        "BL02/2026-12",
        "ghi nhầm hồ sơ",
        "từ số 12 đến số 14, 3 biên nhận; đã hủy số 14",
        "16.000 đồng (bằng chữ: mười sáu nghìn đồng)",
        "Tiền mặt đếm được: 15.000 đồng",
        "thiếu 1.000 đồng",
        "Trả lại thừa cho khách",
        "NGƯỜI KIỂM QUỸ",
        "LÃNH ĐẠO",
    ):
        assert part in words, part


def test_a_box_not_counted_leaves_room_for_a_hand():
    words = reading.words(draw_cash_sheet(cash_samples.UNCOUNTED))
    assert "Tiền mặt đếm được: ....." in words and "thiếu" not in words


def test_a_day_without_money_says_so():
    empty = replace(cash_samples.UNCOUNTED, lines=())
    assert "Không thu khoản nào." in reading.words(draw_cash_sheet(empty))


def test_long_days_carry_the_head_and_the_page_number():
    pdf = draw_cash_sheet(cash_samples.LONG)
    pages = reading.text(pdf).split("\f")[:-1]
    assert len(pages) > 2
    assert all("Biên nhận" in page for page in pages[:3])
    assert [str(n) in pages[n - 1].split() for n in range(2, len(pages) + 1)]
    assert {f"BL02/2026-{n}" for n in range(1, 71)} <= set(" ".join(pages).split())


def test_numbers_stay_readable_and_the_totals_are_added_up():
    """A provisional number once shrank to 7 points; the two tables of totals end in the same sums."""
    pdf = draw_cash_sheet(cash_samples.SHEET)
    sizes = {row.text: row.size for row in reading.lines(pdf)}
    [number] = [size for text, size in sizes.items() if "TN-02221-261123-2KMBHG017" in text]
    assert number >= 10
    assert reading.words(pdf).count("Cộng 3 224.000 8.000 216.000") == 2


def test_the_note_says_what_it_is_not():
    words = reading.words(draw_fee_note(cash_samples.NOTE))
    assert "BIÊN NHẬN THU TIỀN" in words and "không thay biên lai thu phí, lệ phí" in words
    for part in ("Số: BL02/2026-12", "Ma Thị Hường", "16.000 đồng", "Mười sáu nghìn đồng", "Tiền mặt"):
        assert part in words, part
    assert "HỦY" not in words


def test_a_cancelled_note_says_so_in_capitals():
    words = reading.words(draw_fee_note(cash_samples.GONE))
    assert "ĐÃ HỦY NGÀY 23/11/2026. LÝ DO: GHI NHẦM HỒ SƠ" in words
    assert "Chuyển khoản, FT26327001" in words and "In lại lần 1" in words and "DỮ LIỆU MẪU" in words
