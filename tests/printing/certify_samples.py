"""Book, list and texts of attestation of the certified-copy lane; the persons are made up."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.certification import Kind, Volume
from app.domain.copy_sheet import CopySheet, CopySheetLine
from app.domain.day_book import DayBook, DayBookLine, Totals, pages_of
from app.domain.slips import SlipHead
from app.domain.stamp_text import Stamp, StampLine
from app.printing.copy_stamp import draw_copy_sheet, draw_stamps
from app.printing.day_book import draw_day_book
from tests.printing.form_samples import OFFICIAL, at

HEAD = SlipHead("UBND xã Nà Hang", "Trung tâm Phục vụ hành chính công", "Nà Hang", "")
SIGNER = "Nông Văn Phúc, Phó Chủ tịch"
BOOK = DayBook(
    volume=Volume(Kind.COPY, 2, 2026),
    agency="UBND XÃ NÀ HANG",
    pages=pages_of(
        [
            DayBookLine(
                number, at(23, 9, number), "Ma Thị Hường", "", paper, SIGNER, number, 2000 * number, "1 trang"
            )
            for number, paper in enumerate(("Bằng tốt nghiệp", "Sổ hộ khẩu (cũ)", "Giấy khai sinh"), start=1)
        ],
        Totals(),
    ),
    anchor="Nhật ký: mục 7, dấu 00aa11bb22cc33dd",
)
SHEET = CopySheet(
    head=HEAD,
    name="Ma Thị Hường",
    received_at=at(23, 9, 5),
    due_at=at(23, 17, 0),
    due_reason="trong ngày làm việc",
    handed_over=False,
    paid_vnd=0,
    lines=(
        CopySheetLine("Bằng tốt nghiệp", 1, 3, 6000, "1/02-CT/2026", OFFICIAL),
        CopySheetLine("Giấy khai sinh", 4, 1, 6000, "2/02-CT/2026", "H60.12-261123-1002"),
    ),
    officer_name="Lục Thị Yến",
)
STAMP = Stamp(
    register_no="1/02-CT/2026",
    paper="Bằng tốt nghiệp",
    copies=3,
    lines=(
        StampLine("Chứng thực bản sao đúng với bản chính", strong=True),
        StampLine("Số chứng thực: 1, quyển số 02/2026-SCT/BS"),
        StampLine("Ngày 23 tháng 11 năm 2026"),
        StampLine("Người thực hiện chứng thực"),
        StampLine("", room=True),
    ),
    confirmed=False,
)

SAMPLES: dict[str, Callable[[], bytes]] = {
    "day-book": lambda: draw_day_book([BOOK]),
    "copy-sheet": lambda: draw_copy_sheet(SHEET),
    "stamps": lambda: draw_stamps([STAMP], at(23, 9, 5), "Lời chứng chưa đối chiếu với quy định."),
}
"""Name to what draws it."""
