"""A real desk on which dossiers arrive and acts are tried, each judged by the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.clock import FixedClock
from app.domain.catalogue import Fact
from app.domain.component_rules import standing_state
from app.domain.dossier_status import Act
from app.domain.roles import Role
from app.errors import RuleError
from app.protocol import messages
from app.protocol.ids import new_id
from app.services.certify import CopyJob, certify
from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.services.intake.visit import ManualDue
from app.services.life import ActOrder, do_act, note_arrival
from app.services.people.access import add_officer
from app.sync.changes import Taken, apply_change
from tests.hunt import plain_calendar as wall
from tests.hunt.life_checks import Checks, History
from tests.hunt.life_model import OWN_UNIT, Judgement, Life, Order, Term, judge
from tests.support import desk as desks

COPIES = "2.000815"
"""Certified copies."""
TERMS: dict[str, Term] = {
    "1.001193": Term("same_day", 0, "15:00"),
    "1.000894": Term("same_day"),
    "2.000635": Term("same_day", 0, "15:00"),
    "1.004845": Term("working_day", 2),
    "1.004873": Term("working_day", 3),
    "1.004884": Term("working_day", 5),
    "1.014027": Term("working_day", 10),
    "1.001699": Term("working_day", 25),
    "2.000779": Term("day", 10),
    "2.001263": Term("day", 30),
    "1.001776": Term(None),
}
"""Procedures that are walked, with the term of ``procedures.yaml``."""
LOGINS = {
    "canbo": "reception",
    "xuly": "processing",
    "lanhdao": "leader",
    "quantri": "administrator",
    "kiemtra": "auditor",
}
_COPY_TERM = Term("same_day", 0, "15:00")


@dataclass
class Figures:
    """What was done."""

    histories: int = 0
    tried: int = 0
    done: int = 0
    refused: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    ends: Counter[int] = field(default_factory=Counter)

    def add(self, other: Figures) -> None:
        """Take in another desk's figures."""
        for name in ("histories", "tried", "done", "refused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("acts", "reasons", "ends"):
            getattr(self, name).update(getattr(other, name))


@dataclass(frozen=True)
class Arrival:
    """A dossier handed in."""

    code: str
    at: datetime
    login: str = "canbo"
    register: bool = False
    complete: bool = True
    manual: datetime | None = None
    typed: bool = False
    in_utc: bool = False


class LifeDesk:
    """Arrivals and acts on one desk; what the model does not say raises ``BrokenError``."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.clock = FixedClock(desks.MONDAY)
        self.desk: Desk = desks.make_desk(folder, self.clock)
        for login in ("xuly", "kiemtra"):
            add_officer(
                self.desk, desks.officer(self.desk, "quantri"), login, "Người thử", Role(LOGINS[login])
            )
        self.officers = {login: desks.officer(self.desk, login) for login in LOGINS}
        self.figures = Figures()
        self.checks = Checks(self.desk, seed)

    def close(self) -> None:
        """Close the desk."""
        self.desk.close()

    def arrive(self, arrival: Arrival) -> History:
        """One dossier is received, or only registered."""
        at, term = arrival.at, TERMS[arrival.code]
        self.clock.at = at
        manual = None if arrival.manual is None else ManualDue(arrival.manual, "Theo quyết định công bố")
        intake = desks.birth(
            procedure_code=arrival.code,
            all_required=arrival.complete,
            register_only=arrival.register,
            manual_due=manual,
            received_at=_zoned(at, arrival.in_utc) if arrival.typed else None,
        )
        due = arrival.manual or term.due(at)
        status = 1 if arrival.register else 2
        life = Life(status, term, received=at, last=at, complete=arrival.complete, due=due)
        script = [str(arrival)]
        by = self.officers[arrival.login]
        made = self._lawful(script, lambda: receive_dossier(self.desk, by, intake))
        lines = ("registered",) if arrival.register else ("accept",)
        return self._begin(History(made.number, made.id, arrival.code, life, script=script), lines)

    def certify(self, at: datetime, pages: int, copies: int, *, in_utc: bool = False) -> History:
        """One paper to certify; its fee and its line of the day book are reckoned here again."""
        job = CopyJob(new_id(), desks.HUONG, "Bằng", pages, copies, at=_zoned(at, in_utc))
        self.clock.at = at
        script = [f"certify pages={pages} copies={copies} at={at}"]
        made = self._lawful(script, lambda: certify(self.desk, self.officers["canbo"], job))
        line, book = made.register_no.split("/", 1)
        self.checks.next_line(book, int(line), script)
        self.checks.expect(script, "day book", book, f"SCT{self._book_of(at)}")
        per_copy = min(2000 * min(pages, 2) + 1000 * max(pages - 2, 0), 200_000)
        self.checks.expect(script, "fee", made.fee_vnd, per_copy * copies)
        life = Life(2, _COPY_TERM, received=at, last=at, due=_COPY_TERM.due(at))
        return self._begin(History(made.number, made.id, COPIES, life, script=script), ("accept", "certify"))

    def refused_arrival(self, at: datetime, changes: dict[str, Any], login: str, codes: set[str]) -> None:
        """A way of taking in that no counter has."""
        self.clock.at = at
        script = [f"receive {changes} by={login} at={at}"]
        by, intake = self.officers[login], desks.birth(**changes)
        self._must_refuse(script, codes, lambda: receive_dossier(self.desk, by, intake))

    def attempt(self, one: History, order: Order, login: str, now: datetime, *, in_utc: bool = False) -> None:
        """One act is tried. ``now``: what the desk's clock shows when the time is typed."""
        verdict = judge(one.life, order)
        one.script.append(f"{_told(order, login)}{' in UTC' if in_utc else ''}")
        self.clock.at = now if order.explicit else order.at
        asked = self._asked(one, order, in_utc)
        number = one.id if in_utc else one.number
        by = self.officers[login]
        call = lambda: do_act(self.desk, by, number, asked)  # noqa: E731
        if verdict.must:
            self._must_refuse(one.script, verdict.must, call)
            return
        done = self._lawful(one.script, call)
        assert verdict.after is not None
        one.life = verdict.after
        self.figures.acts[order.act] += 1
        self.checks.expect(one.script, "status answered", int(done.status), one.life.status)
        self.checks.expect(one.script, "due answered", done.due_at, one.life.due)
        leader = self.officers["lanhdao"].id
        self.checks.compare(
            one, verdict, {"yes": {leader}, "may": {leader, None}}.get(verdict.approved, {None})
        )

    def taken_elsewhere(self, one: History) -> None:
        """The other unit has accepted: the province says so, through the very code that takes changes in."""
        to = one.life.pending or ""
        one.script.append(f"province: custody to {to}")
        own = self.checks.own_unit()
        change = messages.Change.model_validate(
            {
                "change_id": new_id(),
                "change_type": "dossier.custody_changed",
                "at": one.life.last.isoformat(),
                "subject": {"kind": "dossier", "id": one.id},
                "data": {"from_unit": {"code": own, "name": own}, "to_unit": {"code": to, "name": to}},
            }
        )
        with self.desk.store.write() as connection:
            applied = apply_change(Taken(connection, change, one.life.last, frozenset({own})))
        self.checks.expect(one.script, "custody change applied", applied, True)
        one.life = replace(one.life, here=False, pending=None)
        self.checks.outside(one)

    def brought_back(self, one: History) -> None:
        """The papers come back from the other unit with its list; nothing is told until they are taken."""
        one.script.append("papers brought back")
        self.clock.at = one.life.last
        self._lawful(one.script, lambda: note_arrival(self.desk, self.officers["canbo"], one.number))
        one.life = replace(one.life, pending=OWN_UNIT)
        self.checks.compare(one, Judgement(lines=("arriving",), at=one.life.last), {None})

    def _asked(self, one: History, order: Order, in_utc: bool) -> ActOrder:
        brought = self._required(one.code) if order.brings_all else ()
        return ActOrder(
            act=Act(order.act),
            reason=order.reason,
            due_at=None if order.due is None else _zoned(order.due, in_utc),
            items=(*order.items, *brought),
            override=order.override,
            result_no=order.result_no,
            amount_vnd=order.amount,
            to_unit=order.to,
            at=_zoned(order.at, in_utc) if order.explicit else None,
        )

    def _begin(self, one: History, lines: tuple[str, ...]) -> History:
        fees = [row[0] for row in self.checks.read("SELECT amount_vnd FROM fee WHERE dossier_id = ?", one.id)]
        one.life = replace(one.life, owed=sum(fee or 0 for fee in fees), unknown=None in fees)
        received, script = one.life.received, one.script
        day = f"{wall.local_day(received):%y%m%d}"
        self.checks.expect(script, "day in the number", day in one.number.split("-"), True)
        query = "SELECT register_book, register_no FROM dossier WHERE id = ?"
        book, line = self.checks.read(query, one.id)[0]
        self.checks.expect(script, "register", book, self._book_of(received))
        self.checks.next_line(book, line, script)
        events = () if lines == ("registered",) else ("dossier.received",)
        self.checks.compare(one, Judgement(events=events, lines=lines, at=received), {None})
        return one

    def _lawful(self, script: list[str], call: Callable[[], Any]) -> Any:
        self.figures.tried += 1
        try:
            done = call()
        except RuleError as error:
            raise self.checks.broken(script, f"lawful, yet refused with {error.code}") from error
        except Exception as error:
            raise self.checks.broken(script, f"fell over: {error!r}") from error
        self.figures.done += 1
        return done

    def _must_refuse(self, script: list[str], codes: Collection[str], call: Callable[[], Any]) -> None:
        """A refusal is a sentence for a reason that holds, and leaves the whole store as it was."""
        self.figures.tried += 1
        try:
            call()
        except RuleError as error:
            self.checks.expect(
                script, f"{error.code} among the reasons {sorted(codes)}", error.code in codes, True
            )
            self.checks.expect(
                script, "a sentence and what next", bool(error.title and error.next_step), True
            )
            self.figures.reasons[error.code] += 1
        except Exception as error:
            raise self.checks.broken(script, f"fell over: {error!r}") from error
        else:
            raise self.checks.broken(script, f"unlawful ({', '.join(sorted(codes))}), yet done")
        self.checks.untouched(script)
        self.figures.refused += 1

    def _required(self, code: str) -> tuple[str, ...]:
        """Ids of the papers that a dossier handed in at the counter by its owner must have."""
        version = self.desk.reference.catalogue.version_for(code, desks.MONDAY.date())
        return tuple(standing_state(version, frozenset({Fact.PAPER_CHANNEL})))

    def _book_of(self, at: datetime) -> str:
        desk_no = self.checks.read("SELECT desk_no FROM desk")[0][0]
        return f"{desk_no:02d}/{wall.local_day(at).year}"


def _zoned(moment: datetime, in_utc: bool) -> datetime:
    """The same moment, told in another zone."""
    return moment.astimezone(UTC) if in_utc else moment


def _told(order: Order, login: str) -> str:
    given = {
        "reason": order.reason,
        "due": order.due and f"{order.due:%Y-%m-%d %H:%M}",
        "items": order.items,
        "amount": order.amount,
        "to": order.to,
        "brings_all": order.brings_all or None,
        "override": order.override,
    }
    words = " ".join(f"{name}={value!r}" for name, value in given.items() if value not in (None, "", ()))
    return f"{order.act} {'--at' if order.explicit else 'now'} {order.at:%Y-%m-%d %H:%M} by={login} {words}"
