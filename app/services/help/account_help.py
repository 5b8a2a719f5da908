"""Helping a citizen to an account of their own, case by case (DOMAIN §9).

Being helped does not change who transacts. What is kept rests on consent, purpose by purpose; without
consent to ``tracking`` no identity is kept and nothing is sent, only the count of the day rises (CONTRACT).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.clock import VIETNAM
from app.domain.account_help import (
    ENDS,
    ConsentPurpose,
    HelpState,
    Obstacle,
    require_help_step,
)
from app.domain.people import Person
from app.domain.roles import Officer, Permission
from app.domain.secret_guard import refuse_secrets
from app.domain.vietnamese import fold, require_text
from app.errors import RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.help import consent as help_consent
from app.services.help.card import card_content as card_content
from app.services.help.card import card_pdf as card_pdf
from app.services.help.card import make_card as make_card
from app.services.help.case import Case as Case
from app.services.help.case import CaseLine as CaseLine
from app.services.help.case import ConsentGiven as ConsentGiven
from app.services.help.case import StepTaken as StepTaken
from app.services.help.case import case_row, line_of, read_case, unkept_case
from app.services.intake.tidy_person import tidy_person
from app.services.privacy.identity import is_restricted
from app.services.recording import Recorder
from app.services.setup import PROGRAM
from app.text import t

LONGEST_NOTE = 500

_c = tables.help_case.c


def open_case(
    desk: Desk,
    by: Officer,
    person: Person,
    phone: str | None,
    consents: Collection[ConsentPurpose],
    at: datetime | None = None,
) -> Case:
    """Begin to help a citizen; the case as far as it is kept.

    With ``tracking`` the case, its first step and the event ``citizen.account_requested`` are one commit; an
    open case of the same identity number goes on and takes in the new consents. Without any consent
    nothing is kept (``id`` ``None``). Raises ``RuleError`` of the person's fields, "phone-missing",
    "processing-restricted" where the citizen has had the use of their data restricted.
    """
    by.require(Permission.HELP_ACCOUNT)
    moment = at or desk.clock.now()
    day = _day(moment)
    citizen = tidy_person(desk.reference.units, replace(person, phone=None, email=None), day, "")
    purposes = set(consents)
    kept_phone = help_consent.checked_phone(phone or person.phone, purposes)
    with desk.store.write() as connection:
        recorder = Recorder(connection, desk, by, moment)
        if purposes and is_restricted(connection, citizen.id_value):
            raise _restricted()
        if not purposes:
            _count(recorder)
            recorder.audit("help", "help_count", day.isoformat())
            return unkept_case(citizen, phone or person.phone, moment)
        case_id = _open_id(connection, citizen.id_value) if ConsentPurpose.TRACKING in purposes else None
        if case_id is None:
            _count(recorder)
            case_id = _new_case(recorder)
        _consent(recorder, case_id, purposes, kept_phone, citizen)
        return read_case(connection, case_id, day)


def give_consent(
    desk: Desk,
    by: Officer,
    case_id: str,
    purpose: ConsentPurpose,
    *,
    person: Person | None = None,
    phone: str | None = None,
    at: datetime | None = None,
) -> Case:
    """A consent given later in a kept case; ``person`` is needed for ``tracking``, ``phone`` for the others
    where none is kept yet. Given before and still holding: nothing changes. Raises ``RuleError``
    "person-missing", "phone-missing", ``NotFoundError`` "no-help-case"."""
    by.require(Permission.HELP_ACCOUNT)
    moment = at or desk.clock.now()
    with desk.store.write() as connection:
        recorder = Recorder(connection, desk, by, moment)
        known = case_row(connection, case_id)["phone"]
        kept_phone = help_consent.checked_phone(phone or known, {purpose})
        citizen = None
        if person is not None:
            bare = replace(person, phone=None, email=None)
            citizen = tidy_person(desk.reference.units, bare, _day(moment), "")
        _consent(recorder, case_id, {purpose}, kept_phone, citizen)
        return read_case(connection, case_id, _day(moment))


def step_case(
    desk: Desk,
    by: Officer,
    case_id: str,
    state: HelpState,
    obstacles: Collection[Obstacle] = (),
    note: str = "",
    next_visit: date | None = None,
    at: datetime | None = None,
) -> Case:
    """Record a step, or another visit in the same state.

    Raises ``NotFoundError`` "no-help-case"; ``RuleError`` "help-step", "help-reason", "help-note",
    "secret-code" and "note-long" (field ``note``), "next-visit-past" (field ``next``), "act-before-last",
    "help-not-tracked" where the citizen has not consented to tracking.
    """
    by.require(Permission.HELP_ACCOUNT)
    moment = at or desk.clock.now()
    words = _checked_note(note)
    chosen = [obstacle for obstacle in Obstacle if obstacle in obstacles]
    _check_next_visit(next_visit, _day(moment))
    with desk.store.write() as connection:
        recorder = Recorder(connection, desk, by, moment)
        row = case_row(connection, case_id)
        help_consent.checked_time(moment, row["changed_at"])
        live = help_consent.live_purposes(recorder, case_id, _day(moment))
        _require_tracked(live, HelpState(row["state"]), state, bool(chosen or words))
        require_help_step(HelpState(row["state"]), state, chosen, words)
        if ConsentPurpose.TRACKING in live:
            connection.execute(
                insert(tables.help_step).values(
                    case_id=case_id,
                    state=state.value,
                    at=moment,
                    officer_id=by.id,
                    obstacles=[obstacle.value for obstacle in chosen],
                    note=words,
                    next_visit=next_visit,
                )
            )
        if _day(row["changed_at"]) != _day(moment):
            _count(recorder)
        connection.execute(
            update(tables.help_case)
            .where(_c.id == case_id)
            .values(state=state.value, changed_at=moment, next_visit=next_visit)
        )
        recorder.audit("help_step", "help_case", case_id, ("state", "obstacles", "note", "next_visit"))
        return read_case(connection, case_id, _day(moment))


def list_cases(desk: Desk, by: Officer, text: str = "", *, open_only: bool = False) -> tuple[CaseLine, ...]:
    """Cases of which something is kept, the last changed first; narrowed by name, number or telephone."""
    by.require(Permission.HELP_ACCOUNT)
    query = select(tables.help_case).where(or_(_c.full_name.is_not(None), _c.phone.is_not(None)))
    if open_only:
        query = query.where(_c.state.not_in([state.value for state in ENDS]))
    for word in fold(text).split()[:8]:
        query = query.where(
            or_(
                _c.name_folded.contains(word, autoescape=True),
                _c.personal_id.contains(word, autoescape=True),
                _c.phone.contains(word, autoescape=True),
            )
        )
    query = query.order_by(_c.changed_at.desc(), _c.id.desc())
    with desk.store.read() as connection:
        return tuple(line_of(row) for row in connection.execute(query).mappings())


def show_case(desk: Desk, by: Officer, case_id: str, *, audited: bool = True) -> Case:
    """One case whole; reading it is audited. Raises ``NotFoundError`` "no-help-case"."""
    by.require(Permission.HELP_ACCOUNT)
    now = desk.clock.now()
    with desk.store.read() as connection:
        case = read_case(connection, case_id, _day(now))
    if audited:
        with desk.store.write() as connection:
            Recorder(connection, desk, by, now).audit("read", "help_case", case_id)
    return case


def find_open_case(desk: Desk, by: Officer, personal_id: str | None) -> Case | None:
    """The open case of this identity number, for a card just scanned; reading it is audited."""
    by.require(Permission.HELP_ACCOUNT)
    with desk.store.read() as connection:
        case_id = _open_id(connection, personal_id)
    return None if case_id is None else show_case(desk, by, case_id)


def withdraw_consent(
    desk: Desk, by: Officer, case_id: str, purpose: ConsentPurpose, at: datetime | None = None
) -> Case:
    """The citizen takes a consent back: what rested on it is erased at once. Twice is as once."""
    by.require(Permission.HELP_ACCOUNT)
    moment = at or desk.clock.now()
    with desk.store.write() as connection:
        case_row(connection, case_id)
        recorder = Recorder(connection, desk, by, moment)
        help_consent.end_consent(recorder, case_id, purpose, _day(moment))
        return read_case(connection, case_id, _day(moment))


def retention_sweep(desk: Desk, by: Officer, today: date) -> int:
    """Erase what is past the time consented to; gives how many cases. The program itself may do it."""
    if by != PROGRAM:
        by.require(Permission.HELP_ACCOUNT)
    with desk.store.write() as connection:
        recorder = Recorder(connection, desk, by, desk.clock.now())
        past = help_consent.cases_past_their_time(recorder, today)
        return sum(help_consent.erase_unfounded(recorder, case_id, today) for case_id in past)


def _new_case(recorder: Recorder) -> str:
    case_id = new_id()
    recorder.connection.execute(
        insert(tables.help_case).values(
            id=case_id,
            state=HelpState.REGISTERED.value,
            opened_at=recorder.at,
            changed_at=recorder.at,
            officer_id=recorder.by.id,
        )
    )
    recorder.audit("help_open", "help_case", case_id)
    return case_id


def _consent(
    recorder: Recorder,
    case_id: str,
    purposes: set[ConsentPurpose],
    phone: str | None,
    citizen: Person | None,
) -> None:
    new = purposes - help_consent.live_purposes(recorder, case_id, _day(recorder.at))
    if ConsentPurpose.TRACKING in new:
        if citizen is None:
            raise RuleError(
                "person-missing",
                t("Lưu tiến trình thì cần biết công dân là ai."),
                t("Quét thẻ hoặc gõ họ tên rồi đánh dấu lại."),
                field="card",
            )
        help_consent.start_tracking(recorder, case_id, citizen)
    if phone is not None:
        recorder.connection.execute(update(tables.help_case).where(_c.id == case_id).values(phone=phone))
    help_consent.add_consents(recorder, case_id, new)


def _open_id(connection: Connection, personal_id: str | None) -> str | None:
    if not personal_id:
        return None
    ends = [state.value for state in ENDS]
    return connection.execute(
        select(_c.id)
        .where(_c.personal_id == personal_id, _c.state.not_in(ends))
        .order_by(_c.opened_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def _count(recorder: Recorder) -> None:
    """One more visit on the day; the number alone, nothing of the citizen."""
    count = tables.help_count.c["count"]
    statement = upsert(tables.help_count).values(day=_day(recorder.at), count=1)
    recorder.connection.execute(
        statement.on_conflict_do_update(index_elements=["day"], set_={"count": count + 1})
    )


def _checked_note(note: str) -> str:
    refuse_secrets(note, "note")
    words = require_text(note, "note")
    if len(words) > LONGEST_NOTE:
        raise RuleError("note-long", t("Ghi chú dài quá 500 ký tự."), t("Rút gọn ghi chú."), field="note")
    return words


def _check_next_visit(next_visit: date | None, today: date) -> None:
    if next_visit is not None and next_visit < today:
        raise RuleError(
            "next-visit-past",
            t("Ngày hẹn quay lại đã qua."),
            t("Gõ ngày từ hôm nay trở đi, hoặc để trống."),
            field="next",
        )


def _require_tracked(
    live: set[ConsentPurpose], before: HelpState, after: HelpState, anything_said: bool
) -> None:
    if ConsentPurpose.TRACKING in live:
        return
    if ConsentPurpose.REMINDER in live and before is after and not anything_said:
        return
    raise RuleError(
        "help-not-tracked",
        t("Công dân chưa đồng ý lưu tiến trình nên bước này không được ghi lại."),
        t("Vẫn hướng dẫn và in phiếu mang về. Muốn lưu: đọc to và hỏi lại sự đồng ý."),
        field="consent",
    )


def _restricted() -> RuleError:
    return RuleError(
        "processing-restricted",
        t("Công dân này đang yêu cầu hạn chế xử lý dữ liệu nên không lưu gì."),
        t("Vẫn hướng dẫn và in phiếu mang về; muốn lưu thì công dân thôi hạn chế trước (Cài đặt, Yêu cầu)."),
        field="consent",
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
