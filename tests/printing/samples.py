"""A slip and a card to print."""

from __future__ import annotations

from datetime import date, datetime

from app.clock import VIETNAM
from app.domain.slips import AccountCard, ReceiptSlip, SlipComponent, SlipHead

SLIP = ReceiptSlip(
    form_set="tt-03-2025",
    head=SlipHead("UBND xã Nà Hang", "Trung tâm Phục vụ hành chính công", "Nà Hang", "2017/TNHS"),
    number="H60.12-261123-1001",
    provisional=False,
    receiving_office="Trung tâm Phục vụ hành chính công xã Nà Hang",
    owner_name="Ma Thị Hường",
    owner_address="Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
    owner_phone="0900 000 123",
    owner_email="huong@example.vn",
    request="Đăng ký khai sinh",
    components=(
        SlipComponent("Tờ khai đăng ký khai sinh", "Bản chính", 1),
        SlipComponent("Giấy chứng sinh", "Bản chính", 2),
        SlipComponent("Giấy tờ tùy thân", "Xuất trình", 3),
    ),
    sets=1,
    term_words="trong ngày làm việc",
    received_at=datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM),
    due_at=datetime(2026, 11, 25, 17, 0, tzinfo=VIETNAM),
    due_reason="nhận sau 15 giờ và thứ Ba 24/11 nghỉ",
    return_words="Quầy Trung tâm",
    fee_words="16.000 đồng (2 bản sao trích lục)",
    register_book="02",
    register_no="1.346",
    submitter_name="Ma Văn Pẩu",
    officer_name="Lục Thị Yến",
    lookup_words="Tra cứu: gọi 0207 000 0000.",
)
CARD = AccountCard(
    title="Tài khoản VNeID của tôi",
    step_words="Tôi đang ở bước 4 / 6: kích hoạt",
    todo=("Ra nhà mạng, đổi SIM sang tên mình.", "Mở VNeID, tự kích hoạt, tự nhập OTP."),
    next_visit=date(2026, 11, 30),
    next_visit_words="buổi sáng",
    warning="Không đọc OTP cho bất kỳ ai, kể cả cán bộ xã, công an hay ngân hàng.",
    contacts=("Trợ giúp VNeID: 1900 0368",),
    footnote="Nếu bà con cần người nói tiếng Tày, Dao, Mông: báo quầy 2.",
)
