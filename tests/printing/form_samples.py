"""Forms 02–07 to print; the persons are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from app.clock import VIETNAM
from app.domain.slips import (
    ControlSlip,
    ExtensionLetter,
    HandOver,
    PaperSubject,
    RefusalSlip,
    RegisterBook,
    RegisterLine,
    SlipComponent,
    SlipHead,
    StopNotice,
    SupplementItem,
    SupplementRequest,
)

OFFICE = "Trung tâm Phục vụ hành chính công xã Nà Hang"
PROVISIONAL = "TN-02221-261123-2KMBHG017"
OFFICIAL = "H60.12-261123-1001"


def at(day: int, hour: int, minute: int, month: int = 11) -> datetime:
    """A moment of 2026 in Viet Nam."""
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


def subject(serial: str) -> PaperSubject:
    """The dossier of the samples."""
    return PaperSubject(
        form_set="tt-03-2025",
        head=SlipHead("UBND xã Nà Hang", "Trung tâm Phục vụ hành chính công", "Nà Hang", serial),
        number=OFFICIAL,
        provisional=False,
        provisional_number="",
        receiving_office=OFFICE,
        owner_name="Ma Thị Hường",
        owner_address="Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
        owner_phone="0900 000 123",
        owner_email="huong@example.vn",
        request="Xác nhận thông tin hộ tịch",
    )


SUPPLEMENT = SupplementRequest(
    subject=subject("2017/HDHS"),
    asked_at=at(24, 9, 5),
    items=(
        SupplementItem("Giấy chứng sinh", 1, 0, 0),
        SupplementItem("Văn bản ủy quyền có chứng thực"),
        SupplementItem("Ảnh 3 × 4", counted=False),
    ),
    reason="Giấy chứng sinh nộp ngày 23/11 bị rách, không đọc được số.",
    contact_name="Lục Thị Yến",
    contact_phone="0207 000 0000",
    officer_name="Lục Thị Yến",
)
REFUSAL = RefusalSlip(
    subject=subject("2017/TNHS"),
    refused_at=at(23, 15, 12),
    reason="Việc này do Ủy ban nhân dân phường Minh Xuân giải quyết.",
    contact_name="Lục Thị Yến",
    contact_phone="0207 000 0000",
    submitter_name="Ma Văn Pẩu",
    officer_name="Lục Thị Yến",
)
EXTENSION = ExtensionLetter(
    subject=subject(""),
    written_at=at(27, 8, 30),
    received_at=at(23, 15, 12),
    previous_due_at=at(30, 17, 0),
    reason="Đang chờ kết quả xác minh của xã Thượng Lâm.",
    new_due_at=at(4, 17, 0, month=12),
    leader_name="Hoàng Văn Lành",
)
BY_DEPUTY = replace(EXTENSION, leader_name="Nông Văn Phúc", leader_title="KT. Chủ tịch / Phó Chủ tịch")
STOP = StopNotice(
    subject=subject(""),
    stopped_at=at(27, 10, 20),
    proposer="Ma Thị Hường",
    reason="Người nộp đã được cấp giấy ở nơi khác.",
    stage="Đang xử lý",
    papers=(
        SlipComponent("Tờ khai đăng ký khai sinh", "Bản chính", 1),
        SlipComponent("Giấy chứng sinh", "Bản chính", 2),
    ),
    paid_words="đã thu 16.000 đồng",
    leader_name="",
)
CONTROL = ControlSlip(
    subject=subject("2017/TNHS"),
    received_at=at(23, 15, 12),
    agencies=("UBND xã Nà Hang", "UBND xã Thượng Lâm"),
    rows=(
        HandOver("Người nộp hồ sơ", OFFICE, at(23, 15, 12), "Ma Văn Pẩu", "Lục Thị Yến"),
        HandOver(OFFICE, "UBND xã Nà Hang", at(23, 15, 40), "Lục Thị Yến", note="Chuyển xử lý"),
        HandOver("UBND xã Nà Hang", "UBND xã Thượng Lâm", at(25, 8, 0), "Lục Thị Yến"),
        HandOver("UBND xã Nà Hang", OFFICE, at(30, 17, 1), "Lục Thị Yến", "", "Quá hạn"),
    ),
    spare_rows=2,
)
LINE = RegisterLine(
    line_no="1.346",
    number=PROVISIONAL,
    procedure="Xác nhận thông tin hộ tịch",
    sets=1,
    name="Ma Thị Hường",
    address="Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
    phone="0900 000 123",
    agency="UBND xã Nà Hang",
    received_at=at(23, 15, 12),
    due_at=at(25, 17, 0),
    returned_at=at(25, 9, 30),
    return_words="Tại quầy",
    signed="",
    note="",
)
BOOK = RegisterBook("tt-03-2025", subject("").head, "02 (2026)", (LINE,))

_LONG_NAME = "Nông Thị Ngọc Ánh Tuyết Hoàng Yến Vàng A Pó"
_LONG_REASON = " ".join(f"Lý do thứ {n} của hồ sơ này được ghi đầy đủ." for n in range(1, 60)) + " Hết."


def marked(paper: Any, **changes: Any) -> Any:
    """The paper with changes to its subject."""
    return replace(paper, subject=replace(paper.subject, **changes))


def long_papers() -> dict[str, Any]:
    """Every form with more than one page can hold, reprinted, from a demo desk, provisional once."""
    changes = {
        "owner_name": _LONG_NAME,
        "owner_address": ("Thôn Bản Bung, xã Thanh Tương, " * 4).strip(),
        "provisional_number": PROVISIONAL,
        "copy_no": 3,
        "demo": True,
    }
    items = tuple(SupplementItem(f"Giấy tờ thứ {n} " + "chứng minh quan hệ " * 6, n) for n in range(1, 31))
    papers = tuple(
        SlipComponent(f"Giấy tờ thứ {n} " + "chứng minh " * 9, "Bản chính", n) for n in range(1, 31)
    )
    rows = tuple(replace(CONTROL.rows[1], note=f"Lần giao thứ {n}") for n in range(1, 15))
    return {
        "02": marked(replace(SUPPLEMENT, items=items, reason=_LONG_REASON), **changes),
        "03": marked(replace(REFUSAL, reason=_LONG_REASON), **changes),
        "04": marked(replace(EXTENSION, reason=_LONG_REASON), **changes),
        "05": marked(replace(STOP, papers=papers, reason=_LONG_REASON), **changes),
        "06": marked(replace(CONTROL, rows=rows), **changes),
        "07": replace(
            BOOK, lines=tuple(replace(LINE, line_no=str(n)) for n in range(1, 25)), copy_no=3, demo=True
        ),
    }


def bare_papers() -> dict[str, Any]:
    """Every form with nothing known but the number and the moment of the act."""
    unknown = {
        "head": SlipHead("", "", "", ""),
        "number": PROVISIONAL,
        "provisional": True,
        "receiving_office": "",
        "owner_name": "",
        "owner_address": "",
        "owner_phone": "",
        "owner_email": "",
        "request": "",
    }
    nobody = {"contact_name": "", "contact_phone": "", "officer_name": ""}
    return {
        "02": marked(replace(SUPPLEMENT, items=(SupplementItem("Tờ khai"),), reason="", **nobody), **unknown),
        "03": marked(replace(REFUSAL, reason="", submitter_name="", **nobody), **unknown),
        "04": marked(
            replace(EXTENSION, reason="", previous_due_at=None, new_due_at=None, leader_name=""), **unknown
        ),
        "05": marked(replace(STOP, proposer="", reason="", stage="", papers=(), paid_words=""), **unknown),
        "06": marked(replace(CONTROL, agencies=(), rows=(), spare_rows=3), **unknown),
        "07": replace(
            BOOK,
            head=unknown["head"],
            book="",
            lines=(
                replace(
                    LINE,
                    address="",
                    phone="",
                    agency="",
                    due_at=None,
                    returned_at=None,
                    return_words="",
                ),
            ),
        ),
    }
