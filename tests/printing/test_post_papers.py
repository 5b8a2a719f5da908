"""Hand-over lists, envelope labels and return receipts as another program reads them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import RuleError
from app.printing.envelope_label import draw_labels
from app.printing.hand_over_list import draw_hand_over_list
from app.printing.return_receipt import draw_return_receipt
from tests.printing import reading
from tests.printing.form_samples import PROVISIONAL
from tests.printing.order import HEAD, assert_in_order
from tests.printing.post_samples import BILL, LABEL, LINES, POST_LIST, RECEIPT, SAMPLES, UNIT_LIST


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_fonts_are_embedded_and_the_bytes_are_the_same_each_time(name: str) -> None:
    pdf = SAMPLES[name]()
    assert all(font.embedded and font.unicode for font in reading.fonts(pdf))
    assert SAMPLES[name]() == pdf


def test_the_unit_list_has_every_field_in_its_order_and_two_signatures() -> None:
    text = reading.text(draw_hand_over_list(UNIT_LIST))
    assert_in_order(
        text,
        (
            *HEAD,
            "Số: 12/BK02/2026",
            "Nà Hang, ngày 23 tháng 11 năm 2026",
            "BẢNG KÊ GIAO NHẬN HỒ SƠ",
            "Bên giao: Trung tâm Phục vụ hành chính công xã Nà Hang",
            "Bên nhận: UBND xã Thượng Lâm",
            "Thời gian giao nhận: 16 giờ 30 phút, ngày 23/11/2026",
            "H60.12-261123-1001",
            "30/11/2026",
            "TN-02221-261123-2KMBHG017",
            "Tổng số: 2 hồ sơ (bằng chữ: hai).",
            "NGƯỜI GIAO",
            "NGƯỜI NHẬN",
            "Lục Thị Yến",
        ),
    )
    assert text.count("(Ký, ghi rõ họ tên)") == 2


def test_the_posts_list_states_bill_and_address_and_leaves_dots_for_a_missing_bill() -> None:
    pdf = draw_hand_over_list(POST_LIST)
    words = reading.raw(pdf)
    assert BILL in words and "0900 000 123" in words.replace("\u00a0", " ")
    assert "Thôn Bản Bung, xã Nà Hang" in words
    assert "......" in words
    assert "Đăng ký khai sinh" not in words, "the post is not told what is inside"


def test_a_long_list_goes_on_under_the_same_head_and_every_line_is_there() -> None:
    many = tuple(replace(LINES[0], number=f"H60.12-261123-{n:04d}") for n in range(1, 121))
    pages = reading.text(draw_hand_over_list(replace(UNIT_LIST, lines=many))).split("\f")[:-1]
    assert len(pages) >= 4
    assert_in_order("".join(pages), [each.number for each in many])
    assert all("chủ hồ sơ" in page for page in pages[:-1])
    assert "số 12/BK02/2026" in pages[1]


def test_a_provisional_number_keeps_the_size_of_the_table() -> None:
    """It once shrank to 8.7 points in a column too narrow for it."""
    for paper in (UNIT_LIST, POST_LIST):
        found = [row for row in reading.lines(draw_hand_over_list(paper)) if PROVISIONAL in row.text]
        assert [row.size for row in found] == [11]


def test_a_reprint_of_a_demo_list_says_both() -> None:
    words = reading.words(draw_hand_over_list(replace(UNIT_LIST, copy_no=3, demo=True)))
    assert "In lại lần 2" in words and "DỮ LIỆU MẪU" in words


@pytest.mark.parametrize(("paper", "size"), [("a4", "595"), ("c5", "649"), ("a6", "419")])
def test_a_label_has_the_recipient_large_and_the_bill_as_a_barcode(paper: str, size: str) -> None:
    pdf = draw_labels([LABEL], paper)
    assert reading.info(pdf)["Page size"].startswith(size)
    assert ("code128", BILL) in reading.codes(reading.picture(pdf, 200))
    boxes = reading.ink_boxes(pdf)
    name = next(box for box in boxes if box[4] == "Hường")
    sender = next(box for box in boxes if box[4] == "gửi:")
    assert name[3] - name[1] > 1.7 * (sender[3] - sender[1])
    assert "hộ tịch" not in reading.words(pdf)


def test_nine_labels_take_two_sheets_of_eight() -> None:
    pdf = draw_labels([replace(LABEL, recipient=f"Người {n}") for n in range(1, 10)], "a4")
    pages = reading.text(pdf).split("\f")[:-1]
    assert [page.count("Người gửi") for page in pages] == [8, 1]


def test_the_longest_address_stays_on_its_label() -> None:
    long = replace(
        LABEL, recipient="Nông Thị Ngọc Ánh Tuyết Hoàng Yến", recipient_address="Thôn Bản Bung, " * 20
    )
    pdf = draw_labels([long] * 8, "a4")
    bars = [box for box in reading.ink_boxes(pdf) if box[4] == BILL]
    assert len(bars) == 8
    words = [box for box in reading.ink_boxes(pdf) if box[4] == "Bung,"]
    first = [box for box in words if box[0] < 290 and box[1] < 205]
    assert max(box[3] for box in first) < min(box[1] for box in bars)


def test_a_label_without_bill_has_no_bars() -> None:
    assert reading.codes(reading.picture(draw_labels([replace(LABEL, bill="")]), 200)) == []


def test_an_unknown_size_is_a_sentence() -> None:
    with pytest.raises(RuleError) as error:
        draw_labels([LABEL], "b7")
    assert error.value.field == "paper"


def test_the_return_receipt_says_who_took_what_by_which_paper_on_both_copies() -> None:
    pdf = draw_return_receipt(RECEIPT)
    assert reading.info(pdf)["Pages"] == "1"
    for left, copy in ((True, "Liên 1: lưu hồ sơ"), (False, "Liên 2: giao người nhận")):
        assert_in_order(
            reading.half(pdf, left),
            (
                copy,
                "BIÊN NHẬN TRẢ KẾT QUẢ",
                "Mã hồ sơ: H60.12-261123-1001",
                "Chủ hồ sơ: Ma Thị Hường",
                "Thời gian trả: 09 giờ 15 phút, ngày 30/11/2026",
                "Giấy xác nhận thông tin hộ tịch",
                "số 25/2026",
                "Người nhận: Ma Văn Pẩu",
                "Giấy tờ đã xuất trình: Thẻ căn cước số 008198000017",
                "Quan hệ với chủ hồ sơ: anh ruột",
                "Giấy ủy quyền: Giấy ủy quyền số 3/2026",
                "NGƯỜI NHẬN",
                "Ma Văn Pẩu",
            ),
        )


def test_what_is_not_known_is_dots_and_a_provisional_number_says_so() -> None:
    bare = replace(RECEIPT, papers=(), identity="", relation="", authority="", provisional=True)
    words = reading.half(draw_return_receipt(bare), True)
    assert "Giấy tờ đã xuất trình: ...." in words
    assert "Số biên nhận tạm" in words and "None" not in words and "Quan hệ" not in words
