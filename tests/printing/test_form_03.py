"""Form 03, refusal slip, as another program reads it."""

from __future__ import annotations

from app.printing.refusal_slip import draw_refusal_slip
from tests.printing import reading
from tests.printing.form_samples import REFUSAL, bare_papers, long_papers
from tests.printing.order import HEAD, assert_in_order

FIELDS = (
    *HEAD,
    "Số: 2017/TNHS",
    "Nà Hang, ngày 23 tháng 11 năm 2026",
    "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
    "Mã hồ sơ: H60.12-261123-1001",
    "Tiếp nhận hồ sơ của: Ma Thị Hường",
    "Địa chỉ: Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
    "Số điện thoại: 0900 000 123",
    "Email: huong@example.vn",
    "Nội dung yêu cầu giải quyết: Xác nhận thông tin hộ tịch",
    "Qua xem xét, Trung tâm Phục vụ hành chính công xã Nà Hang thông báo không tiếp nhận, giải quyết hồ sơ "
    "này với lý do cụ thể như sau:",
    "Việc này do Ủy ban nhân dân phường Minh Xuân giải quyết.",
    "công chức Lục Thị Yến, số điện thoại 0207 000 0000",
    "NGƯỜI NỘP HỒ SƠ NGƯỜI TIẾP NHẬN HỒ SƠ",
    "(Ký, ghi rõ họ tên) (Ký, ghi rõ họ tên)",
    "Ma Văn Pẩu Lục Thị Yến",
)


def test_every_field_in_its_order() -> None:
    pdf = draw_refusal_slip(REFUSAL)
    assert_in_order(reading.text(pdf), FIELDS)
    assert reading.info(pdf)["Pages"] == "1"


def test_a_long_reason_goes_on_whole() -> None:
    pages = reading.text(draw_refusal_slip(long_papers()["03"])).split("\f")[:-1]
    assert len(pages) == 2
    assert_in_order("".join(pages), [f"Lý do thứ {n} của" for n in (1, 20, 40, 59)])
    assert "NGƯỜI NỘP HỒ SƠ" in pages[-1]


def test_what_is_not_known_is_dots() -> None:
    text = reading.words(draw_refusal_slip(bare_papers()["03"]))
    for label in ("Tiếp nhận hồ sơ của: ....", "Qua xem xét, ....", "như sau: ....", "công chức ...."):
        assert label in text
    assert "None" not in text
