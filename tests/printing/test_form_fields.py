"""Forms 01–07 in both dated sets against the field lists of the circulars, in order, as pdftotext reads them.

TT 03/2025 has renumbered and renamed forms but its annex is not at hand: its papers carry the fields of
TT 01/2018 under their new titles (05 is new and its fields are inferred).
"""

from __future__ import annotations

import pytest

from tests.printing import reading
from tests.printing.official_samples import draw
from tests.printing.order import HEAD, assert_in_order

SETS = ("tt-01-2018", "tt-03-2025")
TITLES = {
    "01": ("Giấy tiếp nhận hồ sơ và hẹn trả kết quả",) * 2,
    "02": ("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",) * 2,
    "03": ("Phiếu từ chối tiếp nhận giải quyết hồ sơ",) * 2,
    "04": (
        "Phiếu xin lỗi và hẹn lại ngày trả kết quả",
        "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
    ),
    "05": ("Thông báo dừng giải quyết hồ sơ",) * 2,
    "06": ("Phiếu kiểm soát quá trình giải quyết hồ sơ",) * 2,
    "07": ("Sổ theo dõi hồ sơ",) * 2,
}
"""Title in the set of 2018 and in that of 2025; 2018 has no form 05 and borrows the later title."""

FIELDS: dict[str, tuple[str, ...]] = {
    "01": (
        "Số: ",
        "ngày 23 tháng 11 năm 2026",
        "{title}",
        "Mã hồ sơ:",
        "Bộ phận tiếp nhận và trả kết quả:",
        "Tiếp nhận hồ sơ của:",
        "Địa chỉ:",
        "Số điện thoại:",
        "Email:",
        "Nội dung yêu cầu giải quyết:",
        "Thành phần hồ sơ nộp gồm:",
        "STT Tên giấy tờ Loại Số lượng",
        "Số lượng hồ sơ: 01 (bộ)",
        "Thời gian giải quyết hồ sơ theo quy định là:",
        "Thời gian nhận hồ sơ: 15 giờ 12 phút, ngày",
        "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày",
        "Đăng ký nhận kết quả tại:",
        "Phí, lệ phí:",
        "Vào Sổ theo dõi hồ sơ, Quyển số 02, Số thứ tự",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "2 liên",
    ),
    "02": (
        "/HDHS",
        "{title}",
        "Mã hồ sơ:",
        "Hồ sơ của Ông/Bà:",
        "Nội dung yêu cầu giải quyết:",
        "Địa chỉ:",
        "Số điện thoại:",
        "Email:",
        "Yêu cầu hoàn thiện hồ sơ gồm:",
        "Số lượng",
        "Lý do:",
        "liên hệ với công chức",
        "số điện thoại",
        "NGƯỜI HƯỚNG DẪN",
    ),
    "03": (
        "/TNHS",
        "{title}",
        "Mã hồ sơ:",
        "Tiếp nhận hồ sơ của:",
        "Địa chỉ:",
        "Số điện thoại:",
        "Email:",
        "Nội dung yêu cầu giải quyết:",
        "Qua xem xét",
        "thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau",
        "liên hệ với công chức",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ),
    "04": (
        "/PXL",
        "{title}",
        "Kính gửi: Ông/Bà",
        "Địa chỉ:",
        "Số điện thoại:",
        "Thời gian tiếp nhận hồ sơ: 15 giờ 12 phút, ngày",
        "Nội dung yêu cầu giải quyết:",
        "Mã hồ sơ:",
        "Thời gian hẹn trả kết quả: 17 giờ 00 phút, ngày",
        "Lý do chưa trả kết quả đúng hẹn:",
        "xin lỗi Ông/Bà",
        "Thời gian trả kết quả mới: 17 giờ 00 phút, ngày",
        "Nơi nhận:",
    ),
    "05": (
        "{title}",
        "Kính gửi: Ông/Bà",
        "Người đề nghị dừng giải quyết:",
        "Căn cứ dừng giải quyết:",
        "Mã hồ sơ:",
        "Giai đoạn giải quyết khi dừng:",
        "Quyết định dừng giải quyết:",
        "Giấy tờ hoàn trả:",
        "Phí, lệ phí:",
        "Hoàn lại:",
        "Không hoàn, lý do:",
        "Nơi nhận:",
    ),
    "06": (
        "{title}",
        "Mã hồ sơ:",
        "Kèm theo hồ sơ của:",
        "Số điện thoại:",
        "Loại thủ tục:",
        "Ngày nhận hồ sơ: 15 giờ 12 phút, ngày",
        "Cơ quan giải quyết, phối hợp:",
        "15 giờ 12 phút, ngày 23/11/2026",
        "Người giao: Ma Văn Pẩu",
        "Người nhận ký: Lục Thị Yến",
    ),
    "07": ("Quyển số:", "{title}", "1.346"),
}
"""Labels in the order of the circulars' annexes; ``{title}`` stands for the title in capitals."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "02": ("TT", "Thành phần hồ sơ", "Bản chính", "Bản chứng thực", "Bản photo"),
    "06": (
        "TÊN CƠ QUAN",
        "THỜI GIAN GIAO, NHẬN HỒ SƠ",
        "KẾT QUẢ GIẢI QUYẾT HỒ SƠ (Trước hạn/ Đúng hạn/ Quá hạn)",
        "GHI CHÚ",
    ),
    "07": (
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
    ),
}
"""Columns of the tables, left to right."""


@pytest.mark.parametrize("form", sorted(FIELDS))
@pytest.mark.parametrize("set_id", SETS)
def test_every_field_of_the_circular_in_its_order(form: str, set_id: str) -> None:
    title = TITLES[form][SETS.index(set_id)].upper()
    text = reading.text(draw(form, set_id))
    if form == "01":
        text = reading.half(draw(form, set_id), left=True)
    assert_in_order(text, (*HEAD, *(label.format(title=title) for label in FIELDS[form])))
    others = {name.upper() for names in TITLES.values() for name in names} - {title}
    assert not [name for name in others if reading.squeezed(name) in reading.squeezed(text)]


@pytest.mark.parametrize("form", sorted(COLUMNS))
def test_the_columns_of_the_tables_left_to_right(form: str) -> None:
    pdf = draw(form, "tt-03-2025")
    whole = reading.squeezed(reading.raw(pdf))
    boxes = reading.ink_boxes(pdf)
    first = COLUMNS[form][0].split()[0]
    [top] = [box[1] for box in boxes if box[4] == first]
    head = [box for box in boxes if abs(box[1] - top) < 40]
    edge = 0.0
    for column in COLUMNS[form]:
        assert reading.squeezed(column) in whole, column
        lefts = [box[0] for box in head if box[4] == column.split()[0] and box[0] > edge]
        assert lefts, f"not right of the column before: {column}"
        edge = min(lefts)
