"""The book of certifications, as another program reads it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.clock import VIETNAM
from app.domain.certification import Kind, Volume
from app.domain.day_book import LINES_A_PAGE, DayBook, DayBookLine, Totals, page_of, pages_of, totals
from app.printing.day_book import draw_day_book
from tests.printing import reading
from tests.printing.order import assert_in_order

AT = datetime(2026, 11, 23, 9, 0, tzinfo=VIETNAM)
COLUMNS = (
    "Số thứ tự/ số chứng thực",
    "Ngày, tháng, năm chứng thực",
    "Họ tên của người yêu cầu chứng thực",
    "Tên của bản chính giấy tờ, văn bản",
    "Họ tên, chức danh người ký chứng thực",
    "Số bản sao đã được chứng thực",
    "Lệ phí/ Phí chứng thực (đồng)",
    "Ghi chú",
)


def line(number: int, **changes: object) -> DayBookLine:
    whole = DayBookLine(
        number=number,
        at=AT + timedelta(minutes=number),
        requester="Ma Thị Hường",
        identity="008198000000",
        paper=f"Giấy tờ thứ {number}",
        signer="Nông Văn Phúc, Phó Chủ tịch",
        copies=2,
        fee_vnd=10000,
        note="3 trang",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def book(*lines: DayBookLine, kind: Kind = Kind.COPY, before: Totals | None = None) -> DayBook:
    return DayBook(
        volume=Volume(kind, 2, 2026),
        agency="UBND XÃ NÀ HANG",
        pages=pages_of(lines, before or Totals()),
        anchor="Nhật ký: mục 7, dấu 00aa11bb22cc33dd",
    )


def page_text(pdf: bytes, page: int) -> str:
    return reading.words(pdf, "-f", str(page), "-l", str(page))


def test_pages_carry_their_sums():
    lines = [line(number) for number in range(1, 41)]
    pages = pages_of(lines, Totals())
    assert [len(page.lines) for page in pages] == [15, 15, 10]
    assert [page.carried.copies for page in pages] == [0, 30, 60]
    assert pages[-1].so_far == totals(lines) == Totals(40, 80, 400000, 0)
    assert [page_of(number) for number in (1, 15, 16, 30, 31)] == [1, 1, 2, 2, 3]


def test_a_page_from_the_middle_of_the_book_carries_what_stands_before():
    (page,) = pages_of([line(16), line(17)], Totals(15, 30, 150000, 1))
    assert page.number == 2
    assert page.so_far == Totals(17, 34, 170000, 1)


def test_columns_in_the_order_of_the_form():
    pdf = draw_day_book([book(line(1))])
    assert reading.info(pdf)["Page size"] == "841.89 x 595.276 pts (A4)"
    assert int(reading.info(pdf)["Pages"]) == 1
    squeezed = reading.squeezed(reading.raw(pdf))
    places = [squeezed.index(reading.squeezed(f"{title}({n})")) for n, title in enumerate(COLUMNS, 1)]
    assert places == sorted(places)
    assert_in_order(
        reading.words(pdf),
        ("UBND XÃ NÀ HANG", "Quyển số: 02/2026 - SCT/BS", "SỔ CHỨNG THỰC BẢN SAO TỪ BẢN CHÍNH"),
    )
    row = reading.squeezed(
        "23/11/2026 Ma Thị Hường Giấy tờ thứ 1 Nông Văn Phúc, Phó Chủ tịch 02 10.000 3 trang"
    )
    assert row in squeezed


def test_head_is_repeated_and_the_sums_stand_on_each_page():
    pdf = draw_day_book([book(*(line(number) for number in range(1, 41)))])
    assert int(reading.info(pdf)["Pages"]) == 3
    for page, (own, carried, so_far) in enumerate(
        (
            ("30 150.000", "", ""),
            ("30 150.000", "30 150.000", "60 300.000"),
            ("20 100.000", "60 300.000", "80 400.000"),
        ),
        start=1,
    ):
        text = page_text(pdf, page)
        assert "SỔ CHỨNG THỰC" in text
        assert "Quyển số: 02/2026 - SCT/BS" in text
        assert f"Cộng trang này {own}" in text
        assert f"Trang {page}" in text
        assert "Nhật ký: mục 7, dấu 00aa11bb22cc33dd" in text
        if page == 1:
            assert "mang sang" not in text
        else:
            assert f"Trang trước mang sang {carried}" in text
            assert f"Cộng dồn {so_far}" in text


def test_every_number_stands_once():
    pdf = draw_day_book([book(*(line(number) for number in range(1, 41)))])
    found = re.findall(r"Giấy tờ thứ (\d+)", reading.words(pdf))
    assert sorted(map(int, found)) == list(range(1, 41))


def test_a_full_page_of_usual_names_is_one_sheet():
    names = {"paper": "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất"}
    pdf = draw_day_book([book(*(line(n, **names) for n in range(16, 16 + LINES_A_PAGE)))])
    assert int(reading.info(pdf)["Pages"]) == 1


def test_names_too_long_for_one_sheet_go_on_and_say_so():
    lines = [line(n, paper=f"{n} " + "quyết định phê duyệt " * 7) for n in range(1, 16)]
    pdf = draw_day_book([book(*lines)])
    assert int(reading.info(pdf)["Pages"]) == 2
    assert "Trang 1 (tiếp)" in page_text(pdf, 2)
    assert "Quyển số" in page_text(pdf, 2)
    assert len(re.findall("Phó Chủ tịch", reading.words(pdf))) == 15


def test_an_unknown_fee_is_said_and_not_added():
    pdf = draw_day_book([book(line(1), line(2, fee_vnd=None))])
    text = reading.squeezed(reading.raw(pdf))
    assert reading.squeezed("Chưa có mức phí") in text
    assert reading.squeezed("Cộng trang này 04 10.000 1 dòng chưa có mức phí") in text


def test_the_book_of_signatures_names_the_citizens_paper():
    pdf = draw_day_book([book(line(1), kind=Kind.SIGNATURE)])
    text = reading.squeezed(reading.raw(pdf))
    assert reading.squeezed("SỔ CHỨNG THỰC CHỮ KÝ, CHỨNG THỰC ĐIỂM CHỈ") in text
    assert reading.squeezed("02/2026 - SCT/CK, ĐC") in text
    assert "008198000000" in text
    assert "008198000000" not in reading.words(draw_day_book([book(line(1))]))


def test_two_volumes_in_one_file_and_the_same_bytes_again():
    books = [book(line(1)), replace(book(line(1)), volume=Volume(Kind.COPY, 2, 2027), copy_no=2)]
    pdf = draw_day_book(books)
    assert pdf == draw_day_book(books)
    assert int(reading.info(pdf)["Pages"]) == 2
    assert "02/2027" in page_text(pdf, 2)
    assert "In lại lần 1" in page_text(pdf, 2)
    assert all(font.embedded for font in reading.fonts(pdf))


@pytest.mark.parametrize("sign", ["<b>Ấn</b>", "Trần & Lê", "Đặng  Thị​Ẩn"])
def test_names_print_as_they_stand(sign: str):
    pdf = draw_day_book([book(line(1, requester=sign))])
    assert reading.squeezed(sign.replace("​", "")) in reading.squeezed(reading.raw(pdf))
