"""Form 05, stop notice, as another program reads it."""

from __future__ import annotations

import pytest

from app.printing.stop_notice import draw_stop_notice
from tests.printing import reading
from tests.printing.form_samples import STOP, bare_papers, long_papers, marked
from tests.printing.order import HEAD, assert_in_order

FIELDS = (
    *HEAD,
    "Số: ............/TNHS",
    "Nà Hang, ngày 27 tháng 11 năm 2026",
    "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
    "Kính gửi: Ông/Bà Ma Thị Hường",
    "Địa chỉ: Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
    "Nội dung yêu cầu giải quyết: Xác nhận thông tin hộ tịch",
    "Người đề nghị dừng giải quyết: Ma Thị Hường",
    "Căn cứ dừng giải quyết: Người nộp đã được cấp giấy ở nơi khác.",
    "Mã hồ sơ: H60.12-261123-1001",
    "Giai đoạn giải quyết khi dừng: Đang xử lý",
    "Quyết định dừng giải quyết: kể từ 10 giờ 20 phút, ngày 27/11/2026",
    "Giấy tờ hoàn trả:",
    "TT Tên giấy tờ Loại Đã nộp Hoàn trả",
    "1 Tờ khai đăng ký khai sinh Bản chính 1 ....",
    "2 Giấy chứng sinh Bản chính 2 ....",
    "Phí, lệ phí: đã thu 16.000 đồng",
    "- Hoàn lại: ....",
    "- Không hoàn, lý do: ....",
    "NGƯỜI CÓ THẨM QUYỀN",
)


@pytest.mark.parametrize("form_set", ["tt-03-2025", "tt-01-2018"])
def test_every_field_in_its_order_also_for_a_dossier_of_the_set_without_this_form(form_set: str) -> None:
    pdf = draw_stop_notice(marked(STOP, form_set=form_set))
    assert_in_order(reading.text(pdf), FIELDS)
    assert reading.info(pdf)["Pages"] == "1"


def test_many_papers_and_a_long_ground_go_on_whole() -> None:
    pages = reading.raw(draw_stop_notice(long_papers()["05"])).split("\f")[:-1]
    whole = reading.squeezed("".join(pages))
    assert len(pages) >= 3
    assert whole.count("chứngminh") == 30 * 9
    assert whole.count("Giấytờ") == 30 + 1
    assert "Lýdothứ59" in whole
    assert "NGƯỜI CÓ THẨM QUYỀN" in pages[-1]


def test_what_is_not_known_is_dots() -> None:
    text = reading.words(draw_stop_notice(bare_papers()["05"]))
    for label in ("đề nghị dừng giải quyết: ....", "Căn cứ dừng giải quyết: ....", "Phí, lệ phí: ...."):
        assert label in text
    assert "Giấy tờ hoàn trả: không có giấy tờ nộp giữ lại" in text
    assert "None" not in text
