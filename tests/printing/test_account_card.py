"""The take-home card."""

from __future__ import annotations

from dataclasses import fields, replace

from app.domain.slips import AccountCard
from app.printing.account_card import draw_account_card
from tests.printing import reading
from tests.printing.samples import CARD


def test_all_it_says_in_the_order_of_the_picture() -> None:
    text = reading.words(draw_account_card(CARD))
    place = 0
    for wanted in (
        "Phiếu mang về",
        "Tài khoản VNeID của tôi",
        "Tôi đang ở bước 4 / 6: kích hoạt",
        "1 Ra nhà mạng, đổi SIM sang tên mình.",
        "2 Mở VNeID, tự kích hoạt, tự nhập OTP.",
        "Hẹn gặp lại",
        "Thứ Hai 30/11/2026, buổi sáng",
        "Không đọc OTP cho bất kỳ ai",
        "Trợ giúp VNeID: 1900 0368",
        "Nếu bà con cần người nói tiếng Tày",
    ):
        found = text.find(wanted, place)
        assert found >= 0, wanted
        place = found


def test_letters_are_large_and_the_page_is_one_a5() -> None:
    pdf = draw_account_card(CARD)
    assert reading.info(pdf)["Pages"] == "1"
    assert reading.info(pdf)["Page size"].startswith("419.528 x 595.276")
    assert min(box[3] - box[1] for box in reading.ink_boxes(pdf)) > 14
    assert all(row.embedded and row.unicode for row in reading.fonts(pdf))


def test_without_a_visit_there_is_no_box_and_a_sample_is_marked() -> None:
    text = reading.words(draw_account_card(replace(CARD, next_visit=None, next_visit_words="", demo=True)))
    assert "Hẹn gặp lại" not in text
    assert "DỮ LIỆU MẪU" in text
    assert "MẪU" not in reading.words(draw_account_card(CARD))


def test_much_to_do_is_set_smaller_then_on_a_second_page() -> None:
    many = replace(CARD, todo=tuple(f"Việc {n}: mang thẻ căn cước đến Công an xã." for n in range(1, 30)))
    pdf = draw_account_card(many)
    assert int(reading.info(pdf)["Pages"]) >= 2
    text = reading.words(pdf)
    assert all(f"Việc {n}:" in text for n in range(1, 30))
    assert min(box[3] - box[1] for box in reading.ink_boxes(pdf)) >= 12


def test_same_card_same_bytes_and_no_place_for_an_identity() -> None:
    assert draw_account_card(CARD) == draw_account_card(CARD)
    assert reading.info(draw_account_card(CARD))["Title"] == "Phiếu mang về"
    assert not {"name", "personal_id", "owner_name"} & {field.name for field in fields(AccountCard)}
