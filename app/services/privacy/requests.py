"""A citizen's request about their data: taken in by number, its days reckoned from the dated terms, decided.

The counter takes it in; a leader (or who signs in the leader's stead) decides, with the reason. A correction
goes through the act that corrects a slip; an erasure takes away what rests on consent and leaves what the law
keeps; a restriction stops earlier contact data from being used again until it is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from app.clock import VIETNAM
from app.domain.phone import normalise_phone
from app.domain.privacy import Decision, RequestKind, Terms
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import require_text
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.privacy_tables import subject_request
from app.protocol.ids import new_id
from app.services.desk import Desk, with_fresh_profile
from app.services.numbering import NumberGiver
from app.services.papers.slip_correction import SlipField, correct_dossier
from app.services.people.delegation import leader_behind
from app.services.privacy.erasing import ErasurePlan, erase_within, erasure_plan
from app.services.privacy.identity import identity_of
from app.services.privacy.records import PersonRecords, is_person, parties_of, records_of
from app.services.privacy.terms import terms_within
from app.services.recording import Recorder
from app.text import t

LONGEST_WORDS = 1000
LONGEST_NAME = 200
_c = subject_request.c


@dataclass(frozen=True)
class RequestOrder:
    """What the citizen asks, as the officer took it down. ``identity``: number on the paper shown."""

    kind: RequestKind
    name: str
    identity: str
    words: str
    phone: str = ""
    address: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True)
class Request:
    """One request whole. ``number``: in the desk's book of the year; ``reply_due``, ``due``: last days to
    reply and to carry out, ``None`` where no term is set; ``outcome``: what was done, in counts."""

    id: str
    number: str
    kind: RequestKind
    name: str
    identity: str
    phone: str
    address: str
    words: str
    received_at: datetime
    officer: str
    reply_due: date | None
    due: date | None
    decision: Decision | None
    decided_at: datetime | None
    decided_by: str
    reason: str
    basis: str
    outcome: Mapping[str, Any]
    ended_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.decision is None

    @property
    def binding(self) -> bool:
        """Whether it is a restriction that still holds."""
        held = self.decision in (Decision.GRANTED, Decision.PARTLY)
        return self.kind is RequestKind.RESTRICTION and held and self.ended_at is None


@dataclass(frozen=True)
class RequestLine:
    """A request in a list; the number of the person's paper is masked."""

    id: str
    number: str
    kind: RequestKind
    name: str
    masked: str
    received_at: datetime
    reply_due: date | None
    due: date | None
    decision: Decision | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Bearing:
    """What the request is about: what the desk holds, and what an erasure would do."""

    request: Request
    records: PersonRecords
    erasure: ErasurePlan
    numbers: Mapping[str, str]
    """Dossier id to its number."""


def record_request(desk: Desk, by: Officer, order: RequestOrder) -> Request:
    """Take a request in. Raises ``RuleError`` "not-permitted", "name-missing" (``name``), "identity-shape"
    (``identity``), "request-words" (``words``), and what a phone breaks."""
    by.require(Permission.RECEIVE)
    now = desk.clock.now()
    received = order.received_at or now
    day = received.astimezone(VIETNAM).date()
    row = _checked(order)
    if received > now:
        raise RuleError(
            "request-future", t("Ngày nhận chưa tới."), t("Gõ ngày hôm nay hoặc trước đó."), field="received"
        )
    with desk.store.write() as connection:
        desk = with_fresh_profile(connection, desk)
        terms = terms_within(connection, desk)
        numbers = NumberGiver(connection, desk.profile)
        book, line = numbers.request_line(day)
        numbers.keep()
        reply_due, due = _days(desk, terms, order.kind, day)
        request_id = new_id()
        connection.execute(
            insert(subject_request).values(
                id=request_id,
                book=book,
                line=line,
                received_at=received,
                officer_id=by.id,
                terms_version=terms.version,
                reply_due=reply_due,
                due=due,
                **row,
            )
        )
        Recorder(connection, desk, by, now).audit(
            "record_request", "subject_request", request_id, (order.kind.value,)
        )
        return _read(connection, request_id)


