"""Making an event: from what happened to the immutable, digested, chained record.

Text is normalised to NFC here and never later, because the digest covers it (SYNC-PROTOCOL-CHOICES 3.2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.clock import to_wire
from app.protocol.chain import chain_next, event_digest
from app.protocol.parts import Actor, ClockEvidence, Subject, Wire

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Payload(Protocol):
    """Anything of ``app.protocol.payloads``."""

    def as_wire(self) -> Wire:
        """The members of the payload."""


@dataclass(frozen=True)
class EventDraft:
    """An event before it has a place in the stream.

    ``base_version`` is the provincial version of the subject the desk last knew; ``corrects`` names the
    rejected or voided event this one replaces. ``files`` ``None`` means: every file the payload names.
    """

    type: str
    subject: Subject
    actor: Actor
    occurred_at: datetime
    payload: Payload | Mapping[str, object]
    schema: int = 1
    base_version: int | None = None
    corrects: str | None = None
    files: Sequence[str] | None = None


def build_event(
    draft: EventDraft,
    *,
    event_id: str,
    desk_seq: int,
    recorded_at: datetime,
    clock: ClockEvidence,
    previous_chain: str,
    audit: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The whole event with its digest and chain, ready to store and send as it is.

    ``previous_chain`` is the chain of event ``desk_seq - 1``, or ``chain_start(epoch)`` for event 1.
    ``audit``: how far the desk's audit log had come (I24); a member of the desk's own, which servers keep
    with the event because its digest covers it.
    Raises ``ValueError`` for content that canonical JSON does not carry.
    """
    content = draft.payload if isinstance(draft.payload, Mapping) else draft.payload.as_wire()
    payload = normalised(content)
    files = files_named(payload) if draft.files is None else list(draft.files)
    event: dict[str, Any] = {
        "event_id": event_id,
        "desk_seq": desk_seq,
        "type": draft.type,
        "schema": draft.schema,
        "occurred_at": to_wire(draft.occurred_at),
        "recorded_at": to_wire(recorded_at),
        "clock": clock.as_wire(),
        "actor": normalised(draft.actor.as_wire()),
        "subject": normalised(draft.subject.as_wire()),
        "base_version": draft.base_version,
        "files": files,
        "payload": payload,
    }
    if draft.corrects is not None:
        event["corrects"] = draft.corrects
    if audit is not None:
        event["audit"] = dict(audit)
    return sealed(event, previous_chain)


def sealed(event: Mapping[str, Any], previous_chain: str) -> dict[str, Any]:
    """The event with digest and chain made anew: for a new event, or an old one moved to a new epoch."""
    body = {name: value for name, value in event.items() if name not in ("digest", "chain")}
    digest = event_digest(body)
    return {**body, "digest": digest, "chain": chain_next(previous_chain, digest)}


def renumbered(event: Mapping[str, Any], desk_seq: int, previous_chain: str) -> dict[str, Any]:
    """The same event (same ``event_id``) at another place of another epoch, after a restore."""
    return sealed({**event, "desk_seq": desk_seq}, previous_chain)


def files_named(payload: object) -> list[str]:
    """The SHA-256 of every file the payload names, each once, sorted."""
    found: set[str] = set()
    _collect_files(payload, found)
    return sorted(found)


def normalised(value: Any) -> Any:
    """The JSON value with every text in NFC, member names included."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {normalised(name): normalised(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [normalised(item) for item in value]
    return value


def _collect_files(value: object, found: set[str]) -> None:
    if isinstance(value, Mapping):
        sha256 = value.get("sha256")
        if isinstance(sha256, str) and _SHA256.fullmatch(sha256):
            found.add(sha256)
        for item in value.values():
            _collect_files(item, found)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _collect_files(item, found)
