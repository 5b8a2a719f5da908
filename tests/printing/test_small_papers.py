"""Queue ticket, list of a journey and sheet of the copy lane, as other programs read them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.printing.copy_stamp import draw_copy_sheet
from app.printing.field_list import draw_field_list
from app.printing.queue_ticket import draw_queue_ticket
from tests.printing import reading
from tests.printing.certify_samples import SHEET
from tests.printing.counter_samples import JOURNEY, JOURNEY_LONG, PRIORITY, TICKET, TICKET_LONG
from tests.printing.form_samples import OFFICE, PROVISIONAL
from tests.printing.order import HEAD, assert_in_order


def test_a_ticket_of_80_mm_says_office_number_lane_and_who_waits() -> None:
    pdf = draw_queue_ticket(TICKET)
    assert reading.info(pdf)["Page size"].startswith("226.772 x 198.425")
    assert_in_order(
        reading.text(pdf),
        (OFFICE, "007", "Hộ tịch, chứng thực", "Có 3 người chờ trước", "08:05 23/11/2026"),
    )
    number = max(reading.lines(pdf), key=lambda row: row.size)
    assert number.text == "007" and number.size > 60


def test_a_ticket_with_priority_and_nobody_waiting() -> None:
    words = reading.words(draw_queue_ticket(PRIORITY))
    assert "A001" in words and "Số ưu tiên" in words and "Mời vào quầy ngay" in words
    assert "chờ trước" not in words and "không có giá trị" not in words


def test_long_names_stay_within_the_roll_and_a_sample_says_so() -> None:
    pdf = draw_queue_ticket(TICKET_LONG)
    boxes = reading.ink_boxes(pdf)
    assert min(box[0] for box in boxes) > 11 and max(box[2] for box in boxes) < 216
    assert "Số mẫu – không có giá trị" in reading.words(pdf)


def test_a_journey_lists_its_dossiers_and_two_sign() -> None:
    pdf = draw_field_list(JOURNEY)
    assert_in_order(
        reading.text(pdf),
        (
            *HEAD,
            "DANH SÁCH HỒ SƠ TIẾP NHẬN LƯU ĐỘNG",
            "Nơi đăng ký: Nhà văn hóa thôn Bản Bung",
            "Bắt đầu: 08 giờ 00 phút, ngày 23/11/2026",
            "Kết thúc: 16 giờ 30 phút, ngày 23/11/2026",
            PROVISIONAL,
            "Tổng số: 2 hồ sơ (bằng chữ: hai).",
            "CÁN BỘ ĐI LƯU ĐỘNG",
            "Lục Thị Yến",
        ),
    )
    assert f"{PROVISIONAL} Vàng A Pó" in " ".join(reading.raw(pdf).split())
    [number] = [row for row in reading.lines(pdf) if PROVISIONAL in row.text]
    assert number.size == 11, "a provisional number keeps the size of the table"


def test_a_long_journey_goes_on_under_its_head_and_is_not_ended() -> None:
    pages = reading.text(draw_field_list(JOURNEY_LONG)).split("\f")[:-1]
    assert len(pages) > 1 and "Kết thúc: chưa kết thúc" in pages[0]
    assert all("Thủ tục" in page for page in pages[:-1])
    assert_in_order("".join(pages), [each.number for each in JOURNEY_LONG.lines])


def test_a_journey_without_dossiers_says_so() -> None:
    words = reading.words(draw_field_list(replace(JOURNEY, lines=())))
    assert "Chưa tiếp nhận hồ sơ nào trong buổi này." in words and "Mã hồ sơ" not in words


def test_the_copy_sheet_names_hours_and_minutes_and_keeps_its_heads_whole() -> None:
    pdf = draw_copy_sheet(SHEET)
    words = reading.words(pdf)
    assert "Nhận lúc 09 giờ 05 phút, ngày 23/11/2026" in words
    assert "Hẹn trả kết quả: 17 giờ 00 phút, ngày 23/11/2026. Trong ngày làm việc." in words
    assert "STT" in [box[4] for box in reading.ink_boxes(pdf)]


@pytest.mark.parametrize("reason", ["", "thứ Ba nghỉ."])
def test_the_reason_of_a_due_date_is_a_sentence_if_there_is_one(reason: str) -> None:
    words = reading.words(draw_copy_sheet(replace(SHEET, due_reason=reason)))
    assert f"23/11/2026{'. Thứ Ba nghỉ' if reason else ''}." in words
    assert ".." not in words and "()" not in words