def list_requests(desk: Desk, by: Officer, *, open_only: bool = False) -> tuple[RequestLine, ...]:
    """The open ones first, the nearest day first; then the answered ones, the newest first."""
    by.require(Permission.VIEW)
    query = select(subject_request)
    if open_only:
        query = query.where(_c.decision.is_(None))
    with desk.store.read() as connection:
        rows = connection.execute(query).mappings().all()
    far = date.max
    waiting = sorted(
        (row for row in rows if row["decision"] is None),
        key=lambda row: (row["reply_due"] or far, row["received_at"]),
    )
    done = sorted((row for row in rows if row["decision"]), key=lambda row: row["decided_at"], reverse=True)
    return tuple(_line(row) for row in (*waiting, *done))


def show_request(desk: Desk, by: Officer, request_id: str) -> Bearing:
    """One request with what it is about; reading it is audited. Raises ``NotFoundError`` "no-request"."""
    by.require(Permission.VIEW)
    with desk.store.write() as connection:
        request = _read(connection, request_id)
        Recorder(connection, desk, by, desk.clock.now()).audit("read", "subject_request", request.id)
        records = records_of(connection, request.identity)
        plan = erasure_plan(connection, request.identity)
        d = tables.dossier.c
        query = select(d.id, d.number, d.provisional_number).where(d.id.in_(records.dossiers))
        numbers = {row.id: row.number or row.provisional_number for row in connection.execute(query)}
    return Bearing(request, records, plan, numbers)


def decide_request(
    desk: Desk, by: Officer, request_id: str, decision: Decision, reason: str, basis: str = ""
) -> Request:
    """Answer the request; an erasure is done in the same commit.

    ``basis``: the rule a refusal rests on. Raises ``NotFoundError`` "no-request", ``RuleError``
    "not-permitted", "request-decided", "reason-missing" (field ``reason``), "basis-missing" (field
    ``basis``) where it is refused whole or in part, "erasure-partly" (field ``decision``) where the desk
    keeps dossiers of the person, which no request erases, "correction-first" where nothing was corrected yet.
    """
    now = desk.clock.now()
    words, rule = require_text(reason, "reason"), require_text(basis, "basis")
    with desk.store.write() as connection:
        leader_behind(connection, by, Permission.OVERRIDE, now.astimezone(VIETNAM).date())
        request = _read(connection, request_id)
        _require_open(request)
        _require_words(decision, words, rule)
        recorder = Recorder(connection, desk, by, now)
        outcome = dict(request.outcome) | _carry_out(recorder, request, decision)
        connection.execute(
            update(subject_request)
            .where(_c.id == request_id)
            .values(
                decision=decision.value,
                decided_at=now,
                decided_by=by.id,
                reason=words,
                basis=rule,
                outcome=outcome,
            )
        )
        recorder.audit("decide_request", "subject_request", request_id, ("decision", "reason"))
        return _read(connection, request_id)


def correct_on_request(
    desk: Desk, by: Officer, request_id: str, number: str, changes: Mapping[str, str]
) -> tuple[SlipField, ...]:
    """Correct a dossier of the person because they asked: ``changes`` by "name", "address", "phone", "email".

    The act is the one that corrects a slip, with the request's number as its reason. Raises what
    ``correct_dossier`` raises, "request-kind", "request-decided", "not-in-dossier" (field ``number``).
    """
    by.require(Permission.RECEIVE)
    with desk.store.read() as connection:
        request = _read(connection, request_id)
        role = _role_in(connection, request, number)
    _require_open(request)
    if request.kind is not RequestKind.CORRECTION:
        raise RuleError(
            "request-kind",
            t("Yêu cầu này không phải yêu cầu chỉnh sửa."),
            t("Mở yêu cầu chỉnh sửa của công dân."),
        )
    wanted = {SlipField(f"{role}_{name}"): text for name, text in changes.items()}
    reason = t("Theo yêu cầu số {number} của công dân").format(number=request.number)
    fields = correct_dossier(desk, by, number, wanted, reason)
    with desk.store.write() as connection:
        outcome = dict(request.outcome)
        outcome["corrected"] = int(outcome.get("corrected", 0)) + 1
        connection.execute(update(subject_request).where(_c.id == request_id).values(outcome=outcome))
        names = tuple(field.value for field in fields)
        Recorder(connection, desk, by, desk.clock.now()).audit(
            "correct_on_request", "subject_request", request_id, names
        )
    return fields


