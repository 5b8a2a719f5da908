"""The day sheet and the counter's note of money to print; the persons are made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.cash import CashEntry, CashSheet, FeeNote, SheetLine, totals
from app.domain.slips import RegisterPeriod, SlipHead, TransferCode
from app.domain.vietqr import BankAccount, transfer_payload
from app.printing.cash_sheet import draw_cash_sheet
from app.printing.fee_receipt import draw_fee_note
from app.printing.paper import Paper
from app.printing.receipt_slip import draw_receipt_slip
from app.printing.register_book import draw_register
from tests.printing.form_samples import BOOK, OFFICE, OFFICIAL, PROVISIONAL, at
from tests.printing.samples import SLIP

HEAD = SlipHead("UBND xã Nà Hang", "Trung tâm Phục vụ hành chính công", "Nà Hang", "BL02/2026-12")
YEN, SON = "Lục Thị Yến", "Nông Văn Sơn"
RECEIPTS = "BL02/2026"
ENTRIES = (
    CashEntry(RECEIPTS, 12, 16_000, "Tiền mặt", YEN, taken=True, given_back=False),
    CashEntry(RECEIPTS, 13, 200_000, "Chuyển khoản", SON, taken=True, given_back=False),
    CashEntry(RECEIPTS, 14, 8_000, "Tiền mặt", SON, taken=True, given_back=True),
)
LINES = (
    SheetLine("BL02/2026-12", at(23, 8, 12), "Ma Thị Hường", OFFICIAL, "Phí hộ tịch", "Tiền mặt", 16_000),
    SheetLine(
        "BL02/2026-13", at(23, 9, 40), "Vàng A Pó", PROVISIONAL, "Phí chứng thực", "Chuyển khoản", 200_000
    ),
    SheetLine(
        "BL02/2026-14",
        at(23, 10, 5),
        "Công ty trách nhiệm hữu hạn một thành viên Tân Hòa",
        OFFICIAL,
        "Phí hộ tịch",
        "Tiền mặt",
        8_000,
        "Đã hủy lúc 10:20: ghi nhầm hồ sơ",
    ),
)
SHEET = CashSheet(
    head=HEAD,
    office=OFFICE,
    day=at(23, 16, 45).date(),
    made_at=at(23, 16, 45),
    lines=LINES,
    totals=replace(totals(ENTRIES), expected_vnd=16_000),
    notes={10_000: 1, 5_000: 1},
    counted_vnd=15_000,
    reason="Trả lại thừa cho khách",
    counted_by=SON,
    officer_name=YEN,
    anchor="Nhật ký: mục 7, dấu 00aa11bb22cc33dd",
)
UNCOUNTED = replace(SHEET, notes={}, counted_vnd=None, reason="", counted_by="")
LONG = replace(
    SHEET,
    lines=tuple(replace(LINES[n % 3], label=f"BL02/2026-{n + 1}") for n in range(70)),
    copy_no=2,
    demo=True,
)
NOTE = FeeNote(
    head=HEAD,
    office=OFFICE,
    label="BL02/2026-12",
    at=at(23, 8, 12),
    payer="Ma Thị Hường",
    dossier=OFFICIAL,
    procedure="Cấp bản sao trích lục hộ tịch",
    purpose="Phí hộ tịch",
    amount_vnd=16_000,
    method="Tiền mặt",
    reference="",
    officer_name=YEN,
)
GONE = replace(
    NOTE,
    method="Chuyển khoản",
    reference="FT26327001",
    cancelled_words="Đã hủy ngày 23/11/2026. Lý do: ghi nhầm hồ sơ",
    copy_no=2,
    demo=True,
)

TRANSFER = TransferCode(
    transfer_payload(BankAccount("970415", "0011001932418", "UBND xã Nà Hang (số thử)"), 16_000, OFFICIAL),
    16_000,
    OFFICIAL,
    "0011001932418",
    "UBND xã Nà Hang (số thử)",
    "Ngân hàng thử",
)
PERIOD = RegisterPeriod(
    at(1, 8, 0).date(),
    at(30, 8, 0).date(),
    (BOOK, replace(BOOK, book="02 (2027)")),
    at(30, 17, 0),
)

SAMPLES: dict[str, Callable[[], bytes]] = {
    "cash-sheet": lambda: draw_cash_sheet(SHEET),
    "cash-sheet-long": lambda: draw_cash_sheet(LONG),
    "fee-note": lambda: draw_fee_note(NOTE),
    "fee-note-cancelled": lambda: draw_fee_note(GONE),
    "slip-vietqr": lambda: draw_receipt_slip(replace(SLIP, transfer=TRANSFER), paper=Paper.A5_TWO_UP),
    "register-period": lambda: draw_register(PERIOD),
}
