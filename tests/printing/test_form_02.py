"""Form 02, supplement request, as another program reads it."""

from __future__ import annotations

from dataclasses import replace

from app.printing.supplement_request import draw_supplement_request
from tests.printing import reading
from tests.printing.form_samples import SUPPLEMENT, bare_papers, long_papers
from tests.printing.order import HEAD, assert_in_order

FIELDS = (
    *HEAD,
    "Số: 2017/HDHS",
    "Nà Hang, ngày 24 tháng 11 năm 2026",
    "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
    "Mã hồ sơ: H60.12-261123-1001",
    "Hồ sơ của Ông/Bà: Ma Thị Hường",
    "Nội dung yêu cầu giải quyết: Xác nhận thông tin hộ tịch",
    "Địa chỉ: Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
    "Số điện thoại: 0900 000 123",
    "Email: huong@example.vn",
    "Yêu cầu hoàn thiện hồ sơ gồm:",
    "Số lượng",
    "1 Giấy chứng sinh 1 0 0",
    "2 Văn bản ủy quyền có chứng thực ....",
    "3 Ảnh 3 × 4",
    "Lý do: Giấy chứng sinh nộp ngày 23/11 bị rách, không đọc được số.",
    "liên hệ với công chức Lục Thị Yến, số điện thoại 0207 000 0000",
    "NGƯỜI HƯỚNG DẪN",
    "(Ký, ghi rõ họ tên)",
    "Lục Thị Yến",
)


def test_every_field_in_its_order() -> None:
    pdf = draw_supplement_request(SUPPLEMENT)
    assert_in_order(reading.text(pdf), FIELDS)
    assert reading.info(pdf)["Pages"] == "1"
    whole = reading.words(pdf)
    for column in ("TT", "Thành phần hồ sơ", "Bản chính", "Bản photo"):
        assert column in whole
    assert "chứng thực" in reading.raw(pdf)


def test_long_content_goes_on_whole_and_the_columns_are_named_again() -> None:
    paper = long_papers()["02"]
    pdf = draw_supplement_request(paper)
    pages = reading.text(pdf).split("\f")[:-1]
    assert len(pages) >= 4
    whole = reading.squeezed("".join(pages))
    assert all(reading.squeezed(f"Giấy tờ thứ {n} chứng minh") in whole for n in range(1, 31))
    assert_in_order("".join(pages), [f"Lý do thứ {n} của" for n in (1, 30, 59)])
    assert "Thành phần hồ sơ" in pages[1] and "Mã hồ sơ: H60.12-261123-1001" in pages[1]
    assert "NGƯỜI HƯỚNG DẪN" in pages[-1]


def test_what_is_not_known_is_dots() -> None:
    text = reading.words(draw_supplement_request(bare_papers()["02"]))
    for label in (
        "Hồ sơ của Ông/Bà: ....",
        "Lý do: ....",
        "công chức ....",
        "số điện thoại ....",
        "....../HDHS",
    ):
        assert label in text
    assert "Số biên nhận tạm: TN-02221-261123-2KMBHG017" in text
    assert "Mã hồ sơ" not in text and "None" not in text


def test_a_name_with_markup_prints_as_it_stands() -> None:
    paper = replace(SUPPLEMENT, reason="<b>đậm</b> & <br/>", officer_name="A < B")
    text = reading.words(draw_supplement_request(paper))
    assert "Lý do: <b>đậm</b> & <br/>" in text and "A<B" in reading.squeezed(text)
