"""Random lives of dossiers on real desks, judged act by act by ``life_model``.

    python -m tests.hunt.life_machine --histories 10000 --seed 1

One history is one dossier from its arrival through some ten to twenty tried acts, lawful and not, by
officers of every role, at clocks that run, jump ahead, run back, and stand on weekends, holidays, Tết and
New Year's Eve. Many histories live on one desk side by side, so that their events share one stream. After
every act: a refusal changed nothing in the store; a success is what the model says, to the minute; what
history held before is untouched; the act has its events, one history line, one audit row. A desk ends
with its whole stream, audit chain, books and histories read again.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from app.clock import FixedClock, from_wire
from app.domain.catalogue import Fact
from app.domain.component_rules import standing_state
from app.domain.dossier_status import Act
from app.domain.roles import Officer, Role
from app.errors import RuleError
from app.protocol import contract
from app.protocol.chain import chain_next, chain_start, event_digest
from app.protocol.ids import new_id
from app.services.access import add_officer, officer_by_login
from app.services.audit import verify_audit
from app.services.certify import CopyJob, certify
from app.services.desk import Desk
from app.services.intake import ManualDue
from app.services.life import ActOrder, do_act
from app.services.reception import receive_dossier
from tests.hunt import plain_calendar as wall
from tests.hunt.life_model import GOES, OWN_UNIT, UNITS, Judgement, Life, Order, Term, judge
from tests.support import desk as desks

PER_DESK = 250
SIDE_BY_SIDE = 6

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

EDGES = (
    "2025-08-30 10:00",
    "2025-12-31 16:45",
    "2026-01-02 09:00",
    "2026-02-12 14:00",
    "2026-02-18 09:00",
    "2026-04-24 16:00",
    "2026-08-20 15:10",
    "2026-08-22 09:00",
    "2026-11-23 16:00",
    "2026-11-24 08:00",
    "2026-12-31 23:30",
    "2027-02-03 14:59",
    "2027-02-03 15:00",
    "2027-02-28 10:00",
    "2027-04-29 17:00",
    "2027-12-30 11:00",
)
"""Evenings before holidays, days off, make-up Saturdays, Tết, New Year's Eve."""

LOGINS = {
    "canbo": "reception",
    "xuly": "processing",
    "lanhdao": "leader",
    "quantri": "administrator",
    "kiemtra": "auditor",
}


class BrokenError(AssertionError):
    """The program and the model differ; the words say where and how to see it again."""


