"""Form 01 as another program reads it."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.clock import VIETNAM
from app.domain.slips import ReceiptSlip, SlipComponent, SlipHead
from app.errors import RuleError
from app.printing.paper import Paper
from app.printing.receipt_slip import Copy, draw_receipt_slip
from tests.printing import reading
from tests.printing.samples import SLIP

IN_ORDER = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 2017/TNHS",
    "Nà Hang, ngày 23 tháng 11 năm 2026",
    "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
    "Mã hồ sơ: H60.12-261123-1001",
    "(Liên 1: giao người nộp)",
    "Bộ phận tiếp nhận và trả kết quả: Trung tâm Phục vụ hành chính công xã Nà Hang",
    "Tiếp nhận hồ sơ của: Ma Thị Hường",
    "Địa chỉ: Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
    "Số điện thoại: 0900 000 123",
    "Email: huong@example.vn",
    "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
    "Thành phần hồ sơ nộp gồm:",
    "STT Tên giấy tờ Loại Số lượng",
    "1 Tờ khai đăng ký khai sinh Bản chính 1",
    "2 Giấy chứng sinh Bản chính 2",
    "3 Giấy tờ tùy thân Xuất trình 3",
    "Số lượng hồ sơ: 01 (bộ)",
    "Thời gian giải quyết hồ sơ theo quy định là: trong ngày làm việc",
    "Thời gian nhận hồ sơ: 15 giờ 12 phút, ngày 23/11/2026",
    "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 25/11/2026",
    "Đăng ký nhận kết quả tại: Quầy Trung tâm",
    "Phí, lệ phí: 16.000 đồng (2 bản sao trích lục)",
    "Vào Sổ theo dõi hồ sơ, Quyển số 02, Số thứ tự 1.346",
    "NGƯỜI NỘP HỒ SƠ NGƯỜI TIẾP NHẬN HỒ SƠ",
    "(Ký, ghi rõ họ tên) (Ký, ghi rõ họ tên)",
    "Ma Văn Pẩu Lục Thị Yến",
    "Tra cứu: gọi 0207 000 0000.",
    "Cách tính ngày hẹn: nhận sau 15 giờ và thứ Ba 24/11 nghỉ",
    "Giấy lập thành 2 liên",
)


def _assert_in_order(text: str, fields: tuple[str, ...]) -> None:
    place = 0
    for wanted in fields:
        found = text.find(wanted, place)
        assert found >= 0, f"missing or out of order: {wanted}"
        place = found + len(wanted)


@pytest.mark.parametrize("paper", [Paper.A5, Paper.A4])
def test_every_field_of_the_form_in_its_order(paper: Paper) -> None:
    pdf = draw_receipt_slip(SLIP, paper=paper)
    _assert_in_order(reading.words(pdf), IN_ORDER)
    assert reading.info(pdf)["Pages"] == "1"


def test_two_true_a5_copies_side_by_side_on_a4() -> None:
    pdf = draw_receipt_slip(SLIP, paper=Paper.A5_TWO_UP)
    assert reading.info(pdf)["Page size"] == "841.89 x 595.276 pts (A4)"
    left, right = reading.half(pdf, left=True), reading.half(pdf, left=False)
    _assert_in_order(left, IN_ORDER)
    second = tuple(f.replace("Liên 1: giao người nộp", "Liên 2: lưu cùng hồ sơ") for f in IN_ORDER)
    _assert_in_order(right, second)
    assert "(Liên 2" not in left and "(Liên 1" not in right
    single = reading.ink_boxes(draw_receipt_slip(SLIP, paper=Paper.A5))
    title = next(box for box in single if box[4] == "GIẤY")
    twice = [box for box in reading.ink_boxes(pdf) if box[4] == "GIẤY"]
    assert twice[0][2] - twice[0][0] == pytest.approx(title[2] - title[0], abs=0.01)
    assert twice[1][0] - twice[0][0] == pytest.approx(841.89 / 2, abs=0.01)


@pytest.mark.parametrize(("paper", "width"), [(Paper.A5, 419.53), (Paper.A4, 595.28)])
def test_single_sheets_are_the_sheet_they_say(paper: Paper, width: float) -> None:
    size = reading.info(draw_receipt_slip(SLIP, paper=paper))["Page size"]
    assert float(size.split()[0]) == pytest.approx(width, abs=0.01)


def test_both_copies_one_after_the_other_on_a5() -> None:
    pdf = draw_receipt_slip(SLIP, paper=Paper.A5, copies=(Copy.APPLICANT, Copy.FILE))
    first, second, _ = reading.text(pdf).split("\f")
    assert "Liên 1: giao người nộp" in first and "Liên 2: lưu cùng hồ sơ" in second


def test_a_provisional_number_never_looks_official() -> None:
    slip = replace(SLIP, number="TN-02221-261123-2017", provisional=True)
    text = reading.words(draw_receipt_slip(slip, paper=Paper.A5))
    assert "Số biên nhận tạm: TN-02221-261123-2017" in text
    assert "Mã hồ sơ" not in text


def test_both_numbers_once_both_are_known() -> None:
    slip = replace(SLIP, provisional_number="TN-02221-261123-2017")
    text = reading.words(draw_receipt_slip(slip, paper=Paper.A5))
    _assert_in_order(text, ("Mã hồ sơ: H60.12-261123-1001", "Số biên nhận tạm: TN-02221-261123-2017"))


def test_what_is_not_known_is_dots_for_a_hand_to_fill() -> None:
    slip = replace(
        SLIP,
        owner_phone="",
        owner_email="",
        fee_words="",
        due_at=None,
        register_book="",
        register_no="",
        due_reason="",
        head=SlipHead("", "Trung tâm", "", ""),
    )
    text = reading.words(draw_receipt_slip(slip, paper=Paper.A5))
    for label in (
        "Số điện thoại: ....",
        "Email: ....",
        "Phí, lệ phí: ....",
        "Quyển số ....",
        "Số thứ tự ....",
    ):
        assert label in text
    assert "Thời gian trả kết quả giải quyết hồ sơ: ......... giờ ......... phút, ngày ....." in text
    assert "Số: ............/TNHS" in text
    assert "……………, ngày 23 tháng 11 năm 2026" in text
    assert "Cách tính" not in text and "None" not in text


@pytest.mark.parametrize(
    ("day", "written"),
    [
        ((2027, 2, 5), "ngày 05 tháng 02 năm 2027"),
        ((2027, 1, 31), "ngày 31 tháng 01 năm 2027"),
        ((2027, 3, 9), "ngày 09 tháng 3 năm 2027"),
        ((2026, 12, 10), "ngày 10 tháng 12 năm 2026"),
    ],
)
def test_leading_noughts_of_the_date(day: tuple[int, int, int], written: str) -> None:
    slip = replace(SLIP, received_at=datetime(*day, 8, 5, tzinfo=VIETNAM))
    text = reading.words(draw_receipt_slip(slip, paper=Paper.A5))
    assert f"Nà Hang, {written}" in text
    assert "Thời gian nhận hồ sơ: 08 giờ 05 phút" in text


def test_times_are_those_of_viet_nam() -> None:
    slip = replace(SLIP, received_at=datetime(2026, 11, 22, 18, 30, tzinfo=UTC))
    text = reading.words(draw_receipt_slip(slip, paper=Paper.A5))
    assert "Thời gian nhận hồ sơ: 01 giờ 30 phút, ngày 23/11/2026" in text


@pytest.mark.parametrize("dpi", [150, 200])
@pytest.mark.parametrize(
    "number", ["H60.12-261123-1001", "TN-02221-261123-2KMBHG017", "H60.123.45.678-261123-100001"]
)
@pytest.mark.parametrize("paper", list(Paper))
def test_qr_and_barcode_read_back_the_number_and_nothing_else(paper: Paper, number: str, dpi: int) -> None:
    pdf = draw_receipt_slip(replace(SLIP, number=number), paper=paper)
    copies = 2 if paper is Paper.A5_TWO_UP else 1
    expected = sorted([("code128", number), ("qrcode", number)] * copies)
    assert reading.codes(reading.picture(pdf, dpi)) == expected


def test_every_font_is_embedded_and_none_is_reportlabs_own() -> None:
    for paper in Paper:
        rows = reading.fonts(draw_receipt_slip(replace(SLIP, copy_no=2, demo=True), paper=paper))
        assert rows
        assert all(row.embedded and row.unicode for row in rows)
        assert not any("Helvetica" in row.name for row in rows)


def test_reprint_and_sample_are_marked() -> None:
    plain = reading.words(draw_receipt_slip(SLIP, paper=Paper.A5))
    assert "In lại" not in plain and "MẪU" not in plain
    marked = draw_receipt_slip(replace(SLIP, copy_no=3, demo=True), paper=Paper.A5_TWO_UP)
    for left in (True, False):
        assert "DỮ LIỆU MẪU" in reading.half(marked, left=left)
        assert "In lại lần 2" in reading.half(marked, left=left)


def test_same_slip_same_bytes_and_properties_without_a_name() -> None:
    first = draw_receipt_slip(SLIP, paper=Paper.A5_TWO_UP)
    assert draw_receipt_slip(SLIP, paper=Paper.A5_TWO_UP) == first
    assert draw_receipt_slip(replace(SLIP, officer_name="Ai"), paper=Paper.A5_TWO_UP) != first
    info = reading.info(first)
    assert info["Title"] == "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
    assert info["Author"] == info["Subject"] == info["Keywords"] == ""
    assert b"D:20261123151200+07'00'" in first


@pytest.mark.parametrize("form_set", ["tt-03-2025", "tt-01-2018"])
def test_both_form_sets_print_the_fields_of_2018(form_set: str) -> None:
    _assert_in_order(
        reading.words(draw_receipt_slip(replace(SLIP, form_set=form_set), paper=Paper.A5)), IN_ORDER
    )


def test_an_unknown_form_set_is_refused_in_words() -> None:
    with pytest.raises(RuleError) as refused:
        draw_receipt_slip(replace(SLIP, form_set="tt-99-2099"), paper=Paper.A5)
    assert refused.value.code == "unknown-form-set"


def _long() -> ReceiptSlip:
    name = "Nông Thị Ngọc Ánh Tuyết " * 12
    return replace(
        SLIP,
        owner_name=name,
        owner_address=("Thôn Bản Bung, xã Thanh Tương, " * 9).strip(),
        submitter_name="Pà",
        components=tuple(
            SlipComponent(f"Thành phần {n} " + "văn bản chứng minh quan hệ " * 5 + f"hết{n}", "Bản sao", n)
            for n in range(1, 13)
        ),
    )


@pytest.mark.parametrize("paper", list(Paper))
def test_long_content_flows_to_a_second_page_whole(paper: Paper) -> None:
    slip = _long()
    pdf = draw_receipt_slip(slip, paper=paper)
    pages = int(reading.info(pdf)["Pages"])
    assert pages >= 2
    numbers = range(1, pages + 1)
    flowing = [reading.half(pdf, left=True, page=n) for n in numbers]
    if paper is not Paper.A5_TWO_UP:
        flowing = [reading.words(pdf, "-f", str(n), "-l", str(n)) for n in numbers]
    whole = reading.squeezed("".join(flowing))
    assert reading.squeezed(slip.owner_name) in whole
    assert reading.squeezed(slip.owner_address) in whole
    for n in range(1, 13):
        assert f"hết{n}" in whole
    assert not flowing[0].startswith("1 ")
    for n, page in enumerate(flowing[1:], start=2):
        assert page.strip().startswith(f"{n} ")
        assert "Mã hồ sơ: H60.12-261123-1001 (Liên 1: giao người nộp)" in page
    assert "STT Tên giấy tờ" in flowing[1]
    assert flowing[-1].rstrip().endswith("bưu chính.")


@pytest.mark.parametrize("paper", list(Paper))
def test_no_word_leaves_the_margins_or_lies_on_another(paper: Paper) -> None:
    pdf = draw_receipt_slip(replace(_long(), demo=True, copy_no=2), paper=paper)
    width, height = (float(x) for x in reading.info(pdf)["Page size"].split()[:3:2])
    for page in range(1, int(reading.info(pdf)["Pages"]) + 1):
        boxes = reading.ink_boxes(pdf, page)
        assert min(box[0] for box in boxes) > 25 and max(box[2] for box in boxes) < width - 25
        assert min(box[1] for box in boxes) > 11 and max(box[3] for box in boxes) < height - 18
        for index, one in enumerate(boxes):
            for other in boxes[index + 1 :]:
                across = min(one[2], other[2]) - max(one[0], other[0])
                down = min(one[3], other[3]) - max(one[1], other[1])
                assert across <= 0.5 or down <= 3, (one, other)


@pytest.mark.parametrize("paper", list(Paper))
def test_seven_papers_still_fit_one_page_by_closer_setting(paper: Paper) -> None:
    seven = tuple(SlipComponent(f"Giấy tờ số {n}", "Bản chính", 1) for n in range(7))
    pdf = draw_receipt_slip(replace(SLIP, components=seven), paper=paper)
    assert reading.info(pdf)["Pages"] == "1"


def test_composed_letters_from_decomposed_input() -> None:
    slip = replace(SLIP, owner_name=unicodedata.normalize("NFD", "Đặng Thị Tuyết Nhưỡng"))
    assert "Đặng Thị Tuyết Nhưỡng" in reading.words(draw_receipt_slip(slip, paper=Paper.A5))


def test_a_letter_the_font_lacks_is_a_visible_box() -> None:
    slip = replace(SLIP, owner_name="Lý 中 Sao\u200b\u202eMẩy")
    assert "Tiếp nhận hồ sơ của: Lý □ SaoMẩy" in reading.words(draw_receipt_slip(slip, paper=Paper.A5))
