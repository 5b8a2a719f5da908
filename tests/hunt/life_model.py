"""A second, plain opinion on a dossier's life, written from DOMAIN §3–4 and SYNC-PROTOCOL §3.4–3.5.

It shares no rule with the program: its own table of steps, its own calendar (``plain_calendar``), its own
arithmetic of the clock. ``judge`` says whether an act must be refused, and for which reasons, or must
succeed, and what the dossier looks like afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.hunt import plain_calendar as wall

NEXT: dict[int, frozenset[int]] = {
    1: frozenset({2, 3}),
    2: frozenset({4, 5, 6, 7, 8, 9}),
    3: frozenset({2}),
    4: frozenset({4, 5, 6, 7, 8, 9}),
    5: frozenset({4, 7, 8}),
    6: frozenset({4, 7, 8}),
    7: frozenset({8, 10, 4}),
    8: frozenset({10}),
    9: frozenset({10, 4}),
    10: frozenset(),
}
"""SYNC-PROTOCOL §3.4, "legal transitions of the status"."""

GOES: dict[str, dict[int, int]] = {
    "accept": {1: 2},
    "refuse": {1: 3},
    "start": {2: 4},
    "request-supplement": {2: 5, 4: 5},
    "supplement": {5: 4},
    "request-fee": {2: 6, 4: 6},
    "pay": {2: 2, 4: 4, 6: 4, 9: 9},
    "extend": {2: 2, 4: 4},
    "complete": {2: 9, 4: 9},
    "return": {7: 10, 8: 10, 9: 10},
    "withdraw": {2: 7, 4: 7, 5: 7, 6: 7},
    "stop": {2: 8, 4: 8, 5: 8, 6: 8, 7: 8},
    "reopen": {3: 2, 7: 4, 9: 4},
    "transfer": {2: 2, 4: 4, 5: 5, 6: 6},
    "accept-custody": {2: 2, 4: 4, 5: 5, 6: 6},
}
"""Where each act leads (CONTRACT ``do``); every change of status stands in ``NEXT``."""

EVENT: dict[str, str] = {
    "accept": "dossier.received",
    "refuse": "dossier.refused",
    "start": "dossier.progress",
    "request-supplement": "dossier.supplement_requested",
    "supplement": "dossier.supplement_received",
    "request-fee": "dossier.fee_requested",
    "pay": "fee.collected",
    "extend": "dossier.due_date_changed",
    "complete": "dossier.completed",
    "return": "dossier.returned",
    "withdraw": "dossier.withdrawn",
    "stop": "dossier.stopped",
    "reopen": "dossier.progress",
    "transfer": "dossier.transferred",
    "accept-custody": "dossier.custody_accepted",
}
"""What the province hears (SYNC-PROTOCOL §4)."""

COUNTER = ("reception", "processing", "leader")
HOLDER_ONLY = frozenset(
    {"start", "request-supplement", "request-fee", "extend", "complete", "stop", "transfer", "reopen"}
)
"""Statuses 4, 5, 6, 8, 9, progress steps and due dates are the custodian's (§3.5)."""
SIGNED = frozenset({"accept", "extend", "stop", "complete"})
"""What the head may sign (DOMAIN §2, forms 04 and 05; §3, "leader signed")."""
OWN_UNIT = "02221"
UNITS = ("02350", "02353", "H60.12.3")
"""Other units a dossier may go to."""
EXTENSIONS = 1


@dataclass(frozen=True)
class Term:
    """The legal term of a procedure; ``unit`` ``None``: the catalogue has none."""

    unit: str | None
    amount: int = 0
    cutoff: str | None = None

    def due(self, received: datetime) -> datetime | None:
        """When it ends."""
        return None if self.unit is None else wall.due(received, self.unit, self.amount, self.cutoff)