def end_restriction(desk: Desk, by: Officer, request_id: str) -> Request:
    """The citizen takes the restriction back; their data may be used again. Twice is as once.

    Raises ``NotFoundError`` "no-request", ``RuleError`` "not-restricted".
    """
    by.require(Permission.RECEIVE)
    now = desk.clock.now()
    with desk.store.write() as connection:
        request = _read(connection, request_id)
        if request.kind is not RequestKind.RESTRICTION or request.decision in (None, Decision.REFUSED):
            raise RuleError(
                "not-restricted", t("Yêu cầu này không hạn chế gì."), t("Chọn yêu cầu hạn chế đang giữ.")
            )
        if request.ended_at is None:
            connection.execute(update(subject_request).where(_c.id == request_id).values(ended_at=now))
            Recorder(connection, desk, by, now).audit("end_restriction", "subject_request", request_id)
        return _read(connection, request_id)


def has_request(connection: Connection, identity: str) -> bool:
    """Whether the person has asked to see their data: why an officer may export it."""
    query = select(_c.id).where(_c.personal_id == identity, _c.kind == RequestKind.ACCESS.value)
    return (
        connection.execute(query.where(_c.decision.is_distinct_from("refused")).limit(1)).first() is not None
    )


def read_request(connection: Connection, request_id: str) -> Request:
    """One request inside another act. Raises ``NotFoundError`` "no-request"."""
    return _read(connection, request_id)


def _carry_out(recorder: Recorder, request: Request, decision: Decision) -> dict[str, int]:
    """What the decision does at once, in counts."""
    if decision is Decision.REFUSED:
        return {}
    if request.kind is RequestKind.CORRECTION and not request.outcome.get("corrected"):
        raise RuleError(
            "correction-first",
            t("Chưa sửa hồ sơ nào theo yêu cầu này."),
            t("Sửa hồ sơ trước rồi trả lời, hoặc chọn “Không thực hiện được”."),
            field="decision",
        )
    if request.kind is not RequestKind.ERASURE:
        return {}
    plan = erasure_plan(recorder.connection, request.identity)
    if plan.dossiers_kept and decision is Decision.GRANTED:
        raise RuleError(
            "erasure-partly",
            t("Còn {count} hồ sơ phải lưu theo luật nên chỉ xóa được một phần.").format(
                count=plan.dossiers_kept
            ),
            t("Chọn “Thực hiện một phần” và ghi căn cứ giữ hồ sơ."),
            field="decision",
        )
    done = asdict(erase_within(recorder, request.identity))
    return {name: int(count) for name, count in done.items()}


def _role_in(connection: Connection, request: Request, number: str) -> str:
    from app.services.finding.search import exact_number

    found = connection.execute(select(tables.dossier.c.id).where(exact_number(number))).scalars().first()
    roles = [
        party["role"]
        for party in (parties_of(connection, found) if found else ())
        if is_person(party, request.identity) and party["role"] in ("owner", "submitter")
    ]
    if not roles:
        raise RuleError(
            "not-in-dossier",
            t("Người yêu cầu không phải chủ hồ sơ hay người nộp của hồ sơ này."),
            t("Chọn một hồ sơ trong danh sách của người yêu cầu."),
            field="number",
        )
    return "owner" if "owner" in roles else "submitter"


