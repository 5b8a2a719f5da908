"""Guidance slips and group sheets to print; the persons are made up."""

from __future__ import annotations

from dataclasses import replace

from app.domain.group_sheet import GroupLine, GroupSheet
from app.domain.guidance_slip import GuidanceItem, GuidanceSlip
from app.domain.slips import SlipHead
from app.printing.group_sheet import draw_group_sheet
from app.printing.guidance_slip import draw_guidance_slip
from tests.printing.form_samples import OFFICE, OFFICIAL, PROVISIONAL, at

HEAD = SlipHead("UBND xã Nà Hang", "Trung tâm Phục vụ hành chính công", "Nà Hang", "")
GUIDANCE = GuidanceSlip(
    head=HEAD,
    number="12/HD01-2026",
    receiving_office=OFFICE,
    person="Ma Thị Hường",
    phone="0900 000 123",
    procedure="Đăng ký khai sinh",
    items=(
        GuidanceItem("Tờ khai đăng ký khai sinh", "Bản chính", 1, "Quầy có sẵn mẫu"),
        GuidanceItem("Giấy chứng sinh", "Bản chính", 1, "Không có thì văn bản của người làm chứng"),
        GuidanceItem("Căn cước của cha, mẹ", "Xuất trình"),
    ),
    words="Cha mẹ chưa đăng ký kết hôn thì làm thủ tục nhận cha, mẹ, con cùng lúc.",
    officer_name="Lục Thị Yến",
    office_phone="0207 000 0000",
    at=at(23, 15, 12),
)
GROUP = GroupSheet(
    head=HEAD,
    receiving_office=OFFICE,
    submitter_name="Ma Văn Pẩu",
    submitter_phone="0900 000 123",
    received_at=at(23, 15, 12),
    lines=(
        GroupLine(OFFICIAL, False, "Đăng ký khai sinh", "Ma Thị Hường", at(25, 17, 0), "Tại quầy", 0),
        GroupLine(
            PROVISIONAL,
            True,
            "Chứng thực bản sao từ bản chính",
            "Ma Văn Pẩu",
            at(23, 17, 0),
            "Tại quầy",
            16000,
        ),
        GroupLine("H60.12-261123-1002", False, "Xác nhận thông tin hộ tịch", "Ma Văn Pẩu", None, "", 8000),
    ),
    officer_name="Lục Thị Yến",
    office_phone="0207 000 0000",
)
GUIDANCE_LONG = replace(
    GUIDANCE,
    items=tuple(
        GuidanceItem(f"Giấy tờ thứ {n} " + "chứng minh quan hệ " * 5, "Bản sao", n) for n in range(1, 31)
    ),
    copy_no=3,
    withdrawn=True,
    demo=True,
)
GUIDANCE_BARE = replace(
    GUIDANCE, person="", phone="", items=(), words="", office_phone="", officer_name="", number=""
)
GROUP_LONG = replace(
    GROUP,
    lines=tuple(replace(GROUP.lines[n % 3], number=f"H60.12-261123-{n:04d}") for n in range(1, 16)),
    copy_no=2,
    demo=True,
)

SAMPLES = {
    "guidance-slip": lambda: draw_guidance_slip(GUIDANCE),
    "guidance-slip-long": lambda: draw_guidance_slip(GUIDANCE_LONG),
    "guidance-slip-bare": lambda: draw_guidance_slip(GUIDANCE_BARE),
    "group-sheet": lambda: draw_group_sheet(GROUP),
    "group-sheet-long": lambda: draw_group_sheet(GROUP_LONG),
}
"""File name to what draws it."""
