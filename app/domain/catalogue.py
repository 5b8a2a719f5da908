"""Procedures as dated versions: what a dossier of a given day asks for.

A dossier keeps the version that was in force on its day of reception, for ever (DOMAIN §0.4).
Amounts and terms that the province has not supplied are ``None``, which is never read as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class Channel(StrEnum):
    """How a dossier arrives."""

    COUNTER = "counter"
    ONLINE = "online"
    POST = "post"


class TimeUnit(StrEnum):
    """Units of a legal term (protocol: ProcedureVersion.time_limits)."""

    HOUR = "hour"
    WORKING_HOUR = "working_hour"
    SAME_DAY = "same_day"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"


class Mandatory(StrEnum):
    """Whether a component must be there."""

    YES = "yes"
    ONE_OF = "one_of"
    CONDITIONAL = "conditional"
    NO = "no"


class ComponentKind(StrEnum):
    """Handed in, or only shown for comparison."""

    SUBMIT = "submit"
    PRESENT = "present"


class Fact(StrEnum):
    """Conditions the program itself can decide, so that the officer is not asked."""

    BY_PROXY = "by_proxy"
    """The submitter is not the owner of the dossier."""
    PAPER_CHANNEL = "paper_channel"
    """Filed at the counter or by post, not online."""


class Detail(StrEnum):
    """How much the catalogue knows: a full record, or a row of the index only."""

    FULL = "full"
    INDEX = "index"


@dataclass(frozen=True)
class TimeLimit:
    """The legal term. ``amount`` ``None``: not known, the officer gives a due date and a reason."""

    amount: int | None
    unit: TimeUnit | None
    late_cutoff: time | None = None
    channel: Channel | None = None
    note: str = ""


@dataclass(frozen=True)
class ComponentRule:
    """One paper of a procedure. ``id`` is unique within the procedure; national codes are not."""

    id: str
    name: str
    kind: ComponentKind
    mandatory: Mandatory
    originals: int = 1
    copies: int = 0
    national_code: str = ""
    group: str | None = None
    condition: str = ""
    known_by: Fact | None = None
    reuse_source: str = ""
    short_name: str = ""
    """For the screen; the legal ``name`` is what paper and wire carry."""


@dataclass(frozen=True)
class FeeRule:
    """A fee. ``amount_vnd`` ``None``: set by a resolution the catalogue does not hold, never free."""

    code: str
    name: str
    amount_vnd: int | None
    kind: str = "ordinary"
    per: str = "dossier"
    rule: str = ""
    channel: Channel | None = None
    exemptions: tuple[str, ...] = ()
    first_pages: int | None = None
    next_page_vnd: int | None = None
    cap_vnd: int | None = None


@dataclass(frozen=True)
class ProcedureVersion:
    """One version of a procedure, immutable; ``effective_to`` is the last day it may be chosen."""

    code: str
    version: int
    name: str
    short_name: str
    field: str
    effective_from: date
    effective_to: date | None = None
    field_code: str = ""
    level: str = "commune"
    aliases: tuple[str, ...] = ()
    time_limits: tuple[TimeLimit, ...] = ()
    fees: tuple[FeeRule, ...] = ()
    components: tuple[ComponentRule, ...] = ()
    result_name: str = ""
    result_code: str = ""
    legal_basis: tuple[str, ...] = ()
    online_level: str = ""
    detail: Detail = Detail.FULL
    note: str = ""
    extended_terms: tuple[str, ...] = ()
    everyday_rank: int = 0
    """1: asked for every day, larger: rarer, 0: not ranked (a row of the index)."""
    replaces: tuple[str, ...] = ()
    """Codes that this procedure took over; looking one up leads here."""
    eform: str = ""
    """The statutory declaration of ``eform fill``, if there is one."""
    confidence: str = ""
    """``verified``, ``known`` or ``unsure``: how well the seed catalogue knows the weakest part."""
    source: str = ""
    """Where the record was taken from; for a row of the index: who published the procedure."""

    def time_limit(self, channel: Channel) -> TimeLimit:
        """The term for the channel, else the one that names no channel, else an unknown one."""
        for limit in self.time_limits:
            if limit.channel == channel:
                return limit
        for limit in self.time_limits:
            if limit.channel is None:
                return limit
        return TimeLimit(amount=None, unit=None)