def _checked(order: RequestOrder) -> dict[str, Any]:
    name, words = require_text(order.name, "name"), require_text(order.words, "words")
    if not name or len(name) > LONGEST_NAME:
        raise RuleError(
            "name-missing", t("Chưa ghi họ tên người yêu cầu."), t("Quét thẻ hoặc gõ họ tên."), field="name"
        )
    if not words or len(words) > LONGEST_WORDS:
        raise RuleError(
            "request-words",
            t("Ghi điều công dân yêu cầu, tối đa {most} ký tự.").format(most=LONGEST_WORDS),
            t("Ghi ngắn gọn bằng lời của công dân."),
            field="words",
        )
    phone = require_text(order.phone, "phone")
    return {
        "kind": order.kind.value,
        "full_name": name,
        "personal_id": identity_of(order.identity),
        "phone": normalise_phone(phone, "phone") if phone else "",
        "address": require_text(order.address, "address")[:LONGEST_WORDS],
        "words": words,
    }


def _days(desk: Desk, terms: Terms, kind: RequestKind, day: date) -> tuple[date | None, date | None]:
    calendar = desk.reference.calendar
    reply, carried = terms.answered("reply").term, terms.answered(kind.value).term
    return (
        reply.after(day, calendar) if reply else None,
        carried.after(day, calendar) if carried else None,
    )


def _require_open(request: Request) -> None:
    if not request.open:
        raise RuleError(
            "request-decided",
            t("Yêu cầu này đã trả lời."),
            t("In lại phiếu trả lời, hoặc ghi một yêu cầu mới."),
        )


def _require_words(decision: Decision, reason: str, basis: str) -> None:
    if not reason or len(reason) > LONGEST_WORDS:
        raise RuleError(
            "reason-missing",
            t("Chưa ghi lời trả lời công dân."),
            t("Ghi đã làm gì, hoặc vì sao không làm được."),
            field="reason",
        )
    if decision is not Decision.GRANTED and not basis:
        raise RuleError(
            "basis-missing",
            t("Chưa ghi căn cứ của phần không thực hiện."),
            t("Ghi quy định buộc phải giữ hoặc không cho làm."),
            field="basis",
        )


def _read(connection: Connection, request_id: str) -> Request:
    o = tables.officer
    taker, decider = o.alias("taker"), o.alias("decider")
    row = (
        connection.execute(
            select(
                subject_request,
                taker.c.name.label("officer"),
                decider.c.name.label("decider"),
            )
            .outerjoin_from(subject_request, taker, taker.c.id == _c.officer_id)
            .outerjoin(decider, decider.c.id == _c.decided_by)
            .where(_c.id == request_id)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFoundError(
            "no-request", t("Không có yêu cầu này."), t("Chọn trong danh sách yêu cầu."), field="request"
        )
    return Request(
        id=row["id"],
        number=_number(row),
        kind=RequestKind(row["kind"]),
        name=row["full_name"],
        identity=row["personal_id"],
        phone=row["phone"],
        address=row["address"],
        words=row["words"],
        received_at=row["received_at"],
        officer=row["officer"] or "",
        reply_due=row["reply_due"],
        due=row["due"],
        decision=Decision(row["decision"]) if row["decision"] else None,
        decided_at=row["decided_at"],
        decided_by=row["decider"] or "",
        reason=row["reason"],
        basis=row["basis"],
        outcome=row["outcome"] or {},
        ended_at=row["ended_at"],
    )


def _line(row: RowMapping) -> RequestLine:
    from app.services.help.case import masked

    return RequestLine(
        id=row["id"],
        number=_number(row),
        kind=RequestKind(row["kind"]),
        name=row["full_name"],
        masked=masked(row["personal_id"]),
        received_at=row["received_at"],
        reply_due=row["reply_due"],
        due=row["due"],
        decision=Decision(row["decision"]) if row["decision"] else None,
        ended_at=row["ended_at"],
    )


def _number(row: RowMapping) -> str:
    return f"{row['line']}/{row['book'].replace('/', '-')}"
