"""Telling dossiers onward: claim one, work out the next move, write it down, call, write down what came.

No transaction is open while a call is on the way. A process may be killed at any point: a creation that
arrived is answered "exists already" the second time, a step that may have arrived is looked for before it
is sent again (NWF 8).
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, update
from sqlalchemy.exc import DBAPIError

from app.clock import Clock, to_wire
from app.failpoints import hit
from app.protocol.ids import new_id
from app.province import dossiers, feed
from app.province.apply import subject_of
from app.province.national import queue
from app.province.national.adapter import Adapter, Call, Done, Failed, Memory, Outcome, Refused
from app.province.national.history import Act, acts_of
from app.province.national.plan import Finished, Hold, LookUp, Mark, after_look, next_move
from app.province.national.queue import Claim
from app.province.national.reasons import Reason
from app.province.national.record import Record, record_of
from app.province.national.settings import Settings
from app.province.problems import JsonObject
from app.province.store import Store
from app.province.tables import dossiers as dossier_table
from app.province.times import to_ms

_TRIES_BEFORE_HOLD: Final = 3
_LEAST_S: Final = 1.0
_DOSSIER_BASE_S: Final = 5.0
_DOSSIER_MOST_S: Final = 3600.0
_LINE_BASE_S: Final = 1.0
_LINE_MOST_S: Final = 600.0
_MOVES: Final = 200
_LOG: Final = logging.getLogger("app.province.national")
Counted = Callable[[str, str], None]


@dataclass
class Worker:
    """One worker of one process. ``jitter`` answers a number between two; ``counted`` hears of each call."""

    store: Store
    clock: Clock
    settings: Settings
    adapter: Adapter
    counted: Counted = lambda _kind, _outcome: None
    jitter: Callable[[float, float], float] = random.uniform
    owner: str = field(default_factory=new_id)
    _streak: int = 0

    def discover(self) -> None:
        """Read the feed to its end."""
        while self.store.do(lambda db: queue.discover(db, self.settings.digest)):
            pass

    def turn(self) -> bool:
        """Work on the next due dossier as far as it goes; ``False`` where none is due."""
        mine = self.store.do(self._claim)
        if mine is None:
            return False
        try:
            for _ in range(_MOVES):
                if not self._move(mine):
                    return True
            self.store.do(lambda db: queue.put_off(db, mine, self._now_ms()))
        except DBAPIError:
            raise
        except Exception as failure:  # one dossier must not stand in the way of the rest
            self._set_aside(mine, type(failure).__name__)
        return True

    def drain(self, stopped: Callable[[], bool] = lambda: False, most: int = 10**9) -> int:
        """Work until nothing is due; answers how many turns were taken."""
        with self.store.read() as db:
            if not queue.has_work(db, self._now_ms(), self.settings.digest):
                return 0
        self.discover()
        turns = 0
        while turns < most and not stopped() and self.turn():
            turns += 1
        return turns

    def _set_aside(self, mine: Claim, kind: str) -> None:
        """A defect of ours: tried again later and shown, the rest goes on."""
        _LOG.error(json.dumps({"national": "dossier", "kind": kind, "dossier": mine.dossier_id}))

        def later(db: Connection) -> None:
            tries = self._tries(db, mine) + 1
            until = self._now_ms() + self._wait_ms(tries)
            queue.put_off(db, mine, until, tries=tries, trouble=f"defect-{kind}")

        self.store.do(later)

    def _claim(self, db: Connection) -> Claim | None:
        now_ms = to_ms(self.clock.now())
        return None if queue.paused_until(db) > now_ms else queue.claim(db, now_ms, self.owner)

    def _move(self, mine: Claim) -> bool:
        """One move; ``False`` where the dossier is put down."""
        with self.store.read() as db:
            record, acts = _record(db, mine.dossier_id)
            memory = queue.memory_of(db, mine.dossier_id)
        move = Finished() if self._is_too_old(record) else next_move(self.adapter, record, memory)
        if isinstance(move, Finished):
            self.store.do(lambda db: self._finish(db, mine, record, memory, acts))
            return False
        if isinstance(move, Hold):
            self.store.do(lambda db: self._hold(db, mine, record, acts, move))
            return False
        if isinstance(move, LookUp):
            return self._look(mine, record, memory, acts, move)
        if isinstance(move, Mark):
            self.store.do(lambda db: queue.mark_steps(db, self._now_ms(), mine.dossier_id, move.event_ids))
            return True
        return self._call(mine, record, memory, acts, move)

    def _call(self, mine: Claim, record: Record, memory: Memory, acts: list[Act], call: Call) -> bool:
        if not self.store.do(lambda db: queue.begin(db, self._now_ms(), mine, call.kind)):
            return False
        hit("national_before_call")
        outcome = self.adapter.send(call, record, memory)
        hit("national_after_call")
        self.counted(call.kind, _word(outcome))
        if isinstance(outcome, Done):
            self._streak = 0
            self.store.do(lambda db: self._learn(db, record, memory, call, outcome))
            hit("national_after_commit")
            return True
        if isinstance(outcome, Refused):
            self.store.do(lambda db: self._refused(db, mine, record, acts, outcome))
        else:
            self.store.do(lambda db: self._failed(db, mine, memory, call.kind, outcome))
        return False

    def _look(self, mine: Claim, record: Record, memory: Memory, acts: list[Act], move: LookUp) -> bool:
        known = self.adapter.look_up(move.number)
        self.counted("lookup", _word(known) if isinstance(known, Failed) else "done")
        if isinstance(known, Failed):
            self.store.do(lambda db: self._failed(db, mine, memory, "lookup", known))
            return False
        seen = after_look(self.adapter, record, memory, known)
        if isinstance(seen, Hold):
            self.store.do(lambda db: self._hold(db, mine, record, acts, seen))
            return False

        def settle(db: Connection) -> None:
            queue.mark_steps(db, self._now_ms(), mine.dossier_id, seen.event_ids)
            queue.learned(db, self._now_ms(), mine.dossier_id, doubt=False)

        self.store.do(settle)
        return True

    def _learn(self, db: Connection, record: Record, memory: Memory, call: Call, outcome: Done) -> None:
        dossier_id, now_ms = memory.dossier_id, self._now_ms()
        if call.kind == "progress":
            queue.mark_steps(db, now_ms, dossier_id, call.event_ids)
            queue.learned(db, now_ms, dossier_id)
            return
        if call.kind == "number":
            queue.learned(db, now_ms, dossier_id, number=outcome.number)
            return
        if call.kind == "file":
            queue.keep_file(db, dossier_id, call.subject, outcome.portal_id or "", outcome.number or "")
            queue.learned(db, now_ms, dossier_id)
            return
        learned: JsonObject = {"body_digest": call.digest}
        if call.kind == "create":
            online = record.filing["filed_via"] == "national_portal"
            surprise = outcome.existed and memory.in_flight != "create" and not online
            learned |= {
                "created": True,
                "created_digest": call.digest,
                "number": outcome.number or memory.number,
                "portal_id": outcome.portal_id or memory.portal_id,
                "doubt": memory.doubt or surprise,
            }
        queue.learned(db, now_ms, dossier_id, **learned)

    def _refused(
        self, db: Connection, mine: Claim, record: Record, acts: list[Act], outcome: Refused
    ) -> None:
        tries = self._tries(db, mine) + 1
        if tries >= _TRIES_BEFORE_HOLD:
            why = Hold((Reason("refused", outcome.code),))
            self._hold(db, mine, record, acts, why, trouble="refused", in_flight=None)
            return
        until = self._now_ms() + self._wait_ms(tries)
        queue.put_off(db, mine, until, tries=tries, trouble=f"refused-{outcome.code}", in_flight=None)

    def _failed(self, db: Connection, mine: Claim, memory: Memory, kind: str, outcome: Failed) -> None:
        now_ms, tries = self._now_ms(), self._tries(db, mine)
        asked_ms = int((outcome.retry_after_s or 0.0) * 1000)
        facts: JsonObject = {"trouble": outcome.kind, "tries": tries if outcome.everyone else tries + 1}
        facts["in_flight"] = kind if outcome.sent and kind != "lookup" else memory.in_flight
        wait_ms = max(asked_ms, self._wait_ms(tries))
        if kind == "progress":
            facts["in_flight"] = None
            if outcome.sent:
                facts["doubt"] = True
                wait_ms = max(wait_ms, int(self.settings.line.settle_s * 1000))
        if outcome.everyone:
            self._streak += 1
            most = min(_LINE_MOST_S, _LINE_BASE_S * 2**self._streak)
            queue.pause(db, now_ms + max(asked_ms, int(max(_LEAST_S, self.jitter(0.0, most)) * 1000)))
        queue.put_off(db, mine, now_ms + wait_ms, **facts)

    def _finish(self, db: Connection, mine: Claim, record: Record, memory: Memory, acts: list[Act]) -> None:
        queue.finish(db, mine, record.version)
        if memory.created:
            number = memory.number or record.code
            db.execute(
                update(dossier_table)
                .where(
                    dossier_table.c.dossier_id == mine.dossier_id,
                    dossier_table.c.national_code.is_distinct_from(number),
                )
                .values(national_code=number)
            )
            self._tell(db, record, acts, {"state": "confirmed", "national_code": number})

    def _hold(
        self, db: Connection, mine: Claim, record: Record, acts: list[Act], why: Hold, **facts: str | None
    ) -> None:
        queue.hold(db, self._now_ms(), mine, record.version, why.reasons, **{"trouble": "missing", **facts})
        words = " ".join(reason.words() for reason in why.reasons)
        self._tell(db, record, acts, {"state": "failed", "message": words})

    def _tell(self, db: Connection, record: Record, acts: list[Act], said: JsonObject) -> None:
        """Desks hear how it ended, each ending once."""
        if not acts or not queue.told(db, record.dossier_id, f"{acts[-1].event_id} {said}"):
            return
        dossier = dossiers.load(db, record.dossier_id)
        assert dossier is not None
        now: datetime = self.clock.now()
        data = {**said, "at": to_wire(now)}
        change = feed.Change("national.sync_outcome", subject_of(dossier), data, None, acts[-1].event_id)
        feed.tell_units(db, now, change, dossier.units())

    def _is_too_old(self, record: Record) -> bool:
        since = self.settings.province.since
        return bool(since) and record.filing["received_at"][:10] < since

    def _tries(self, db: Connection, mine: Claim) -> int:
        return queue.tries_of(db, mine.dossier_id)

    def _wait_ms(self, tries: int) -> int:
        """Full jitter up to a doubling ceiling, never less than a second."""
        most = min(_DOSSIER_MOST_S, _DOSSIER_BASE_S * 2.0 ** min(tries, 30))
        return int(max(_LEAST_S, self.jitter(0.0, most)) * 1000)

    def _now_ms(self) -> int:
        return to_ms(self.clock.now())


def _record(db: Connection, dossier_id: str) -> tuple[Record, list[Act]]:
    dossier = dossiers.load(db, dossier_id)
    assert dossier is not None
    acts = list(acts_of(db, dossier_id))
    return record_of(dossier, acts), acts


def _word(outcome: Outcome) -> str:
    if isinstance(outcome, Done):
        return "existed" if outcome.existed else "done"
    return "refused" if isinstance(outcome, Refused) else outcome.kind
