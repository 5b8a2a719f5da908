"""A dossier as the province tells it onward: our own words, every fact from an accepted event. Pure.

The rules are those of SYNC-PROTOCOL-CHOICES 4 and NATIONAL-WIRE-FORMAT 6, 13 and 14: results only from
a result event, no time replaced by another, a status says what it says here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from app.clock import from_wire
from app.province.dossiers import Dossier
from app.province.national.history import Act
from app.province.problems import JsonObject
from app.province.transitions import TARGET

ENDED: Final = frozenset({3, 7, 8, 9, 10})
_IN_PROCESS: Final = 4
_RESULT_STATUSES: Final = frozenset({9, 10})
_NOTED_IN_PROCESS: Final = frozenset({"dossier.due_date_changed", "dossier.transferred"})
_PAPERS_CHANGE: Final = frozenset({"document.digitised", "document.revoked", "dossier.amended"})


@dataclass(frozen=True)
class Step:
    """One step of processing. ``started_at`` and ``due_at`` where the officer noted them."""

    event_id: str
    status: int
    at: datetime
    officer: str
    position: str
    department: str
    text: str
    started_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Round:
    """One supplement round; the second half is empty while the citizen has not come back."""

    request_id: str
    asked_by: str
    content: str
    asked_at: datetime
    received_by: str = ""
    received_at: datetime | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
    papers: Sequence[JsonObject] = ()


@dataclass(frozen=True)
class Record:
    """One dossier, whole. ``papers`` and ``fees`` are of schemas Component and Fee; ``removed`` names the
    papers whose scan was withdrawn; ``paid``: none, offline, platform or gateway; ``accepted_at`` is
    ``None`` for a filing that was never accepted.
    """

    dossier_id: str
    version: int
    code: str
    unit_code: str
    custodian_code: str
    status: int
    filing: JsonObject
    due_at: datetime | None
    papers: Sequence[JsonObject] = ()
    removed: frozenset[str] = frozenset()
    fees: Sequence[JsonObject] = ()
    paid: str = "none"
    rounds: Sequence[Round] = ()
    results: Sequence[JsonObject] = ()
    accepted_at: datetime | None = None
    refused_at: datetime | None = None
    ended_at: datetime | None = None
    returned_at: datetime | None = None
    steps: Sequence[Step] = ()

    @property
    def submitted_at(self) -> datetime:
        """When the citizen filed it."""
        return from_wire(self.filing["submitted_at"])

    @property
    def last_event_id(self) -> str | None:
        """The last event that is told as a step."""
        return self.steps[-1].event_id if self.steps else None


@dataclass
class _Fold:
    """What the acts so far amount to."""

    status: int | None = None
    accepted: bool = False
    refused_at: datetime | None = None
    ended_at: datetime | None = None
    returned_at: datetime | None = None
    steps: list[Step] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    fees: dict[str, JsonObject] = field(default_factory=dict)
    papers: dict[str, JsonObject] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)

    def take(self, act: Act) -> None:
        payload, at = act.event["payload"], from_wire(act.event["occurred_at"])
        status = self._status_after(act)
        if status is not None:
            self.steps.append(_step(act, status, at))
            self._move(act, status, at)
        self._note(act, payload, at)

    def _status_after(self, act: Act) -> int | None:
        """The status this act is told as, ``None`` where it is no step."""
        if act.type in _NOTED_IN_PROCESS:
            return _IN_PROCESS if self.status == _IN_PROCESS else None
        if act.type == "fee.collected":
            return _IN_PROCESS if self.status == 6 else None
        status = TARGET.get(act.type)
        return None if act.type == "dossier.withdrawn" and self.status == 7 else status

    def _move(self, act: Act, status: int, at: datetime) -> None:
        self.status = status
        self.accepted = self.accepted or status == 2
        self.refused_at = at if status == 3 else None
        self.returned_at = at if status == 10 else None
        if status in ENDED:
            self.ended_at = self.ended_at or at
        else:
            self.ended_at = None

    def _note(self, act: Act, payload: JsonObject, at: datetime) -> None:
        if act.type == "dossier.fee_requested":
            self.fees |= {fee["fee_id"]: fee for fee in payload["fees"]}
        elif act.type == "fee.collected":
            self.methods.add(payload["method"])
        elif act.type == "dossier.supplement_requested":
            officer = act.event["actor"]["officer_name"]
            self.rounds.append(Round(act.event_id, officer, payload["content"], at))
        elif act.type == "dossier.supplement_received":
            self._brought(act, payload, at)
        elif act.type == "document.revoked":
            self.removed.add(payload["component_id"])
        if act.type in _PAPERS_CHANGE and act.type != "document.revoked":
            self._papers_changed(payload)

    def _brought(self, act: Act, payload: JsonObject, at: datetime) -> None:
        self.papers |= {paper["component_id"]: paper for paper in payload["components"]}
        self.removed -= {paper["component_id"] for paper in payload["components"] if paper.get("file")}
        if self.rounds:
            self.rounds[-1] = replace(
                self.rounds[-1],
                received_by=act.event["actor"]["officer_name"],
                received_at=at,
                due_before=_moment(payload.get("previous_due_at")),
                due_after=_moment(payload["new_due_at"]),
                papers=tuple(payload["components"]),
            )

    def _papers_changed(self, payload: JsonObject) -> None:
        """The filing is newer than what a supplement brought, for these papers."""
        for paper in payload.get("components", ()):
            self.papers.pop(paper["component_id"], None)
            if paper.get("file"):
                self.removed.discard(paper["component_id"])
        if any(pointer.startswith("/components") for pointer in payload.get("set", ())):
            self.papers.clear()


def record_of(dossier: Dossier, acts: Sequence[Act]) -> Record:
    """The dossier as the acts made it. ``acts`` must be all that were accepted about it."""
    fold = _Fold()
    for act in acts:
        fold.take(act)
    filing = dossier.received
    fees = {fee["fee_id"]: fee for fee in filing["fees"]} | fold.fees
    return Record(
        dossier_id=dossier.dossier_id,
        version=dossier.version,
        code=dossier.code,
        unit_code=dossier.unit_code,
        custodian_code=dossier.custodian_code,
        status=dossier.status,
        filing=filing,
        due_at=_moment(dossier.due_at),
        papers=_papers(filing, fold.papers),
        removed=frozenset(fold.removed),
        fees=tuple(fees.values()),
        paid=_paid(fees.values(), fold.methods),
        rounds=tuple(fold.rounds),
        results=dossier.results if dossier.status in _RESULT_STATUSES else (),
        accepted_at=from_wire(filing["received_at"]) if fold.accepted else None,
        refused_at=fold.refused_at,
        ended_at=fold.ended_at,
        returned_at=fold.returned_at,
        steps=tuple(fold.steps),
    )


def _papers(filing: JsonObject, brought: dict[str, JsonObject]) -> Sequence[JsonObject]:
    """The filing's papers, those a supplement brought in their place or after them."""
    left = dict(brought)
    kept = [left.pop(paper["component_id"], paper) for paper in filing["components"]]
    return (*kept, *left.values())


def _paid(fees: Iterable[JsonObject], methods: set[str]) -> str:
    if "national_platform" in methods:
        return "platform"
    if "province_gateway" in methods:
        return "gateway"
    return "offline" if any(fee["amount_vnd"] > 0 for fee in fees) else "none"


def _step(act: Act, status: int, at: datetime) -> Step:
    event, payload = act.event, act.event["payload"]
    actor = event["actor"]
    text = payload.get("note") or payload.get("reason") or payload.get("content") or ""
    return Step(
        event_id=act.event_id,
        status=status,
        at=at,
        officer=actor["officer_name"],
        position=actor.get("position") or "",
        department=payload.get("department") or "",
        text=text,
        started_at=_moment(payload.get("step_started_at")),
        due_at=_moment(payload.get("step_due_at")),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else from_wire(text)
