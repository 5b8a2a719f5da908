"""Which events each act puts on the wire (SYNC-PROTOCOL-CHOICES §4, DOMAIN §3): the promise of docs/acts.md.

An act writes exactly these, one of each, in the commit of the act; a reading, a printing, a registration
without acceptance and a guidance slip write none.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.dossier_status import Act, Status

EVENTS: Mapping[Act, tuple[str, ...]] = {
    Act.ACCEPT: ("dossier.received",),
    Act.START: ("dossier.progress",),
    Act.REQUEST_SUPPLEMENT: ("dossier.supplement_requested",),
    Act.SUPPLEMENT: ("dossier.supplement_received",),
    Act.REQUEST_FEE: ("dossier.fee_requested",),
    Act.PAY: ("fee.collected",),
    Act.EXTEND: ("dossier.due_date_changed",),
    Act.COMPLETE: ("dossier.completed",),
    Act.RETURN: ("dossier.returned",),
    Act.REFUSE: ("dossier.refused",),
    Act.WITHDRAW: ("dossier.withdrawn",),
    Act.STOP: ("dossier.stopped",),
    Act.REOPEN: ("dossier.progress",),
    Act.TRANSFER: ("dossier.transferred",),
    Act.ACCEPT_CUSTODY: ("dossier.custody_accepted",),
}
"""Act to the types of its events, in order."""

EVENTS_FROM: Mapping[tuple[Act, Status], tuple[str, ...]] = {
    (Act.REOPEN, Status.REFUSED): ("dossier.received",),
}
"""Where the status before the act changes the answer: a reversed refusal is told as a reception."""

WHERE_DUE_MOVES: Mapping[tuple[Act, Status], tuple[str, ...]] = {
    (Act.PAY, Status.FEE_REQUESTED): ("dossier.due_date_changed",),
}
"""Written after the act's own events where the unit holds the dossier and the act moved its due date: a
payment itself tells of no date."""

OTHER_EVENTS: Mapping[str, tuple[str, ...]] = {
    "receive": ("dossier.received",),
    "register": (),
    "guidance": (),
    "correct": ("dossier.amended",),
    "refund": ("fee.refunded",),
    "arrive": (),
    "print": (),
}
"""What is done to a dossier besides the acts of ``do``: taken in, only registered, guided without a
dossier, a corrected slip, a cancelled receipt, papers another unit brought, a printing."""


def events_of(act: Act, status: Status) -> tuple[str, ...]:
    """The events of this act done in this status, in order."""
    return EVENTS_FROM.get((act, status), EVENTS[act])
