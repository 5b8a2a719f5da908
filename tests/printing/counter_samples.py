"""Guidance slips, group sheets, queue tickets and the list of a journey; the persons are made up."""

from __future__ import annotations

from dataclasses import replace

from app.domain.field_list import FieldLine, FieldList
from app.domain.group_sheet import GroupLine, GroupSheet
from app.domain.guidance_slip import GuidanceItem, GuidanceSlip
from app.domain.queue_slip import QueueSlip
from app.domain.slips import SlipHead
from app.printing.field_list import draw_field_list
from app.printing.group_sheet import draw_group_sheet
from app.printing.guidance_slip import draw_guidance_slip
from app.printing.queue_ticket import draw_queue_ticket
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

TICKET = QueueSlip(OFFICE, "007", "Hộ tịch, chứng thực", priority=False, ahead=3, taken_at=at(23, 8, 5))
PRIORITY = replace(TICKET, number="A001", priority=True, ahead=0)
TICKET_LONG = replace(
    TICKET,
    office=f"{OFFICE}, tỉnh Tuyên Quang",
    number="A1234",
    lane=f"{TICKET.lane}, đất đai, " * 3,
    demo=True,
)
JOURNEY = FieldList(
    head=HEAD,
    place="Nhà văn hóa thôn Bản Bung",
    opened_at=at(23, 8, 0),
    closed_at=at(23, 16, 30),
    officer="Lục Thị Yến",
    lines=(
        FieldLine(PROVISIONAL, "Vàng A Pó", "Đăng ký khai sinh lưu động", at(23, 9, 20), at(26, 17, 0)),
        FieldLine(OFFICIAL, "Ma Thị Hường", "Đăng ký kết hôn lưu động", at(23, 10, 5), None),
    ),
)
JOURNEY_LONG = replace(
    JOURNEY,
    closed_at=None,
    lines=tuple(replace(JOURNEY.lines[0], number=f"H60.12-261123-{n:04d}") for n in range(1, 41)),
    demo=True,
)

SAMPLES = {
    "guidance-slip": lambda: draw_guidance_slip(GUIDANCE),
    "guidance-slip-long": lambda: draw_guidance_slip(GUIDANCE_LONG),
    "guidance-slip-bare": lambda: draw_guidance_slip(GUIDANCE_BARE),
    "group-sheet": lambda: draw_group_sheet(GROUP),
    "group-sheet-long": lambda: draw_group_sheet(GROUP_LONG),
    "queue-ticket": lambda: draw_queue_ticket(TICKET),
    "queue-ticket-priority": lambda: draw_queue_ticket(PRIORITY),
    "queue-ticket-long": lambda: draw_queue_ticket(TICKET_LONG),
    "field-list": lambda: draw_field_list(JOURNEY),
    "field-list-long": lambda: draw_field_list(JOURNEY_LONG),
    "field-list-bare": lambda: draw_field_list(replace(JOURNEY, lines=(), closed_at=None)),
}
"""File name to what draws it."""
