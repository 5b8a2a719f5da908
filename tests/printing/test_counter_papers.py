"""Guidance slip and sheet of a visit, as other programs read them."""

from __future__ import annotations

from dataclasses import replace

from app.printing.group_sheet import draw_group_sheet
from app.printing.guidance_slip import draw_guidance_slip
from tests.printing import reading
from tests.printing.counter_samples import GROUP, GROUP_LONG, GUIDANCE, GUIDANCE_BARE, GUIDANCE_LONG
from tests.printing.order import HEAD, assert_in_order

GUIDANCE_FIELDS = (
    *HEAD,
    "Số: 12/HD01-2026",
    "Nà Hang, ngày 23 tháng 11 năm 2026",
    "PHIẾU HƯỚNG DẪN",
    "Nơi hướng dẫn: Trung tâm Phục vụ hành chính công xã Nà Hang",
    "Người được hướng dẫn: Ma Thị Hường",
    "Số điện thoại: 0900 000 123",
    "Thủ tục: Đăng ký khai sinh",
    "Thời gian hướng dẫn: 15 giờ 12 phút, ngày 23/11/2026",
    "Hồ sơ gồm đủ các giấy tờ sau:",
    "1 Tờ khai đăng ký khai sinh Bản chính 1 Quầy có sẵn mẫu",
    "2 Giấy chứng sinh",
    "3 Căn cước của cha, mẹ Xuất trình ....",
    "Hướng dẫn thêm: Cha mẹ chưa đăng ký kết hôn",
    "gọi số 0207 000 0000",
    "không phải là giấy tiếp nhận hồ sơ",
    "NGƯỜI HƯỚNG DẪN",
    "Lục Thị Yến",
)
GROUP_FIELDS = (
    *HEAD,
    "Nà Hang, ngày 23 tháng 11 năm 2026",
    "DANH MỤC HỒ SƠ NHẬN CÙNG LƯỢT",
    "Người nộp: Ma Văn Pẩu",
    "Số điện thoại: 0900 000 123",
    "Nơi nhận hồ sơ: Trung tâm Phục vụ hành chính công xã Nà Hang",
    "Thời gian nhận hồ sơ: 15 giờ 12 phút, ngày 23/11/2026",
    "Tổng số: 3 hồ sơ (bằng chữ: ba); phí, lệ phí: 24.000 đồng.",
    "0207 000 0000",
    "NGƯỜI NỘP HỒ SƠ",
    "NGƯỜI TIẾP NHẬN HỒ SƠ",
)


def test_guidance_says_everything_in_order() -> None:
    pdf = draw_guidance_slip(GUIDANCE)
    assert_in_order(reading.text(pdf), GUIDANCE_FIELDS)
    assert reading.info(pdf)["Pages"] == "1"
    assert reading.codes(reading.picture(pdf, 300)) == [], "no dossier, no number, no code"


def test_long_guidance_goes_on_whole_and_a_slip_taken_back_says_so() -> None:
    pdf = draw_guidance_slip(GUIDANCE_LONG)
    pages = reading.text(pdf).split("\f")[:-1]
    whole = reading.squeezed("".join(pages))
    assert len(pages) > 2 and all(reading.squeezed(f"Giấy tờ thứ {n} chứng") in whole for n in range(1, 31))
    assert all("Số" in page and "Hình thức" in page for page in pages)
    assert "đã thu hồi" in pages[0] and "Phiếu hướng dẫn, số 12/HD01-2026" in pages[1]
    assert "thu hồi" not in reading.text(draw_guidance_slip(GUIDANCE))


def test_who_only_asks_need_not_say_who_he_is() -> None:
    text = reading.words(draw_guidance_slip(GUIDANCE_BARE))
    assert "Người được hướng dẫn: ...." in text and "Số điện thoại: ...." in text
    assert "gọi số" not in text and "None" not in text and "Giấy tờ cần chuẩn bị" not in text


def test_a_visit_names_every_dossier_with_a_code_of_its_own() -> None:
    pdf = draw_group_sheet(GROUP)
    assert_in_order(reading.text(pdf), GROUP_FIELDS)
    raw = " ".join(reading.raw(pdf).split())
    for each in GROUP.lines:
        label = "Số biên nhận tạm" if each.provisional else "Mã hồ sơ"
        assert f"{label}: {each.number} {each.procedure}" in raw
    assert "17:00 25/11/2026 Tại quầy" in raw
    found = reading.codes(reading.picture(pdf, 300))
    assert found == sorted(("qrcode", each.number) for each in GROUP.lines)


def test_codes_of_a_long_visit_are_read_on_every_page() -> None:
    pdf = draw_group_sheet(GROUP_LONG)
    pages = range(1, int(reading.info(pdf)["Pages"]) + 1)
    found = [code for page in pages for _, code in reading.codes(reading.picture(pdf, 300, page))]
    assert sorted(found) == sorted(each.number for each in GROUP_LONG.lines)
    assert len(pages) > 1


def test_an_unknown_fee_is_dots_and_no_sum_is_claimed() -> None:
    lines = (replace(GROUP.lines[0], fee_vnd=None), *GROUP.lines[1:])
    text = reading.words(draw_group_sheet(replace(GROUP, lines=lines)))
    assert "Tổng số: 3 hồ sơ (bằng chữ: ba)." in text and "24.000" not in text


def test_words_of_a_citizen_print_as_they_stand() -> None:
    slip = replace(GUIDANCE, person="<b>A</b> & B", words="x < y")
    assert "<b>A</b> & B" in reading.words(draw_guidance_slip(slip))
    sheet = replace(GROUP, lines=(replace(GROUP.lines[0], owner_name="<i>", procedure="a & <br/>"),))
    assert "a & <br/>" in " ".join(reading.raw(draw_group_sheet(sheet)).split())
