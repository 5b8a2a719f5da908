"""Fills a demo desk with believable dossiers, as reception and the acts write them (CONTRACT ``demo fill``).

Time runs forward: receptions and the acts that follow are performed in the order of their moments, many in
one commit. The same seed and end give the same content; ids and the time of recording are new each time.
"""

from __future__ import annotations

import heapq
import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count as counting

from app.clock import VIETNAM
from app.domain.catalogue import Channel, ProcedureVersion
from app.domain.dossier_status import Act, Status
from app.domain.people import Person
from app.domain.roles import Officer, Permission
from app.errors import RuleError
from app.protocol.parts import Fee
from app.services.bulk import Batch, BatchRecorder
from app.services.demo import acts
from app.services.demo.acts import Plan, Standing
from app.services.demo.lives import Future, WorkTime, life, refusal
from app.services.demo.people import population
from app.services.desk import Desk
from app.services.intake.reception import TakenIn, record_reception, take_in
from app.services.intake.visit import CARD, TYPED, Intake, ManualDue
from app.services.numbering import NumberGiver
from app.text import t

MONTHS_BACK = timedelta(days=230)
ACTS_A_COMMIT = 4000
_CHANNELS = (Channel.COUNTER,) * 16 + (Channel.ONLINE,) * 3 + (Channel.POST,)
_DUE_REASON = "Danh mục chưa có thời hạn; hẹn theo lịch xác minh (dữ liệu mẫu)."
_SUPPLEMENT = "Bổ sung bản chính giấy tờ tùy thân còn hạn (dữ liệu mẫu)."
_STOP = "Công dân không bổ sung giấy tờ trong thời hạn (dữ liệu mẫu)."
_WITHDRAW = "Công dân có đơn xin rút hồ sơ (dữ liệu mẫu)."
_REFUSE = "Việc này không thuộc thẩm quyền của xã (dữ liệu mẫu)."


@dataclass(frozen=True)
class Filled:
    """What was added. ``seconds``: how long it took."""

    dossiers: int
    seconds: float


def fill(desk: Desk, by: Officer, *, count: int, seed: int, until: datetime) -> Filled:
    """Add ``count`` dossiers of the months before ``until``, in every status they would be in by then.

    Raises ``RuleError`` "demo-only" on a real desk: made-up citizens never stand among real ones.
    """
    by.require(Permission.RECEIVE)
    by.require(Permission.PROCESS)
    if not desk.profile.demo:
        raise RuleError(
            "demo-only",
            t("Dữ liệu mẫu chỉ thêm được vào quầy mẫu."),
            t("Tạo quầy mẫu ở thư mục khác rồi thử lại."),
        )
    began = time.perf_counter()
    history = _History(desk, by, seed, until, count)
    while history.performed(ACTS_A_COMMIT):
        pass
    return Filled(count, round(time.perf_counter() - began, 3))


@dataclass(order=True)
class _Coming:
    """Something that will happen: a reception (no ``open``), or an act of an open dossier."""

    at: datetime
    turn: int
    act: Act | None = field(default=None, compare=False)
    open: _Open | None = field(default=None, compare=False)


@dataclass
class _Open:
    """A dossier whose life is not over."""

    standing: Standing
    owner: str
    taken: TakenIn


