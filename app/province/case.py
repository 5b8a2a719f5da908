"""One event before its judge: what came, from whom, about which dossier; and what a rule may answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from app.province.context import Desk, unit_name
from app.province.dossiers import Dossier
from app.province.problems import JsonObject


@dataclass(frozen=True)
class Incoming:
    """An event in its stream. ``place`` is the event whose place it takes: itself or the corrected one."""

    event: JsonObject
    epoch: str
    stream_id: int
    sender: Desk
    place: str

    @property
    def event_id(self) -> str:
        """Its id."""
        return str(self.event["event_id"])

    @property
    def type(self) -> str:
        """Its type."""
        return str(self.event["type"])

    @property
    def payload(self) -> JsonObject:
        """Its payload."""
        payload: JsonObject = self.event["payload"]
        return payload

    @property
    def subject(self) -> JsonObject:
        """Its subject."""
        subject: JsonObject = self.event["subject"]
        return subject

    @property
    def approved(self) -> bool:
        """Whether a second officer has approved."""
        return bool(self.event["actor"].get("approved_by"))

    @property
    def files(self) -> list[str]:
        """The files it names."""
        return [str(sha256) for sha256 in self.event["files"]]


@dataclass(frozen=True)
class Case:
    """An event that fits its schema, with the dossier it is about where the sender's unit sees one."""

    db: Connection
    now: datetime
    incoming: Incoming
    dossier: Dossier | None = None

    @property
    def unit_code(self) -> str:
        """The unit of the desk that sent it."""
        return self.incoming.sender.unit_code

    def unit(self) -> JsonObject:
        """That unit by code and name."""
        return {"code": self.unit_code, "name": unit_name(self.db, self.unit_code)}


@dataclass(frozen=True)
class Told:
    """A change other desks are to hear of. ``units`` ``None``: every unit that sees the dossier."""

    change_type: str
    data: JsonObject
    units: frozenset[str] | None = None
    sender_too: bool = False


@dataclass(frozen=True)
class Outcome:
    """What an event does once it is taken."""

    dossier: Dossier | None = None
    told: Sequence[Told] = ()
    warnings: Sequence[JsonObject] = ()
    number_taken: str | None = None


class Refusal(Exception):  # noqa: N818
    """A rule refuses the event; it is stored with this problem."""

    def __init__(self, problem: JsonObject) -> None:
        super().__init__(problem["code"])
        self.problem = problem


@dataclass(frozen=True)
class Ruling:
    """The verdict on one event and, where it is accepted, what it does."""

    verdict: str
    outcome: Outcome | None = None
    waiting_for: Sequence[JsonObject] = ()
    problem: JsonObject | None = None
    warnings: Sequence[JsonObject] = field(default_factory=tuple)
