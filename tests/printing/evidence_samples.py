"""Evidence pages to print; the persons are made up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from app.domain.evidence import DueChange, Evidence, EvidenceEvent, LineGap, Pause
from app.printing.evidence_page import draw_evidence_page
from tests.printing.form_samples import OFFICE, OFFICIAL, PROVISIONAL, at
from tests.printing.post_samples import HEAD

EPOCH = "019ab3c2-7d5e-7c11-8f00-3d1b5a9e2c47"


def sha(words: str) -> str:
    """64 digits."""
    return hashlib.sha256(words.encode()).hexdigest()


def done(seq: int, words: str, day: int, hour: int, minute: int, **more: object) -> EvidenceEvent:
    """An act recorded when it was done, sent and taken when the line was back."""
    moment = at(day, hour, minute)
    event = EvidenceEvent(
        stream=1,
        seq=seq,
        words=words,
        by="Lục Thị Yến",
        occurred_at=moment,
        recorded_at=moment,
        offset_ms=420,
        measured_at=at(23, 8, 2),
        tries=3,
        last_try_at=at(30, 8, 15),
        answer="Tỉnh đã nhận",
        answered_at=at(30, 8, 15),
        digest=sha(f"event {seq}"),
        chain=sha(f"chain {seq}"),
    )
    return replace(event, **more)  # type: ignore[arg-type]


LATE_LINE = Evidence(
    head=replace(HEAD, serial=""),
    number=OFFICIAL,
    provisional_number=PROVISIONAL,
    owner_name="Ma Thị Hường",
    request="Xác nhận thông tin hộ tịch",
    office=OFFICE,
    desk_name="Quầy 2",
    made_at=at(30, 9, 0),
    received_at=at(23, 9, 5),
    recorded_at=at(23, 9, 5),
    due_at=at(27, 17, 0),
    due_reason="3 ngày làm việc, bỏ qua thứ Ba 24/11 nghỉ Ngày Văn hóa Việt Nam",
    ended_at=at(27, 15, 40),
    late_words="Đúng hạn",
    returned_at=None,
    events=(
        done(
            1204,
            "Tiếp nhận",
            23,
            9,
            5,
            tries=1,
            last_try_at=at(23, 9, 6),
            answered_at=at(23, 9, 6),
            begins=True,
        ),
        done(1231, "Yêu cầu bổ sung", 25, 8, 30),
        done(1240, "Nhận giấy tờ bổ sung", 26, 9, 10),
        done(1257, "Đã xử lý xong", 27, 15, 40, ends=True),
    ),
    streams=(EPOCH,),
    pauses=(Pause("Yêu cầu bổ sung giấy tờ", at(25, 8, 30), at(26, 9, 10)),),
    due_changes=(DueChange("Nhận giấy tờ bổ sung", at(26, 9, 10), at(26, 17, 0), at(27, 17, 0)),),
    gaps=(
        LineGap(
            at(25, 8, 31),
            at(30, 8, 15),
            2,
            "Chưa nối được với tỉnh. Hồ sơ vẫn an toàn trên máy và in ra vẫn có giá trị.",
        ),
    ),
    rounds_since=at(2, 8, 0),
    officer_name="Lục Thị Yến",
)
UNSENT = replace(
    LATE_LINE,
    number=PROVISIONAL,
    due_at=None,
    due_reason="",
    ended_at=None,
    late_words="",
    events=(
        done(
            3,
            "Tiếp nhận",
            23,
            9,
            5,
            tries=0,
            last_try_at=None,
            answer="",
            answered_at=None,
            offset_ms=None,
            measured_at=None,
            begins=True,
        ),
    ),
    pauses=(),
    due_changes=(),
    gaps=(),
    rounds_since=None,
)

SAMPLES: dict[str, Callable[[], bytes]] = {
    "trang-bang-chung": lambda: draw_evidence_page(LATE_LINE),
    "trang-bang-chung-bare": lambda: draw_evidence_page(UNSENT),
}
