"""Writes docs/acts.md from the code: what each act of a dossier's life changes, tells, prints, and who may.

.venv/bin/python -m tools.acts_table          writes the page
.venv/bin/python -m tools.acts_table --check  exit 1 where the page is not current
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from app.domain.act_events import EVENTS, EVENTS_FROM, OTHER_EVENTS, WHERE_DUE_MOVES
from app.domain.dossier_status import STEPS, Act, Status, permission_for
from app.domain.roles import PERMISSIONS, Role
from app.services.life.custody_acts import for_the_holder
from app.services.papers.forms import ACTS as FORM_OF
from app.services.people.delegation import DELEGATED

PAGE = Path(__file__).resolve().parent.parent / "docs" / "acts.md"

_HEAD = """# Acts of a dossier

Made by `python -m tools.acts_table` from the code; do not edit by hand (a test compares).

Statuses are the national codes: {statuses}.

An act writes its history line, its audit row and exactly these events, one of each, in one commit; what is
refused writes nothing. Steps follow `domain/dossier_status.py` (SYNC-PROTOCOL-CHOICES §3.4), events
`domain/act_events.py`. "Holder": only the unit that holds the dossier. "Deputy": a leader's permission
passes to an officer who signs for him, for the days of the delegation. Forms 06 and 07 show every act.

| act | status | event | history | paper | who may |
|---|---|---|---|---|---|
"""

_PAPERS = {
    Act.ACCEPT: ["01"],
    Act.PAY: ["note of money taken"],
    Act.RETURN: ["return receipt"],
    Act.TRANSFER: ["hand-over list"],
    Act.ACCEPT_CUSTODY: ["hand-over list"],
}
"""Papers besides the official forms that state an act; 06 and 07 show every one."""

_OTHERS = {
    "receive": ("– → 2", "accept", "01", "accept a dossier at the counter, by post, from the portal"),
    "register": ("– → 1", "registered", "06, 07", "it has only arrived (`receive --register-only`)"),
    "guidance": ("none", "none", "guidance slip", "guided in writing, no dossier came to be"),
    "correct": ("same", "correct", "01, marked as replacing", "a slip already handed out is corrected"),
    "refund": ("same", "refund", "–", "a receipt is cancelled with a reason"),
    "arrive": ("same", "arriving", "hand-over list", "another unit's papers were brought here"),
    "print": ("same", "print", "the paper", "a paper is printed"),
}

_NOTES = """
A leader who takes a dossier in without a mandatory paper (`override`) adds the history line `override` to
`accept` or `reopen`; the same event then carries him as `approved_by`.

Order comes from the sequence of the history, not from clocks: an act "now" whose clock stands before the
latest act is recorded at that act's time, with the true recording time beside it.
"""


def page() -> str:
    """The whole page."""
    statuses = ", ".join(f"{status.value} {status.label}" for status in Status)
    rows = [_row(act) for act in Act] + [_other(name) for name in OTHER_EVENTS]
    return _HEAD.format(statuses=statuses) + "\n".join(rows) + "\n" + _NOTES


def _row(act: Act) -> str:
    forms = [form for form, stated in FORM_OF.items() if stated is act] + _PAPERS.get(act, [])
    cells = (
        f"`{act.value}`",
        _steps(act),
        _events(act),
        f"`{act.value}`",
        ", ".join(forms) or "–",
        _who(act),
    )
    return _joined(cells)


def _steps(act: Act) -> str:
    """``2, 4 → 9; 6 → 4``: before and after, by the status it leads to."""
    by_after: dict[str, list[str]] = {}
    for before, after in STEPS[act].items():
        name = "same" if before is after else str(after.value)
        by_after.setdefault(name, []).append(str(before.value))
    return "; ".join(f"{', '.join(before)} → {after}" for after, before in by_after.items())


def _events(act: Act) -> str:
    words = [_names(EVENTS[act])]
    for (other, status), events in EVENTS_FROM.items():
        if other is act:
            words.append(f"from {status.value}: {_names(events)}")
    for (other, status), events in WHERE_DUE_MOVES.items():
        if other is act:
            words.append(f"from {status.value} also {_names(events)} where the holder's date moves")
    return "; ".join(words)


def _names(events: Iterable[str]) -> str:
    return ", ".join(f"`{event}`" for event in events) or "none"


def _who(act: Act) -> str:
    permission = permission_for(act)
    roles = [role.value for role in Role if permission in PERMISSIONS[role]]
    words = ", ".join(roles)
    if permission in DELEGATED:
        words += ", deputy"
    held = [status for status in STEPS[act] if for_the_holder(act, status)]
    if len(held) == len(STEPS[act]):
        return f"{words}; holder"
    if held:
        return f"{words}; holder from {', '.join(str(status.value) for status in held)}"
    return words


def _other(name: str) -> str:
    status, history, paper, words = _OTHERS[name]
    shown = history if history == "none" else f"`{history}`"
    return _joined((f"({name}) {words}", status, _names(OTHER_EVENTS[name]), shown, paper, "counter"))


def _joined(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def main(arguments: list[str]) -> int:
    """0 where the page is written or current."""
    if "--check" in arguments:
        return 0 if PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
