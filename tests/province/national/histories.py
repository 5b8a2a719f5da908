"""Lawful histories of a dossier, drawn: each act one the gateway accepts in the dossier's status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from app.clock import VIETNAM
from app.protocol import payloads
from app.protocol.ids import new_id
from app.protocol.parts import Component, Fee, Result, Subject, UnitRef
from tests.province.national.rig import Rig
from tests.province.verdicts import accepted
from tests.support.wire_desk import LEADER_SAID_YES

_OPEN: Final = (2, 4, 5, 6, 7, 9)
_FEE = Fee("0198c0de-0000-7000-8000-000000000001", "LP", "Lệ phí", 8000)


@dataclass
class Life:
    """One dossier in the making. ``status`` as the gateway has it."""

    rig: Rig
    received: dict[str, Any]
    status: int
    at: datetime
    rounds: int = 0
    papers: list[str] = field(default_factory=list)

    def act(self, name: str) -> None:
        """One act by name; one that is not lawful now is left out."""
        if self.status in _LAWFUL[name]:
            self.at += timedelta(seconds=7)
            _ACTS[name](self)

    def tell(self, type_: str, payload: Any, status: int | None = None, **options: Any) -> None:
        """An accepted event."""
        self.rig.do(self.received, type_, payload, at=self.at, **options)
        self.status = self.status if status is None else status


def begin(rig: Rig, *, refused: bool) -> Life:
    """A dossier taken in, or refused at the counter."""
    at = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)
    if not refused:
        received = rig.receive(at=at)
        papers = [each["component_id"] for each in received["payload"]["components"]]
        return Life(rig, received, 2, at, papers=papers)
    subject = Subject("dossier", new_id(), f"TN-02221-261123-9{rig.desk.seq:03d}")
    payload = payloads.EndWithReason("Chưa đủ giấy tờ", filing=rig.desk.filing(at))
    event = rig.desk.event("dossier.refused", payload, subject, at=at)
    accepted(rig.desk, event)
    papers = [each["component_id"] for each in event["payload"]["filing"]["components"]]
    return Life(rig, event, 3, at, papers=papers)


def _supplement(life: Life) -> None:
    life.rounds += 1
    life.tell("dossier.supplement_requested", payloads.SupplementRequested(life.rounds, "Thiếu giấy"), 5)


def _brought(life: Life) -> None:
    paper = Component(new_id(), "KQ2", "Giấy bổ sung", "original", 1)
    due = life.at + timedelta(days=2)
    brought = payloads.SupplementReceived(life.rounds, [paper], None, due)
    life.tell("dossier.supplement_received", brought, 4)


def _completed(life: Life) -> None:
    result = Result(new_id(), "KQ003", "Giấy khai sinh")
    life.tell("dossier.completed", payloads.Completed([result]), 9)


def _collected(life: Life) -> None:
    moved = payloads.FeeMoved([_FEE.fee_id], 8000, "national_platform")
    life.tell("fee.collected", moved, 4 if life.status == 6 else None)


def _accepted_after_all(life: Life) -> None:
    filing = life.rig.desk.filing(life.at)
    subject = Subject("dossier", life.received["subject"]["id"], life.received["subject"]["code"])
    event = life.rig.desk.event("dossier.received", filing, subject, at=life.at, actor=LEADER_SAID_YES)
    accepted(life.rig.desk, event)
    life.status = 2
    life.papers = [each["component_id"] for each in event["payload"]["components"]]


def _due(life: Life) -> None:
    life.tell(
        "dossier.due_date_changed",
        payloads.DueDateChanged(None, life.at + timedelta(days=3), "Chờ xác minh"),
    )


def _transferred(life: Life) -> None:
    own, other = UnitRef(life.rig.unit, "UBND xã Ví Dụ"), UnitRef("H60.999", "Sở Ví Dụ")
    life.tell("dossier.transferred", payloads.Custody(own, other, note="Chuyển xử lý"))


_ACTS: Final[dict[str, Callable[[Life], None]]] = {
    "progress": lambda life: life.tell("dossier.progress", payloads.Progress("Thụ lý"), 4),
    "twin": lambda life: (
        [life.tell("dossier.progress", payloads.Progress("Hai lần"), 4) for _ in range(2)] and None
    ),
    "supplement": _supplement,
    "brought": _brought,
    "fee": lambda life: life.tell("dossier.fee_requested", payloads.FeeList([_FEE]), 6),
    "collected": _collected,
    "withdrawn": lambda life: life.tell("dossier.withdrawn", payloads.EndWithReason("Xin rút"), 7),
    "stopped": lambda life: life.tell("dossier.stopped", payloads.EndWithReason("Dừng"), 8),
    "completed": _completed,
    "returned": lambda life: life.tell("dossier.returned", payloads.Returned("counter", "Người Nhận"), 10),
    "reopened": lambda life: life.tell(
        "dossier.progress", payloads.Progress("Xem lại"), 4, actor=LEADER_SAID_YES
    ),
    "amended": lambda life: life.tell(
        "dossier.amended",
        payloads.DossierAmended({"/owner/full_name": f"Trần Ễ {life.at:%H%M%S}"}, "Sửa tên"),
    ),
    "due": _due,
    "transferred": _transferred,
    "revoked": lambda life: life.tell(
        "document.revoked", payloads.DocumentRevoked(life.papers[0], "Quét nhầm")
    ),
    "after-all": _accepted_after_all,
}
_LAWFUL: Final[dict[str, tuple[int, ...]]] = {
    "progress": (2, 4, 7),
    "twin": (2, 4),
    "supplement": (2, 4),
    "brought": (5,),
    "fee": (2, 4),
    "collected": (2, 4, 6),
    "withdrawn": (2, 4, 5, 6),
    "stopped": (2, 4, 5, 6, 7),
    "completed": (2, 4),
    "returned": (7, 8, 9),
    "reopened": (9,),
    "amended": (*_OPEN, 3, 8, 10),
    "due": (2, 4, 5, 6),
    "transferred": (2, 4),
    "revoked": (2, 4, 9),
    "after-all": (3,),
}
acts = st.sampled_from(sorted(_ACTS))
