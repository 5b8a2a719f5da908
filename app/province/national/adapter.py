"""The one face of every generation of the portal's interface, and what a call can end in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from app.province.national.reasons import Reason
from app.province.national.record import Record, Step
from app.province.problems import JsonObject

STEPS_A_CALL: Final = 10


@dataclass(frozen=True)
class Done:
    """The portal has it. ``existed``: it says it had it before; ids only where the portal gave some."""

    existed: bool = False
    number: str | None = None
    portal_id: str | None = None


@dataclass(frozen=True)
class Refused:
    """The portal understood and does not take it. ``code`` is its answer's number, never its words."""

    code: str


@dataclass(frozen=True)
class Failed:
    """Nobody knows better than: not done yet. ``kind`` for people who run the gateway.

    ``sent``: the call may have arrived and taken effect; ``everyone``: no other dossier would fare better;
    ``retry_after_s``: as the other side asked.
    """

    kind: str
    sent: bool = True
    everyone: bool = False
    retry_after_s: float | None = None


Outcome = Done | Refused | Failed


@dataclass(frozen=True)
class Known:
    """What the portal shows of a dossier: ``steps`` as it writes them, ``None`` where it shows none."""

    exists: bool
    steps: Sequence[JsonObject] | None


@dataclass(frozen=True)
class Memory:
    """What we know the portal has of one dossier. ``in_flight``: the kind of call that may have
    arrived; ``files``: SHA-256 to the id and hash the portal gave the file."""

    dossier_id: str
    created: bool = False
    number: str | None = None
    portal_id: str | None = None
    created_digest: str | None = None
    body_digest: str | None = None
    sent: frozenset[str] = frozenset()
    doubt: bool = False
    in_flight: str | None = None
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One call worked out: nothing of it is decided any more. ``kind``: number, file, create, update or
    progress; ``subject``: the file's SHA-256, for a file."""

    kind: str
    body: JsonObject | Sequence[JsonObject]
    digest: str = ""
    event_ids: Sequence[str] = ()
    subject: str = ""


class Adapter(Protocol):
    """One generation. Methods that build raise ``Unmapped``; methods that call never raise for the line."""

    can_look_up: bool
    steps_merged: bool
    """Whether the province has said that a step sent twice counts once."""

    def first_calls(self, record: Record, memory: Memory) -> Sequence[Call]:
        """What must be done before and for the dossier's creation, in order; empty once it is there."""

    def update(self, record: Record, memory: Memory) -> Call | None:
        """The call that brings the portal's copy up to date, ``None`` where it is."""

    def step(self, record: Record, step: Step, memory: Memory) -> JsonObject:
        """One step in the portal's words."""

    def same_step(self, shown: JsonObject, ours: JsonObject) -> bool:
        """Whether a step the portal shows is this one of ours."""

    def unsaid(self, record: Record, memory: Memory) -> Sequence[Reason]:
        """What this generation has no call for, once everything else is told."""

    def send(self, call: Call, record: Record, memory: Memory) -> Outcome:
        """Make one call."""

    def look_up(self, number: str) -> Known | Failed:
        """What the portal has under a number."""

    def close(self) -> None:
        """Close every connection."""