class _History:
    """The months that are made up, performed step by step."""

    def __init__(self, desk: Desk, by: Officer, seed: int, until: datetime, count: int) -> None:
        self._desk, self._by, self._until = desk, by, until.astimezone(VIETNAM)
        self._rng = random.Random(seed)
        first, last = (self._until - MONTHS_BACK).date(), (self._until + timedelta(days=90)).date()
        self._work = WorkTime(desk.reference.calendar, first, last)
        self._people = population(seed, max(20, count * 3 // 4), desk.reference.units)
        self._procedures, self._weights = _everyday(desk.reference.catalogue.versions)
        self._turns = counting()
        self._coming = [_Coming(at, next(self._turns)) for at in self._receptions(count)]
        heapq.heapify(self._coming)

    def performed(self, most: int) -> bool:
        """Perform up to ``most`` receptions and acts in one commit; whether any was left to do."""
        if not self._coming:
            return False
        with self._desk.store.write() as connection:
            batch = Batch(connection)
            numbers = NumberGiver(connection, self._desk.profile)
            for _ in range(most):
                if not self._coming:
                    break
                coming = heapq.heappop(self._coming)
                if coming.open is None or coming.act is None:
                    self._receive(batch, numbers, coming.at)
                else:
                    self._act(batch, coming.at, coming.act, coming.open)
            numbers.keep()
            batch.flush()
        return True

    def _receptions(self, count: int) -> Iterator[datetime]:
        days = self._work.before(self._until.date())
        for _ in range(count):
            moment = self._work.moment(self._rng.randrange(days), self._rng)
            while moment > self._until:
                moment = self._work.moment(self._rng.randrange(days), self._rng)
            yield moment

    def _receive(self, batch: Batch, numbers: NumberGiver, at: datetime) -> None:
        rng = self._rng
        version = rng.choices(self._procedures, self._weights)[0]
        person = self._people.person(rng.randrange(self._people.size), self._until.date())
        channel = rng.choice(_CHANNELS)
        registered = channel is Channel.ONLINE and rng.random() < 0.08
        intake = _intake(version, person, channel, at, self._manual_due(version, channel, at), registered)
        taken = take_in(self._desk, self._by, intake, numbers)
        batch.take(taken)
        record_reception(self._recorder(batch, at), taken)
        given = taken.received
        standing = Standing(given.id, given.number, Status(given.status), given.due_at, 0, at)
        future = (
            refusal(rng, self._work, at)
            if registered
            else life(rng, self._work, at, given.due_at, self._until)
        )
        self._expect(_Open(standing, person.name, taken), future)

    def _expect(self, dossier: _Open, future: list[Future]) -> None:
        for each in future:
            if each.at <= self._until:
                heapq.heappush(self._coming, _Coming(each.at, next(self._turns), each.act, dossier))

    def _act(self, batch: Batch, at: datetime, act: Act, dossier: _Open) -> None:
        plan = _plan(act, dossier)
        if plan is None:
            return
        step = plan(dossier.standing, at)
        after, changes = acts.write_step(self._recorder(batch, at), dossier.standing, step)
        batch.change(dossier.standing.id, changes)
        rounds = dossier.standing.supplement_rounds + (act is Act.REQUEST_SUPPLEMENT)
        dossier.standing = replace(
            dossier.standing,
            status=after,
            supplement_rounds=rounds,
            last_at=at,
        )

    def _recorder(self, batch: Batch, at: datetime) -> BatchRecorder:
        return BatchRecorder(batch.connection, self._desk, self._by, at, batch=batch)

    def _manual_due(self, version: ProcedureVersion, channel: Channel, at: datetime) -> ManualDue | None:
        if version.time_limit(channel).amount is not None:
            return None
        index = self._work.index(at.date()) + self._rng.randrange(8, 21)
        day = self._work.days[min(index, len(self._work.days) - 1)]
        return ManualDue(self._desk.reference.calendar.closing(day), _DUE_REASON)


def _plan(act: Act, dossier: _Open) -> Plan | None:
    """The act of this dossier; ``None`` where it has nothing to ask a fee for."""
    if act is Act.REQUEST_FEE:
        fees = _known_fees(dossier.taken)
        return acts.request_fee(fees) if fees else None
    plans: dict[Act, Plan] = {
        Act.START: acts.start,
        Act.COMPLETE: acts.complete,
        Act.RETURN: acts.hand_over(dossier.owner),
        Act.REQUEST_SUPPLEMENT: acts.request_supplement(_SUPPLEMENT),
        Act.STOP: acts.stop(_STOP),
        Act.WITHDRAW: acts.withdraw(_WITHDRAW),
        Act.REFUSE: acts.refuse(_REFUSE, dossier.taken.payload),
    }
    return plans[act]


def _known_fees(taken: TakenIn) -> list[Fee]:
    return [fee for fee in taken.payload.fees if fee.amount_vnd > 0]


def _everyday(versions: tuple[ProcedureVersion, ...]) -> tuple[list[ProcedureVersion], list[float]]:
    chosen = [version for version in versions if 0 < version.everyday_rank <= 3]
    return chosen, [9.0 / version.everyday_rank**2 for version in chosen]


def _intake(
    version: ProcedureVersion,
    person: Person,
    channel: Channel,
    at: datetime,
    due: ManualDue | None,
    registered: bool,
) -> Intake:
    return Intake(
        request_id=str(uuid.uuid4()),
        procedure_code=version.code,
        owner=person,
        source=CARD if person.id_value and channel is Channel.COUNTER else TYPED,
        channel=channel,
        all_required=True,
        received_at=at,
        manual_due=due,
        return_method="post" if channel is Channel.POST else "counter",
        register_only=registered,
    )
