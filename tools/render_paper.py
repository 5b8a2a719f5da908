"""Draw sample papers into ``out/paper/`` as PDF and PNG, to be looked at by people.

Usage: ``python tools/render_paper.py [DPI]`` (needs ``pdftoppm`` of poppler-utils).
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.clock import VIETNAM  # noqa: E402
from app.domain.slips import AccountCard, ReceiptSlip, SlipComponent, SlipHead  # noqa: E402
from app.printing.account_card import draw_account_card  # noqa: E402
from app.printing.paper import Paper  # noqa: E402
from app.printing.receipt_slip import draw_receipt_slip  # noqa: E402
from tools.reference_papers import all_samples  # noqa: E402

SLIP = ReceiptSlip(
    form_set="tt-03-2025",
    head=SlipHead("UBND xã Nà Hang", "Trung tâm Phục vụ hành chính công", "Nà Hang", "2017/TNHS"),
    number="TN-02221-261123-2017",
    provisional=True,
    receiving_office="Trung tâm Phục vụ hành chính công xã Nà Hang",
    owner_name="Ma Thị Hường",
    owner_address="Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
    owner_phone="0900 000 123",
    owner_email="",
    request="Đăng ký khai sinh",
    components=(
        SlipComponent("Tờ khai đăng ký khai sinh", "Bản chính", 1),
        SlipComponent("Giấy chứng sinh", "Bản chính", 1),
        SlipComponent("Giấy tờ tùy thân", "Xuất trình", 1),
    ),
    sets=1,
    term_words="trong ngày làm việc",
    received_at=datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM),
    due_at=datetime(2026, 11, 25, 17, 0, tzinfo=VIETNAM),
    due_reason="nhận sau 15 giờ (15:12) và thứ Ba 24/11 nghỉ Ngày Văn hóa Việt Nam.",
    return_words="Quầy Trung tâm",
    fee_words="16.000 đồng (2 bản sao trích lục)",
    register_book="02",
    register_no="1.346",
    submitter_name="Ma Thị Hường",
    officer_name="Lục Thị Yến",
    lookup_words="Tra cứu: mang phiếu đến quầy hoặc gọi 0207 000 0000.",
)
LONG = replace(
    SLIP,
    number="H60.12.34-261123-1001",
    provisional=False,
    provisional_number="TN-02221-261123-2017",
    copy_no=3,
    demo=True,
    owner_email="ma.thi.huong@example.vn",
    request="Đăng ký lại khai sinh cho người đã có hồ sơ, giấy tờ cá nhân; cấp bản sao trích lục hộ tịch",
    components=tuple(
        SlipComponent(
            f"Giấy tờ, tài liệu thứ {n} chứng minh nội dung đăng ký (bản sao được chứng thực từ bản chính "
            "hoặc bản chụp kèm bản chính để đối chiếu theo quy định)",
            "Bản sao",
            n,
        )
        for n in range(1, 13)
    ),
    due_at=None,
    register_book="",
    register_no="",
    submitter_name="Pà",
)
SIX = replace(
    SLIP,
    components=tuple(SlipComponent(f"Giấy tờ số {n}", "Bản chính", 1) for n in range(1, 8)),
    demo=True,
)
CARD = AccountCard(
    title="Tài khoản VNeID của tôi",
    step_words="Tôi đang ở bước 4 / 6: kích hoạt",
    todo=(
        "Ra nhà mạng, đổi SIM sang tên mình.",
        "Mở VNeID, tự kích hoạt, tự nhập OTP.",
        "Quay lại quầy 2 với điện thoại này.",
    ),
    next_visit=date(2026, 11, 30),
    next_visit_words="buổi sáng",
    warning="Không đọc OTP cho bất kỳ ai, kể cả cán bộ xã, công an hay ngân hàng.",
    contacts=("Trợ giúp VNeID: 1900 0368", "Quầy xã Nà Hang: 0207 000 0000"),
    footnote="Nếu bà con cần người nói tiếng Tày, Dao, Mông: báo quầy 2.",
)


def papers() -> dict[str, bytes]:
    """The samples by file name."""
    return {
        "slip-two-up": draw_receipt_slip(SLIP, paper=Paper.A5_TWO_UP),
        "slip-a5": draw_receipt_slip(SLIP, paper=Paper.A5),
        "slip-a4": draw_receipt_slip(SLIP, paper=Paper.A4),
        "slip-seven-papers": draw_receipt_slip(SIX, paper=Paper.A5),
        "slip-seven-papers-a4": draw_receipt_slip(SIX, paper=Paper.A4),
        "slip-long": draw_receipt_slip(LONG, paper=Paper.A5_TWO_UP),
        "card": draw_account_card(CARD),
        "card-demo": draw_account_card(replace(CARD, next_visit=None, next_visit_words="", demo=True)),
    }


def main() -> None:
    """Write the samples and say how long a slip takes."""
    dpi = sys.argv[1] if len(sys.argv) > 1 else "110"
    folder = ROOT / "out" / "paper"
    folder.mkdir(parents=True, exist_ok=True)
    others = {name: draw() for name, draw in all_samples().items()}
    for name, content in {**papers(), **others}.items():
        pdf = folder / f"{name}.pdf"
        pdf.write_bytes(content)
        subprocess.run(["pdftoppm", "-r", dpi, "-png", str(pdf), str(folder / name)], check=True)
    for paper in Paper:
        started = time.perf_counter()
        for _ in range(20):
            draw_receipt_slip(SLIP, paper=paper)
        print(f"{paper}: {(time.perf_counter() - started) * 50:.1f} ms a slip")


if __name__ == "__main__":
    main()
