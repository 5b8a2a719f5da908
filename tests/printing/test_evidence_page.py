"""The evidence page as another program reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.printing.evidence_page import draw_evidence_page, seal_text
from tests.printing import reading
from tests.printing.evidence_samples import EPOCH, LATE_LINE, SAMPLES, UNSENT, at, done
from tests.printing.order import HEAD, assert_in_order


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_fonts_are_embedded_and_the_bytes_are_the_same_each_time(name: str) -> None:
    pdf = SAMPLES[name]()
    assert all(font.embedded and font.unicode for font in reading.fonts(pdf))
    assert SAMPLES[name]() == pdf


def test_every_moment_stands_in_its_place() -> None:
    assert_in_order(
        reading.text(draw_evidence_page(LATE_LINE)),
        (
            *HEAD,
            "Nà Hang, ngày 30 tháng 11 năm 2026",
            "TRANG BẰNG CHỨNG XỬ LÝ HỒ SƠ",
            "Số hồ sơ: H60.12-261123-1001",
            "Số biên nhận tạm: TN-02221-261123-2KMBHG017",
            "Tiếp nhận: 09:05:00 23/11/2026",
            "Tỉnh trả lời về việc tiếp nhận: 09:06:00 23/11/2026, Tỉnh đã nhận",
            "Kết thúc xử lý: 15:40:00 27/11/2026",
            "Tỉnh trả lời về việc kết thúc: 08:15:00 30/11/2026, Tỉnh đã nhận",
            "So với hẹn trả, theo giờ ở quầy: Đúng hạn",
            "trả lời của tỉnh về việc này đến sau hẹn trả",
            "chậm hơn đồng hồ tỉnh 0,4 giây, đo lúc 08:02:00 23/11/2026",
            "Hẹn trả đang có hiệu lực: Thứ Sáu 27/11/2026 · 17:00",
            "Cách tính: 3 ngày làm việc",
            "Đổi ngày hẹn: Nhận giấy tờ bổ sung lúc 09:10:00 26/11/2026",
            "Tạm dừng tính hạn: Yêu cầu bổ sung giấy tờ: từ 08:30:00 25/11/2026 đến 09:10:00 26/11/2026",
            "3. Các việc máy đã ghi và gửi",
            "4. Những lúc máy thử mà không nối được với tỉnh",
            "Từ 08:31:00 25/11/2026: thử 2 lần không được; lần nối được kế tiếp 08:15:00 30/11/2026",
            EPOCH,
            "NGƯỜI LẬP",
            "LÃNH ĐẠO ĐƠN VỊ",
            "Lục Thị Yến",
        ),
    )


def test_digests_stand_whole_and_the_code_holds_the_last() -> None:
    pdf = draw_evidence_page(LATE_LINE)
    raw = reading.squeezed(reading.raw(pdf))
    for each in LATE_LINE.events:
        assert each.digest in raw and each.chain in raw
    last = LATE_LINE.events[-1]
    assert seal_text(LATE_LINE) == f"{EPOCH} {last.seq} {last.digest} {last.chain}"
    pages = int(reading.info(pdf)["Pages"])
    assert ("qrcode", seal_text(LATE_LINE)) in reading.codes(reading.picture(pdf, 200, pages))


def test_what_is_not_known_says_so() -> None:
    words = reading.words(draw_evidence_page(UNSENT))
    for said in (
        "chưa, tính đến lúc lập trang này",
        "Tỉnh trả lời về việc tiếp nhận: chưa có trả lời",
        "chưa đo được với đồng hồ tỉnh",
        "hồ sơ này không có ngày hẹn trả",
        "chưa gửi lần nào",
        "Máy chưa ghi lần thử nào.",
    ):
        assert said in words
    assert "So với hẹn trả" not in words and "không muộn hơn" not in words


def test_a_record_of_tries_that_begins_later_says_since_when() -> None:
    words = reading.words(draw_evidence_page(replace(LATE_LINE, rounds_since=at(24, 7, 30), gaps=())))
    assert "Máy chỉ còn ghi các lần thử từ 07:30:00 24/11/2026; trước đó không rõ." in words


def test_a_clock_that_runs_ahead_is_told_as_such() -> None:
    events = (done(7, "Tiếp nhận", 23, 9, 5, offset_ms=-61_500, begins=True),)
    words = reading.words(draw_evidence_page(replace(LATE_LINE, events=events)))
    assert "nhanh hơn đồng hồ tỉnh 61,5 giây" in words


def test_two_epochs_are_told_apart() -> None:
    events = (done(9, "Tiếp nhận", 23, 9, 5), done(2, "Trả kết quả", 27, 9, 5, stream=2))
    other = EPOCH.replace("019ab", "019ac")
    words = reading.words(draw_evidence_page(replace(LATE_LINE, events=events, streams=(EPOCH, other))))
    assert f"Dãy việc 2: {other}" in words and "1.9" in words and "2.2" in words


def test_many_acts_go_on_and_every_one_is_there() -> None:
    events = tuple(done(n, "Sửa thông tin", 23, 9, n % 60) for n in range(100, 160))
    pages = reading.text(draw_evidence_page(replace(LATE_LINE, events=events))).split("\f")[:-1]
    assert len(pages) >= 4
    raw = reading.squeezed("".join(pages))
    assert all(f"{each.digest[:32]}" in raw for each in events)
    assert "Trang bằng chứng xử lý hồ sơ, H60.12-261123-1001" in pages[1]


def test_a_reprint_of_a_demo_page_says_both() -> None:
    words = reading.words(draw_evidence_page(replace(LATE_LINE, copy_no=3, demo=True)))
    assert "In lại lần 2" in words and "DỮ LIỆU MẪU" in words