@dataclass(frozen=True)
class Order:
    """One act as an officer types it."""

    act: str
    role: str
    at: datetime
    explicit: bool = False
    """Whether the time was typed (``--at``) or is the clock's."""
    reason: str = ""
    due: datetime | None = None
    items: tuple[str, ...] = ()
    amount: int | None = None
    to: str = ""
    result_no: str = ""
    brings_all: bool = False
    """Whether every required paper is brought along."""
    override: str = ""
    """Why a leader takes it in although papers lack."""


@dataclass(frozen=True)
class Life:
    """What the model knows of one dossier."""

    status: int
    term: Term
    received: datetime
    last: datetime
    complete: bool = True
    due: datetime | None = None
    rounds: int = 0
    extensions: int = 0
    stopped: datetime | None = None
    ended: datetime | None = None
    returned: datetime | None = None
    here: bool = True
    pending: str | None = None
    owed: int = 0
    """Đồng known at reception and not paid."""
    asked: int = 0
    """Đồng asked for later (status 6) and not paid."""
    unknown: bool = False
    """A fee whose amount the province has not supplied, nothing paid of it."""


@dataclass(frozen=True)
class Judgement:
    """``must``: the reasons against it that hold, one of which is told; none: it must succeed."""

    must: frozenset[str] = frozenset()
    after: Life | None = None
    events: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    """What the history holds afterwards besides what it held."""
    at: datetime | None = None
    approved: str = "no"
    """``yes``: a leader's approval goes with the event; ``may``: he signs where he acts; ``no``."""


@dataclass
class _Reasons:
    must: set[str] = field(default_factory=set)
    overridden: bool = False


def judge(life: Life, order: Order) -> Judgement:
    """What must come of the act."""
    why = _Reasons()
    at = order.at
    if at < life.last:
        if order.explicit:
            why.must.add("act-before-last")
        at = life.last
    _who(order, why)
    if life.status not in GOES[order.act]:
        why.must.add("illegal-transition")
        return Judgement(frozenset(why.must))
    if order.act in HOLDER_ONLY and not life.here and not (order.act == "reopen" and life.status == 3):
        why.must.add("not-custodian")
    after = replace(life, status=GOES[order.act][life.status], last=at)
    after = _RULES.get(order.act, _nothing)(life, after, order, at, why)
    if after.status != life.status:
        assert after.status in NEXT[life.status], (order, life.status)
    event = "dossier.received" if (order.act, life.status) == ("reopen", 3) else EVENT[order.act]
    return Judgement(
        frozenset(why.must),
        None if why.must else after,
        (event, "dossier.due_date_changed") if _told_apart(life, after, order) else (event,),
        (order.act, "override") if why.overridden else (order.act,),
        at,
        approved="yes" if why.overridden else _approval(order),
    )


def _told_apart(life: Life, after: Life, order: Order) -> bool:
    """A payment tells of no date, so a date that it moved is told by an event of its own (§4)."""
    return order.act == "pay" and after.due != life.due


def _approval(order: Order) -> str:
    if order.act == "reopen":
        return "yes"
    return "may" if order.act in SIGNED and order.role == "leader" else "no"


def _who(order: Order, why: _Reasons) -> None:
    if order.role not in COUNTER or (order.act == "reopen" and order.role != "leader"):
        why.must.add("not-permitted")


