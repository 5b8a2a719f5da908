"""Form 04, apology and new date, as another program reads it."""

from __future__ import annotations

import pytest

from app.printing.extension_letter import draw_extension_letter
from tests.printing import reading
from tests.printing.form_samples import BY_DEPUTY, EXTENSION, bare_papers, long_papers, marked
from tests.printing.order import HEAD, assert_in_order

TITLES = {
    "tt-03-2025": "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
    "tt-01-2018": "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
}
FIELDS = (
    "Kính gửi: Ông/Bà Ma Thị Hường",
    "Địa chỉ: Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
    "Số điện thoại: 0900 000 123",
    "Thời gian tiếp nhận hồ sơ: 15 giờ 12 phút, ngày 23/11/2026",
    "Nội dung yêu cầu giải quyết: Xác nhận thông tin hộ tịch",
    "Mã hồ sơ: H60.12-261123-1001",
    "Thời gian hẹn trả kết quả: 17 giờ 00 phút, ngày 30/11/2026",
    "Lý do chưa trả kết quả đúng hẹn: Đang chờ kết quả xác minh của xã Thượng Lâm.",
    "Trung tâm Phục vụ hành chính công xã Nà Hang xin lỗi Ông/Bà",
    "Thời gian trả kết quả mới: 17 giờ 00 phút, ngày 04/12/2026",
    "Nơi nhận: THỦ TRƯỞNG",
    "- Như trên; (Ký tên, đóng dấu)",
    "Hoàng Văn Lành",
)


@pytest.mark.parametrize("form_set", sorted(TITLES))
def test_every_field_in_its_order_in_both_sets(form_set: str) -> None:
    pdf = draw_extension_letter(marked(EXTENSION, form_set=form_set))
    day = ("Số: ............/PXL", "Nà Hang, ngày 27 tháng 11 năm 2026")
    assert_in_order(reading.text(pdf), (*HEAD, *day, TITLES[form_set], *FIELDS))
    assert reading.info(pdf)["Pages"] == "1"


def test_room_for_a_round_stamp_above_the_name() -> None:
    boxes = reading.ink_boxes(draw_extension_letter(EXTENSION))
    hint = next(box for box in boxes if box[4] == "dấu)")
    name = next(box for box in boxes if box[4] == "Lành")
    assert name[1] - hint[3] > 75


def test_the_title_the_office_has_set_takes_the_place_of_the_form_s_word() -> None:
    lines = [row.text for row in reading.lines(draw_extension_letter(BY_DEPUTY)) if row.bold]
    assert lines[-3:] == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nông Văn Phúc"]


def test_a_long_reason_goes_on_whole() -> None:
    pages = reading.text(draw_extension_letter(long_papers()["04"])).split("\f")[:-1]
    assert len(pages) == 2
    assert_in_order("".join(pages), [f"Lý do thứ {n} của" for n in (1, 20, 40, 59)])
    assert "THỦ TRƯỞNG" in pages[-1] and "THỦ TRƯỞNG" not in pages[0]


def test_what_is_not_known_is_dots_and_nobody_is_named_as_leader() -> None:
    text = reading.words(draw_extension_letter(bare_papers()["04"]))
    for label in ("Kính gửi: Ông/Bà ....", "đúng hẹn: ....", "trả kết quả mới: ...", "trả kết quả: ..."):
        assert label in text
    assert "Lành" not in text and "None" not in text
