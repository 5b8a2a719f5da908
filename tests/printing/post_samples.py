"""Hand-over lists, envelope labels and return receipts to print; the persons are made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.hand_over_list import EnvelopeLabel, HandOverList, ListLine, ReturnReceipt
from app.domain.slips import SlipHead
from app.printing.envelope_label import draw_labels
from app.printing.hand_over_list import draw_hand_over_list
from app.printing.return_receipt import draw_return_receipt
from tests.printing.form_samples import OFFICE, OFFICIAL, PROVISIONAL, at

HEAD = SlipHead("UBND xã Nà Hang", "Trung tâm Phục vụ hành chính công", "Nà Hang", "12/BK02/2026")
BILL = "EB000717595VN"
LINES = (
    ListLine(OFFICIAL, "Ma Thị Hường", "Xác nhận thông tin hộ tịch", at(30, 17, 0), 3),
    ListLine(PROVISIONAL, "Vàng A Pó", "Đăng ký khai sinh", None, 4, note="kèm 1 ảnh"),
)
UNIT_LIST = HandOverList(
    head=HEAD,
    no="12/BK02/2026",
    kind="unit",
    giver=OFFICE,
    receiver="UBND xã Thượng Lâm",
    made_at=at(23, 16, 30),
    lines=LINES,
    giver_name="Lục Thị Yến",
)
POST_LIST = replace(
    UNIT_LIST,
    kind="post",
    receiver="Bưu chính công ích",
    lines=(
        replace(
            LINES[0],
            bill=BILL,
            recipient="Ma Thị Hường",
            phone="0900 000 123",
            address="Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
        ),
        replace(LINES[1], recipient="Vàng A Pó", phone="0900 000 456", address="Thôn Bản Bung, xã Nà Hang"),
    ),
)
LABEL = EnvelopeLabel(
    sender=OFFICE,
    sender_address="Xã Nà Hang, tỉnh Tuyên Quang",
    sender_phone="0207 000 0000",
    recipient="Ma Thị Hường",
    recipient_phone="0900 000 123",
    recipient_address="Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
    number=OFFICIAL,
    bill=BILL,
    pay_words="Người nhận trả cước",
)
RECEIPT = ReturnReceipt(
    head=HEAD,
    number=OFFICIAL,
    provisional=False,
    office=OFFICE,
    owner_name="Ma Thị Hường",
    request="Xác nhận thông tin hộ tịch",
    returned_at=at(30, 9, 15),
    papers=(("Giấy xác nhận thông tin hộ tịch", "số 25/2026"), ("Giấy chứng sinh (trả lại)", "1 bản chính")),
    recipient="Ma Văn Pẩu",
    identity="Thẻ căn cước số 008198000017",
    relation="anh ruột",
    authority="Giấy ủy quyền số 3/2026",
    officer_name="Lục Thị Yến",
    method_words="Tại quầy",
    fee_words="đã thu 8.000 đồng",
    late_words="Trước hạn",
)

SAMPLES: dict[str, Callable[[], bytes]] = {
    "bang-ke-don-vi": lambda: draw_hand_over_list(UNIT_LIST),
    "bang-ke-buu-chinh": lambda: draw_hand_over_list(POST_LIST),
    "nhan-phong-bi-a4": lambda: draw_labels([LABEL] * 3, "a4"),
    "nhan-phong-bi-c5": lambda: draw_labels([LABEL], "c5"),
    "nhan-phong-bi-a6": lambda: draw_labels([LABEL], "a6"),
    "bien-nhan-tra-ket-qua": lambda: draw_return_receipt(RECEIPT),
}
"""Name to what draws it, for the command that makes the reference papers."""
