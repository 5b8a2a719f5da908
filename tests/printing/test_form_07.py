"""Form 07, the register, as another program reads it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from app.printing.register_book import draw_register_book
from tests.printing import reading
from tests.printing.form_samples import BOOK, LINE, OFFICIAL, bare_papers, long_papers
from tests.printing.order import HEAD, assert_in_order

COLUMNS = (
    "STT",
    "Mã hồ sơ",
    "Tên TTHC",
    "Số lượng hồ sơ (bộ)",
    "Tên cá nhân, tổ chức",
    "Địa chỉ, số điện thoại",
    "Cơ quan chủ trì giải quyết",
    "Nhận hồ sơ",
    "Hẹn trả kết quả",
    "Trả kết quả",
    "Phương thức nhận kết quả",
    "Ký nhận",
    "Ghi chú",
)
VALUES = (
    "1.346",
    "TN-02221-261123-2KMBHG017",
    "Xác nhận thông tin hộ tịch",
    "01",
    "Ma Thị Hường",
    "Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
    "0900 000 123",
    "UBND xã Nà Hang",
    "15:12 23/11/2026",
    "17:00 25/11/2026",
    "09:30 25/11/2026",
    "Tại quầy",
)


def columns(pdf: bytes) -> list[str]:
    """The words of each column of the table, left to right, from where its first and last word stand."""
    edges = (20, 31.2, 73, 98, 110, 132, 158, 179, 196, 213.5, 230.5, 247.6, 262, 277)
    boxes = [box for box in reading.ink_boxes(pdf) if box[1] > 160]
    points = [edge * 72 / 25.4 for edge in edges]
    return [
        " ".join(box[4] for box in boxes if left <= (box[0] + box[2]) / 2 < right)
        for left, right in itertools.pairwise(points)
    ]


@pytest.mark.parametrize("form_set", ["tt-03-2025", "tt-01-2018"])
def test_head_book_and_title(form_set: str) -> None:
    pdf = draw_register_book(replace(BOOK, form_set=form_set))
    assert_in_order(reading.text(pdf), (*HEAD, "Quyển số: 02 (2026)", "SỔ THEO DÕI HỒ SƠ"))
    assert reading.info(pdf)["Page size"] == "841.89 x 595.276 pts (A4)"


def test_thirteen_columns_in_order_each_over_its_value() -> None:
    found = [reading.squeezed(column) for column in columns(draw_register_book(BOOK))]
    assert len(found) == len(COLUMNS) == 13
    for title, text in zip(COLUMNS, found, strict=True):
        assert reading.squeezed(title) in text
    address = VALUES[5] + " " + VALUES[6]
    values = (*VALUES[:5], address, *VALUES[7:])
    for value, text in zip(values, found, strict=False):
        assert text.endswith(reading.squeezed(value)), (value, text)


@pytest.mark.parametrize("number", [LINE.number, OFFICIAL, "H60.123.45.678-261123-100001"])
def test_the_number_stands_on_one_line(number: str) -> None:
    pdf = draw_register_book(replace(BOOK, lines=(replace(LINE, number=number),)))
    assert number in [box[4] for box in reading.ink_boxes(pdf)]


def test_pages_of_a_book_repeat_the_columns_and_lose_no_line() -> None:
    pdf = draw_register_book(long_papers()["07"])
    pages = int(reading.info(pdf)["Pages"])
    assert pages >= 3
    seen = []
    for page in range(1, pages + 1):
        boxes = reading.ink_boxes(pdf, page)
        assert any(box[4] == "STT" for box in boxes)
        seen += [box[4] for box in boxes if box[4].isdigit() and box[0] < 85 and box[4] != "02"]
    assert seen == [str(n) for n in range(1, 25)]


def test_what_has_not_come_yet_stays_empty() -> None:
    text = reading.words(draw_register_book(bare_papers()["07"]))
    assert "Quyển số: ...." in text and "None" not in text
    assert text.count("/2026") == 1
