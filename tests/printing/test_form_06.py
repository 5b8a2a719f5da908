"""Form 06, control slip, as another program reads it."""

from __future__ import annotations

from dataclasses import replace

from app.printing.control_slip import draw_control_slip
from tests.printing import reading
from tests.printing.form_samples import CONTROL, bare_papers, long_papers
from tests.printing.order import HEAD, assert_in_order

FIELDS = (
    *HEAD,
    "Số: 2017/TNHS",
    "Nà Hang, ngày 23 tháng 11 năm 2026",
    "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
    "Mã hồ sơ: H60.12-261123-1001",
    "Kèm theo hồ sơ của: Ma Thị Hường",
    "Số điện thoại: 0900 000 123",
    "Loại thủ tục: Xác nhận thông tin hộ tịch",
    "Ngày nhận hồ sơ: 15 giờ 12 phút, ngày 23/11/2026",
    "Cơ quan giải quyết, phối hợp: UBND xã Nà Hang; UBND xã Thượng Lâm",
    "Giao: Người nộp hồ sơ",
    "15 giờ 12 phút, ngày 23/11/2026",
    "Người giao: Ma Văn Pẩu",
    "Người nhận ký: Lục Thị Yến",
    "15 giờ 40 phút, ngày 23/11/2026",
    "Chuyển xử lý",
    "Người nhận ký: ....",
    "Giao: UBND xã Nà Hang",
    "08 giờ 00 phút, ngày 25/11/2026",
    "17 giờ 01 phút, ngày 30/11/2026",
    "Quá hạn",
)


def test_every_field_in_its_order() -> None:
    pdf = draw_control_slip(CONTROL)
    assert_in_order(reading.text(pdf), FIELDS)
    assert reading.info(pdf)["Pages"] == "1"
    head = reading.squeezed(reading.raw(pdf))
    titles = ("TÊN CƠ QUAN", "THỜI GIAN GIAO, NHẬN HỒ SƠ", "KẾT QUẢ GIẢI QUYẾT HỒ SƠ", "GHI CHÚ")
    for title in (*titles, "(Trước hạn/ Đúng hạn/ Quá hạn)"):
        assert reading.squeezed(title) in head


def test_one_row_a_hand_over_and_empty_rows_for_those_to_come() -> None:
    text = reading.text(draw_control_slip(CONTROL))
    assert text.count("Người giao:") == len(CONTROL.rows) + CONTROL.spare_rows == 6
    ended = reading.text(draw_control_slip(replace(CONTROL, spare_rows=0)))
    assert ended.count("Người giao:") == 4


def test_many_hand_overs_go_on_under_the_same_head() -> None:
    pages = reading.text(draw_control_slip(long_papers()["06"])).split("\f")[:-1]
    assert len(pages) >= 3
    assert_in_order("".join(pages), [f"Lần giao thứ {n}" for n in range(1, 15)])
    assert all("TÊN CƠ QUAN" in page for page in pages[:2])


def test_what_is_not_known_is_dots() -> None:
    text = reading.words(draw_control_slip(bare_papers()["06"]))
    assert "Cơ quan giải quyết, phối hợp: ...." in text
    assert text.count("Giao: ....") == 3 and "None" not in text