def _nothing(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    return after


def _words(text: str) -> str:
    return " ".join(text.split())


def _given_due(order: Order, at: datetime, why: _Reasons) -> None:
    """A date given by hand: after the act, on an open day, with a reason in words."""
    assert order.due is not None
    if order.due <= at:
        why.must.add("due-before-reception")
    if not wall.works(wall.local_day(order.due)):
        why.must.add("due-on-day-off")
    if not any(letter.isalnum() for letter in order.reason):
        why.must.update({"due-reason-missing", "reason-missing"})


def _take_in(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    """The term begins now: by the catalogue, else by the date a hand gave, which lies ahead."""
    if order.due is not None:
        _given_due(order, at, why)
        due: datetime | None = order.due
    else:
        due = life.term.due(at) or life.due
        if due is None:
            why.must.add("due-unknown")
        elif due <= at:
            why.must.update({"due-before-reception", "due-unknown"})
    return replace(after, received=at, due=due, ended=None)


def _accept(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    _papers(life, order, order.override, why)
    return _take_in(life, after, order, at, why)


def _papers(life: Life, order: Order, words: str, why: _Reasons) -> None:
    """Mandatory papers block status 2, but for a leader who says why (DOMAIN §11)."""
    if life.complete or order.brings_all:
        return
    if not _words(words):
        why.must.add("components-missing")
    elif order.role != "leader":
        why.must.add("not-permitted")
    why.overridden = True


def _reason(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    if not _words(order.reason):
        why.must.add("reason-missing")
    return replace(after, ended=at)


def _ask_papers(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    if not _words(order.reason) and not any(_words(item) for item in order.items):
        why.must.add("supplement-empty")
    return replace(after, rounds=life.rounds + 1, stopped=at)


def _resume(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    assert life.stopped is not None
    due = None if life.due is None else wall.due_after_wait(life.stopped, at, life.due)
    return replace(after, due=due, stopped=None)


def _ask_fee(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    """A new duty, or without an amount the one asked for before and still unpaid."""
    if order.amount is None and life.asked:
        return replace(after, stopped=at)
    if order.amount is None or order.amount <= 0:
        why.must.add("amount-range")
        return after
    return replace(after, stopped=at, asked=life.asked + order.amount)


def _pay(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    """What was asked for is paid first and whole while the dossier waits for it; then what was owed at
    reception; what is left pays a fee of unknown amount."""
    amount = life.asked + life.owed if order.amount is None else order.amount
    if amount <= 0:
        why.must.add("amount-range")
        return after
    if life.status == 6 and amount < life.asked:
        why.must.add("amount-below-asked")
    asked = max(0, life.asked - amount)
    left = amount - (life.asked - asked)
    owed = max(0, life.owed - left)
    left -= life.owed - owed
    after = replace(after, asked=asked, owed=owed, unknown=life.unknown and not left)
    return _resume(life, after, order, at, why) if life.status == 6 and life.here else after


def _extend(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    if not _words(order.reason):
        why.must.add("reason-missing")
    if life.extensions >= EXTENSIONS:
        why.must.add("extension-used")
    if life.due is not None and at > life.due:
        why.must.add("extension-late")
    if order.due is None:
        why.must.add("due-missing")
        return after
    _given_due(order, at, why)
    if life.due is not None and order.due <= life.due:
        why.must.add("extension-not-later")
    return replace(after, due=order.due, extensions=life.extensions + 1)


def _end(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    return replace(after, ended=at)


def _give(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    return replace(after, returned=at)


def _reopen(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    if not _words(order.reason):
        why.must.add("reason-missing")
    if life.status != 3:
        return replace(after, ended=None)
    _papers(life, order, order.override or order.reason, why)
    return _take_in(life, after, order, at, why)


def _transfer(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    to = _words(order.to)
    if not to:
        why.must.add("unit-missing")
    elif to == OWN_UNIT:
        why.must.add("transfer-own-unit")
    elif to not in UNITS:
        why.must.update({"unknown-unit", "number-agency"})
    if life.pending is not None:
        why.must.add("transfer-pending")
    return replace(after, pending=to)


def _take_custody(life: Life, after: Life, order: Order, at: datetime, why: _Reasons) -> Life:
    if life.here or life.pending != OWN_UNIT:
        why.must.add("no-transfer")
    return replace(after, here=True, pending=None)


_RULES = {
    "accept": _accept,
    "refuse": _reason,
    "request-supplement": _ask_papers,
    "supplement": _resume,
    "request-fee": _ask_fee,
    "pay": _pay,
    "extend": _extend,
    "complete": _end,
    "return": _give,
    "withdraw": _end,
    "stop": _reason,
    "reopen": _reopen,
    "transfer": _transfer,
    "accept-custody": _take_custody,
}