@dataclass
class Figures:
    """What a run did."""

    histories: int = 0
    tried: int = 0
    done: int = 0
    refused: int = 0
    left_open: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    ends: Counter[int] = field(default_factory=Counter)

    def add(self, other: Figures) -> None:
        """Take in another desk's figures."""
        for name in ("histories", "tried", "done", "refused", "left_open"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("acts", "reasons", "ends"):
            getattr(self, name).update(getattr(other, name))


@dataclass
class History:
    """One dossier under way. ``rows``: its history as last read; ``script``: what was tried."""

    number: str
    id: str
    code: str
    life: Life
    left: int
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    script: list[str] = field(default_factory=list)


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(contract.schema("Event"))


class Walk:
    """Random histories on one desk of its own."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.seed = seed
        self.rng = random.Random(seed)
        self.clock = FixedClock(desks.MONDAY)
        self.desk: Desk = desks.make_desk(folder, self.clock)
        self.officers = _officers(self.desk)
        self.figures = Figures()
        self.books: dict[str, int] = {}
        self.told: dict[str, list[tuple[Any, ...]]] = {}
        self._required = {code: _required(self.desk, code) for code in (*TERMS, COPIES)}
        self._raw: Any = self.desk.store._engine.raw_connection().driver_connection
        self._seen = self._version()
        self._event, self._audit, self._line = self._ends()
        self._chain = self._read("SELECT chain FROM stream")[0][0]

    def run(self, histories: int) -> Figures:
        """Walk so many histories, then read the whole desk again."""
        open_now: list[History] = []
        while histories or open_now:
            while histories and len(open_now) < SIDE_BY_SIDE:
                histories -= 1
                arrived = self._arrive()
                if arrived is not None:
                    open_now.append(arrived)
            one = self.rng.choice(open_now)
            self._try(one)
            one.left -= 1
            if one.left <= 0:
                self.figures.ends[one.life.status] += 1
                open_now.remove(one)
        self.read_all_again()
        return self.figures

    def close(self) -> None:
        """Close the desk."""
        self._raw = None
        self.desk.close()

    # -- arrival

    def _arrive(self) -> History | None:
        """A dossier comes in by one of the counter's ways; unlawful ways are tried first now and then."""
        self.figures.histories += 1
        at = self._first_moment()
        if self.rng.random() < 0.15:
            self._refused_arrival(at)
        if self.rng.random() < 0.1:
            return self._certify(at)
        code = self.rng.choice(list(TERMS))
        term = TERMS[code]
        register = self.rng.random() < 0.35
        complete = not register or self.rng.random() < 0.7
        manual = (
            self._manual(at) if (term.unit is None and not (register and self.rng.random() < 0.4)) else None
        )
        self.clock.at = at
        typed = self.rng.random() < 0.3
        intake = desks.birth(
            procedure_code=code,
            all_required=complete,
            register_only=register,
            manual_due=manual,
            received_at=self._zoned(at) if typed else None,
        )
        by = self.officers[self.rng.choice(("canbo", "xuly", "lanhdao"))]
        life = Life(
            status=1 if register else 2,
            term=term,
            received=at,
            last=at,
            complete=complete,
            due=manual.due_at if manual else term.due(at),
        )
        script = [f"receive {code} register={register} complete={complete} at={at} due={life.due}"]
        received = self._lawful(script, lambda: receive_dossier(self.desk, by, intake))
        return self._begin((received.id, received.number, code), life, script, 0 if register else 1)

    def _certify(self, at: datetime) -> History:
        pages, copies = self.rng.choice((1, 2, 3, 40)), self.rng.choice((1, 2, 9))
        job = CopyJob(new_id(), desks.HUONG, "Bằng", pages, copies, at=self._zoned(at))
        self.clock.at = at
        script = [f"certify pages={pages} copies={copies} at={at}"]
        made = self._lawful(script, lambda: certify(self.desk, self.officers["canbo"], job))
        line, book = made.register_no.split("/", 1)
        self._next_line(book, int(line), script)
        self._expect(
            script, "day book", book, f"SCT{self.desk.profile.desk_no:02d}/{wall.local_day(at).year}"
        )
        per_copy = min(2000 * min(pages, 2) + 1000 * max(pages - 2, 0), 200_000)
        self._expect(script, "fee", made.fee_vnd, per_copy * copies)
        term = Term("same_day", 0, "15:00")
        life = Life(2, term, received=at, last=at, due=term.due(at))
        return self._begin((made.id, made.number, COPIES), life, script, 1)

    def _begin(self, names: tuple[str, str, str], life: Life, script: list[str], events: int) -> History:
        id, number, code = names
        fees = [row[0] for row in self._read("SELECT amount_vnd FROM fee WHERE dossier_id = ?", id)]
        life = replace(life, owed=sum(fee or 0 for fee in fees), unknown=None in fees)
        one = History(number, id, code, life, self.rng.randint(6, 18), script=script)
        day = f"{wall.local_day(life.received):%y%m%d}"
        self._expect(script, "day in the number", number.split("-")[2], day)
        book, line = self._read("SELECT register_book, register_no FROM dossier WHERE id = ?", id)[0]
        self._expect(script, "register", book, self._book_of(life.received))
        self._next_line(book, line, script)
        first = {0: ("registered",), 1: ("accept",)}[events]
        lines = (*first, "certify") if code == COPIES else first
        arrived = Judgement(events=("dossier.received",) * events, lines=lines, at=life.received)
        self._compare(one, arrived, {None})
        return one

    def _book_of(self, at: datetime) -> str:
        return f"{self.desk.profile.desk_no:02d}/{wall.local_day(at).year}"

    def _refused_arrival(self, at: datetime) -> None:
        """Ways of taking in that no counter has; each is refused and leaves no trace."""
        self.clock.at = at
        late = ManualDue(at - timedelta(hours=1), "Lý do")
        bad: Sequence[tuple[dict[str, Any], str, set[str]]] = (
            ({"all_required": False}, "canbo", {"components-missing"}),
            ({"manual_due": late}, "canbo", {"due-before-reception"}),
            ({"copies": 0}, "canbo", {"copies-range"}),
            ({"procedure_code": "9.999999"}, "canbo", {"procedure-unknown"}),
            ({"procedure_code": "1.001776"}, "canbo", {"due-unknown"}),
            ({"for_unit": "99999"}, "canbo", {"unknown-unit"}),
            ({"return_method": "balloon"}, "canbo", {"return-method"}),
            ({}, "quantri", {"not-permitted"}),
            ({}, "kiemtra", {"not-permitted"}),
        )
        changes, login, codes = self.rng.choice(bad)
        script = [f"receive {changes} by={login} at={at}"]
        intake = desks.birth(**changes)
        self._must_refuse(script, codes, lambda: receive_dossier(self.desk, self.officers[login], intake))

    # -- acts

    def _try(self, one: History) -> None:
        if self.rng.random() < 0.08 and one.life.pending and one.life.here:
            self._taken_elsewhere(one)
            return
        order, login = self._order(one)
        verdict = judge(one.life, order)
        one.script.append(_told(order, login))
        call = self._call(one, order, login)
        if verdict.must:
            self._must_refuse(one.script, verdict.must | verdict.may, call)
            self._same(one)
            return
        if verdict.may:
            self.figures.left_open += 1
        self._may_do(one, order, verdict, call)

    def _may_do(self, one: History, order: Order, verdict: Judgement, call: Callable[[], Any]) -> None:
        self.figures.tried += 1
        try:
            done = call()
        except RuleError as error:
            if error.code not in verdict.may:
                raise self._broken(one.script, f"lawful, yet refused with {error.code}") from error
            self._count_refusal(one.script, error)
            return
        except Exception as error:
            raise self._broken(one.script, f"fell over: {error!r}") from error
        assert verdict.after is not None
        assert verdict.at is not None
        one.life = verdict.after
        self.figures.done += 1
        self.figures.acts[order.act] += 1
        self._expect(one.script, "status answered", int(done.status), one.life.status)
        self._expect(one.script, "due answered", done.due_at, one.life.due)
        leader = self.officers["lanhdao"].id
        signers = {"yes": {leader}, "may": {leader, None}, "no": {None}}[verdict.approved]
        self._compare(one, verdict, signers)

    def _call(self, one: History, order: Order, login: str) -> Callable[[], Any]:
        self.clock.at = self._now_for(order)
        asked = ActOrder(
            act=Act(order.act),
            reason=order.reason,
            due_at=None if order.due is None else self._zoned(order.due),
            items=(*order.items, *(self._required[one.code] if order.brings_all else ())),
            override=order.override,
            result_no=order.result_no,
            amount_vnd=order.amount,
            to_unit=order.to,
            at=self._zoned(order.at) if order.explicit else None,
        )
        number = self.rng.choice((one.number, one.id))
        return lambda: do_act(self.desk, self.officers[login], number, asked)

    def _order(self, one: History) -> tuple[Order, str]:
        """Half of the acts are what a careful officer would do next; the others are anything at all."""
        rng, life = self.rng, one.life
        careful = rng.random() < 0.5
        fitting = [act for act, steps in GOES.items() if life.status in steps and act != "accept-custody"]
        act = rng.choice(fitting) if fitting and (careful or rng.random() < 0.5) else rng.choice(list(GOES))
        if careful:
            login = "lanhdao" if act == "reopen" else rng.choice(("canbo", "xuly", "lanhdao"))
        else:
            login = rng.choice(tuple(LOGINS))
        at = self._next_moment(life, careful)
        reasons = ("Xác minh thêm", "Công dân yêu cầu", "Bổ sung giấy tờ")
        papers: tuple[tuple[str, ...], ...] = (("Đơn viết tay",), ("Biên bản họp họ", "Ảnh 3x4", " "))
        order = Order(
            act=act,
            role=LOGINS[login],
            at=at,
            explicit=rng.random() < 0.5,
            reason=rng.choice(reasons if careful else (*reasons, "", "  ", "...")),
            items=rng.choice(papers if careful else (*papers, (), ("",))),
            to=rng.choice(UNITS if careful else ("", OWN_UNIT, "99999", "sai mã", *UNITS)),
            result_no=rng.choice(("", "25/2026")),
        )
        if act in ("extend", "accept", "reopen"):
            order = replace(order, due=self._some_due(life, at, careful))
        if act in ("accept", "reopen"):
            order = replace(
                order, brings_all=rng.random() < 0.4, override=rng.choice(("", " ", "Đã xem bản gốc"))
            )
        if act in ("pay", "request-fee"):
            order = replace(order, amount=self._some_amount(life, careful))
        return order, login

    def _some_due(self, life: Life, at: datetime, careful: bool) -> datetime | None:
        rng = self.rng
        if careful:
            day = wall.local_day(max(at, life.due or at))
            return wall.closing(wall.nth_open_after(day, rng.randint(1, 9)))
        if rng.random() < 0.35:
            return None
        base = rng.choice((at, life.due or at))
        day = wall.local_day(base + timedelta(days=rng.choice((-3, -1, 0, 1, 2, 5, 9, 30))))
        if rng.random() < 0.7:
            day = wall.first_open(day)
        return wall.closing(day) - timedelta(minutes=rng.choice((0, 0, 0, 90, 470)))

    def _some_amount(self, life: Life, careful: bool) -> int | None:
        whole = life.owed + life.asked or 8000
        if careful:
            return self.rng.choice((whole, 50_000))
        return self.rng.choice((None, None, whole, life.asked or 16_000, 50_000, 1, 0, -5))

    def _taken_elsewhere(self, one: History) -> None:
        """The other unit has accepted: the province says so, through the very code that takes changes in."""
        from app.protocol import messages as m
        from app.sync.changes import Taken, apply_change

        to = one.life.pending or ""
        unit = {"code": to, "name": to}
        own = {"code": desks_unit(self.desk), "name": "UBND"}
        change = m.Change.model_validate(
            {
                "change_id": new_id(),
                "change_type": "dossier.custody_changed",
                "at": one.life.last.isoformat(),
                "subject": {"kind": "dossier", "id": one.id},
                "data": {"from_unit": own, "to_unit": unit},
            }
        )
        one.script.append(f"province: custody to {to}")
        with self.desk.store.write() as connection:
            applied = apply_change(Taken(connection, change, one.life.last, frozenset({own["code"]})))
        self._expect(one.script, "custody change applied", applied, True)
        one.life = replace(one.life, here=False, pending=None)
        one.rows = self._history(one)
        self.told[one.id] = one.rows
        self._line = self._read("SELECT max(id) FROM history")[0][0]
        self._seen = self._version()

    # -- what must hold

    def _lawful(self, script: list[str], call: Callable[[], Any]) -> Any:
        self.figures.tried += 1
        try:
            done = call()
        except Exception as error:
            raise self._broken(script, f"lawful, yet: {error!r}") from error
        self.figures.done += 1
        return done

    def _must_refuse(
        self, script: list[str], codes: frozenset[str] | set[str], call: Callable[[], Any]
    ) -> None:
        self.figures.tried += 1
        try:
            call()
        except RuleError as error:
            if error.code not in codes:
                raise self._broken(script, f"refused with {error.code}, not {sorted(codes)}") from error
            self._count_refusal(script, error)
            return
        except Exception as error:
            raise self._broken(script, f"fell over: {error!r}") from error
        raise self._broken(script, f"unlawful ({', '.join(sorted(codes))}), yet done")

    def _count_refusal(self, script: list[str], error: RuleError) -> None:
        """A refusal is a sentence and leaves the whole store as it was, to the last byte."""
        self._expect(script, "a sentence and what next", bool(error.title and error.next_step), True)
        self._expect(script, "store untouched by a refusal", self._version(), self._seen)
        self.figures.refused += 1
        self.figures.reasons[error.code] += 1

    def _same(self, one: History) -> None:
        self._expect(one.script, "history", self._history(one), one.rows)

    def _compare(self, one: History, verdict: Judgement, signers: set[str | None]) -> None:
        """The dossier is where the model has it; its records are one act longer, the old ones untouched."""
        life, script = one.life, one.script
        row = self._read(
            "SELECT status, due_at, supplement_rounds, ended_at, returned_at, custodian_unit, received_at"
            " FROM dossier WHERE id = ?",
            one.id,
        )[0]
        found = (row[0], _when(row[1]), row[2], _when(row[3]), _when(row[4]), _when(row[6]))
        model = (life.status, life.due, life.rounds, life.ended, life.returned, life.received)
        names = ("status", "due", "rounds", "ended", "returned", "received")
        for name, real, plain in zip(names, found, model, strict=True):
            self._expect(script, name, real, plain)
        self._expect(script, "held here", row[5] == desks_unit(self.desk), life.here)
        rows = self._history(one)
        self._expect(script, "history before", rows[: len(one.rows)], one.rows)
        new = rows[len(one.rows) :]
        self._expect(script, "history added", tuple(line[2] for line in new), verdict.lines)
        self._expect(script, "time of the lines", {_when(line[3]) for line in new}, {verdict.at})
        one.rows = rows
        self.told[one.id] = rows
        event, audit, line = self._ends()
        self._expect(script, "events added", event - self._event, len(verdict.events))
        self._expect(script, "audit rows added", audit - self._audit, 1)
        self._expect(script, "history lines of all", line - self._line, len(new))
        self._check_events(one, verdict, signers)
        self._event, self._audit, self._line = event, audit, line
        self._seen = self._version()

    def _check_events(self, one: History, verdict: Judgement, signers: set[str | None]) -> None:
        new = self._read(
            "SELECT desk_seq, type, body, digest, chain FROM event WHERE desk_seq > ? ORDER BY desk_seq",
            self._event,
        )
        script = one.script
        self._expect(script, "events", tuple(row[1] for row in new), verdict.events)
        for place, (seq, _, body, digest, chain) in enumerate(new, self._event + 1):
            event = json.loads(body)
            self._chain = chain_next(self._chain, event_digest(event))
            self._expect(script, "place in the stream", (seq, event["desk_seq"]), (place, place))
            self._expect(script, "digest", (event["digest"], digest), (event_digest(event),) * 2)
            self._expect(script, "chain", (chain, event["chain"]), (self._chain, self._chain))
            self._expect(script, "time of the event", from_wire(event["occurred_at"]), verdict.at)
            self._expect(script, "subject", event["subject"]["id"], one.id)
            self._expect(script, "approval allowed", event["actor"].get("approved_by") in signers, True)
            self._expect(script, "contract", [e.message for e in _validator().iter_errors(event)], [])
            self._check_payload(one, event)

    def _check_payload(self, one: History, event: dict[str, Any]) -> None:
        payload = event["payload"]
        for name in ("due_at", "new_due_at"):
            if payload.get(name):
                self._expect(one.script, f"{name} told", from_wire(payload[name]), one.life.due)
        receipt = payload.get("receipt")
        if receipt:
            year = wall.local_day(one.life.last).year
            self._expect(one.script, "receipt book", str(year) in receipt["serial"], True)
            self._next_line(receipt["serial"], int(receipt["number"]), one.script)

    def _next_line(self, book: str, line: int, script: list[str]) -> None:
        self.books[book] = self.books.get(book, 0) + 1
        self._expect(script, f"line of book {book}", line, self.books[book])

    def read_all_again(self) -> None:
        """The whole desk: stream, audit chain, every history as it was when it was written."""
        script = ["the desk read again"]
        verdict = verify_audit(self.desk, self.officers["canbo"])
        self._expect(script, "audit chain", verdict.ok, True)
        epoch = self._read("SELECT epoch FROM stream")[0][0]
        chain = chain_start(epoch)
        for place, (seq, body, kept) in enumerate(
            self._read("SELECT desk_seq, body, chain FROM event ORDER BY desk_seq"), 1
        ):
            chain = chain_next(chain, event_digest(json.loads(body)))
            self._expect(script, "stream", (seq, kept), (place, chain))
        lines: dict[str, list[tuple[Any, ...]]] = {}
        for row in self._read("SELECT * FROM history ORDER BY id"):
            lines.setdefault(row[1], []).append(row)
        self._expect(script, "histories", lines, self.told)
        whole = self._read("PRAGMA integrity_check")[0][0]
        self._expect(script, "store", whole, "ok")

    def _expect(self, script: list[str], what: str, found: object, plain: object) -> None:
        if found != plain:
            raise self._broken(script, f"{what}: {found!r}, by the model {plain!r}")

    def _broken(self, script: list[str], words: str) -> BrokenError:
        return BrokenError("\n  ".join([f"seed {self.seed}: {words}", *script]))

    # -- reading

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return list(self._raw.execute(query, values).fetchall())

    def _version(self) -> int:
        """Changes whenever anything at all was committed to the store."""
        return int(self._raw.execute("PRAGMA data_version").fetchone()[0])

    def _history(self, one: History) -> list[tuple[Any, ...]]:
        return self._read("SELECT * FROM history WHERE dossier_id = ? ORDER BY id", one.id)

    def _ends(self) -> tuple[int, int, int]:
        row = self._read(
            "SELECT (SELECT max(desk_seq) FROM event), (SELECT max(seq) FROM audit),"
            " coalesce((SELECT max(id) FROM history), 0)"
        )[0]
        return int(row[0]), int(row[1] or 0), int(row[2])

    # -- time

    def _first_moment(self) -> datetime:
        rng = self.rng
        if rng.random() < 0.4:
            start = datetime.fromisoformat(rng.choice(EDGES)).replace(tzinfo=wall.HERE)
            return start + timedelta(minutes=rng.choice((-60, 0, 1, 30, 600)))
        day = datetime(2025, 7, 2, tzinfo=wall.HERE) + timedelta(days=rng.randint(0, 880))
        return day + timedelta(minutes=rng.choice((450, 540, 899, 900, 1019, 1020, rng.randint(0, 1439))))

    def _next_moment(self, life: Life, careful: bool) -> datetime:
        """Mostly onward: minutes, days, over a weekend; now and then back."""
        rng = self.rng
        draw = rng.random()
        if draw < 0.12 and not careful:
            return life.last - timedelta(minutes=rng.choice((1, 60, 1440, 60_000)))
        if draw < 0.15:
            return life.last
        if draw < 0.55:
            return life.last + timedelta(minutes=rng.randint(1, 400))
        if draw < 0.95:
            return life.last + timedelta(days=rng.randint(0, 4), minutes=rng.randint(0, 700))
        return life.last + timedelta(days=rng.randint(5, 60))

    def _now_for(self, order: Order) -> datetime:
        """The desk's clock when the act is typed; a typed time has nothing to do with it."""
        if not order.explicit:
            return order.at
        return order.at + timedelta(days=self.rng.choice((0, 0, 1, -400, 700)))

    def _zoned(self, moment: datetime) -> datetime:
        """The same moment, now and then told in another zone."""
        return moment.astimezone(UTC) if self.rng.random() < 0.25 else moment

    def _manual(self, at: datetime) -> ManualDue:
        day = wall.nth_open_after(wall.local_day(at), self.rng.choice((1, 4, 12)))
        return ManualDue(wall.closing(day), "Theo quyết định công bố")


def _required(desk: Desk, code: str) -> tuple[str, ...]:
    """Ids of the papers that a dossier handed in at the counter by its owner must have."""
    version = desk.reference.catalogue.version_for(code, desks.MONDAY.date())
    return tuple(standing_state(version, frozenset({Fact.PAPER_CHANNEL})))


def _when(value: str | None) -> datetime | None:
    return None if value is None else from_wire(value)


def desks_unit(desk: Desk) -> str:
    """The code by which the desk's own commune holds a dossier."""
    return desk.profile.agency_code or desk.profile.unit_code


def _told(order: Order, login: str) -> str:
    given = {
        "reason": order.reason,
        "due": order.due and f"{order.due:%Y-%m-%d %H:%M}",
        "items": order.items,
        "amount": order.amount,
        "to": order.to,
    }
    words = " ".join(f"{name}={value!r}" for name, value in given.items() if value not in (None, "", ()))
    return f"{order.act} {'--at' if order.explicit else 'now'} {order.at:%Y-%m-%d %H:%M} by={login} {words}"


def _officers(desk: Desk) -> dict[str, Officer]:
    admin = officer_by_login(desk, "quantri")
    for login in ("xuly", "kiemtra"):
        add_officer(desk, admin, login, f"Người {login}", Role(LOGINS[login]))
    return {login: officer_by_login(desk, login) for login in LOGINS}


def walk(
    histories: int, seed: int, *, per_desk: int = PER_DESK, shm: bool = True
) -> Iterator[tuple[int, Figures]]:
    """Walk them desk by desk; gives after each desk how many histories are done, and the figures so far."""
    total = Figures()
    place = 0
    while total.histories < histories:
        total.add(one_desk(min(PER_DESK, histories - total.histories), f"{seed}.{place}"))
        place += 1
        yield total.histories, total


def one_desk(histories: int, seed: str) -> Figures:
    """The histories of one desk, by its own seed: what a failure names."""
    folder = Path(tempfile.mkdtemp(prefix="life-", dir=_quick_place()))
    try:
        one = Walk(folder, seed)
        try:
            return one.run(histories)
        finally:
            one.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _quick_place() -> str | None:
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() else None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the machine and print what it did."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--desk", help="only this desk: the seed that a failure named, such as 1.7")
    args = parser.parse_args(argv)
    started = time.monotonic()
    total = Figures()
    try:
        if args.desk:
            total = one_desk(PER_DESK, args.desk)
        else:
            for done, total in walk(args.histories, args.seed):
                print(f"{done} histories, {total.tried} acts, {time.monotonic() - started:.0f} s", flush=True)
    except BrokenError as broken:
        print(broken, file=sys.stderr)
        return 1
    report = {
        "histories": total.histories,
        "acts_tried": total.tried,
        "done": total.done,
        "refused": total.refused,
        "left_open": total.left_open,
        "seconds": round(time.monotonic() - started, 1),
        "acts": dict(total.acts.most_common()),
        "refusals": dict(total.reasons.most_common()),
        "ends": {str(status): total.ends[status] for status in sorted(total.ends)},
    }
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
