"""Evidence page: when a dossier's acts were done at the counter and when the province came to know of them.

Made for an officer marked late although only the line was down. It states what was measured and written
down and nothing else: what is not known says so. Times of the counter are the desk's clock, whose measured
error stands beside them; times of the province are the province's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.dossier_status import STEPS, Act, Status
from app.domain.slips import SlipHead

_PAUSED = (Status.SUPPLEMENT_REQUESTED, Status.FEE_REQUESTED)
_NO_ANSWER = frozenset(
    {"no-line", "line-slow", "not-believed", "province-busy", "clock-wrong", "certificate-refused"}
)
"""Ends of a round in which the province was not there or could not be known as such."""
_UNSAID = "stopped"
"""A round the officer broke off says nothing of the line."""


@dataclass(frozen=True)
class EvidenceEvent:
    """One act as it stands in the desk's stream.

    ``stream``: 1 for the first epoch named on the page; ``offset_ms``: the province's clock minus the desk's,
    measured at ``measured_at``, ``None`` when never measured; ``tries``: how often it was sent; ``answer``:
    the verdict in words, empty without one; ``answered_at``: by the province's clock; ``digest``, ``chain``:
    64 hexadecimal digits.
    """

    stream: int
    seq: int
    words: str
    by: str
    occurred_at: datetime
    recorded_at: datetime
    offset_ms: int | None
    measured_at: datetime | None
    tries: int
    last_try_at: datetime | None
    answer: str
    answered_at: datetime | None
    digest: str
    chain: str
    begins: bool = False
    """Whether this act is the reception."""
    ends: bool = False
    """Whether this act ended the processing."""


@dataclass(frozen=True)
class Pause:
    """The term stood still; ``until`` ``None``: it still does."""

    words: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class DueChange:
    """The due date was moved by an act."""

    words: str
    at: datetime
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class RoundEnd:
    """One try to speak with the province: how it ended, as code and in words."""

    started_at: datetime
    ended_at: datetime
    outcome: str
    words: str


@dataclass(frozen=True)
class LineGap:
    """From the first of some fruitless tries to the next one the province answered (``None``: not yet)."""

    since: datetime
    until: datetime | None
    tries: int
    words: str


@dataclass(frozen=True)
class Evidence:
    """What the page says. ``streams``: the epochs, in the order of ``EvidenceEvent.stream``;
    ``rounds_since``: since when the desk's record of tries reaches back, ``None``: no try is recorded;
    ``late_words``: how the end of processing stood to the due date, empty while it has not ended."""

    head: SlipHead
    number: str
    provisional_number: str
    owner_name: str
    request: str
    office: str
    desk_name: str
    made_at: datetime
    received_at: datetime
    recorded_at: datetime
    due_at: datetime | None
    due_reason: str
    ended_at: datetime | None
    late_words: str
    returned_at: datetime | None
    events: tuple[EvidenceEvent, ...]
    streams: tuple[str, ...]
    pauses: tuple[Pause, ...]
    due_changes: tuple[DueChange, ...]
    gaps: tuple[LineGap, ...]
    rounds_since: datetime | None
    officer_name: str
    copy_no: int = 1
    demo: bool = False

    @property
    def begin_event(self) -> EvidenceEvent | None:
        """The reception as the province was told of it."""
        return next((each for each in self.events if each.begins), None)

    @property
    def end_event(self) -> EvidenceEvent | None:
        """The act that ended the processing, the latest one."""
        return next((each for each in reversed(self.events) if each.ends), None)

    @property
    def known_late(self) -> bool:
        """Whether the counter was in time and the province's answer came only after the due date, or is still
        to come after it."""
        end = self.end_event
        if end is None or self.due_at is None or end.occurred_at > self.due_at:
            return False
        known = end.answered_at or self.made_at
        return known > self.due_at


def pauses_of(acts: Iterable[tuple[Act, datetime]]) -> tuple[Pause, ...]:
    """When the term stood still, from the dossier's acts, oldest first (DOMAIN §3: statuses 5 and 6)."""
    status, found, since = Status.NEW, list[Pause](), None
    words = ""
    for act, at in acts:
        after = STEPS[act].get(status, status)
        if since is not None and after not in _PAUSED:
            found.append(Pause(words, since, at))
            since = None
        if since is None and after in _PAUSED:
            since, words = at, after.label
        status = after
    if since is not None:
        found.append(Pause(words, since, None))
    return tuple(found)


def gaps_of(rounds: Sequence[RoundEnd]) -> tuple[LineGap, ...]:
    """Runs of tries the province did not answer, each with the words of its first try."""
    found: list[LineGap] = []
    run: list[RoundEnd] = []
    for each in rounds:
        if each.outcome in _NO_ANSWER:
            run.append(each)
        elif run and each.outcome != _UNSAID:
            found.append(LineGap(run[0].started_at, each.started_at, len(run), run[0].words))
            run = []
    if run:
        found.append(LineGap(run[0].started_at, None, len(run), run[0].words))
    return tuple(found)
