"""Consent of a citizen who is helped: given by purpose, withdrawn, and past its time (Luật 91/2025/QH15,
NĐ 356/2025; DOMAIN §9). What rested on a consent goes when the last consent for it goes.

Name, identity and steps rest on ``tracking``; the telephone on ``contact`` or ``reminder``; the next visit on
``tracking`` or ``reminder``. The consent itself stays, as proof of what was kept and why.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update

from app.clock import VIETNAM
from app.domain.account_help import CURRENT_WORDING, DEFAULT_RETENTION_MONTHS, ConsentPurpose, HelpState
from app.domain.people import Person
from app.domain.phone import normalise_phone
from app.domain.vietnamese import fold
from app.errors import RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.protocol.parts import Identifier, Party, Subject
from app.protocol.payloads import AccountRequested, EventVoided
from app.services.desk import read_setting
from app.services.help.case import case_row, read_consents
from app.services.intake.received_event import NO_IDENTIFIER
from app.services.recording import Recorder
from app.text import t

PHONE_PURPOSES = frozenset({ConsentPurpose.CONTACT, ConsentPurpose.REMINDER})
RETENTION_SETTING = "help_retention_months"

_c = tables.help_case.c


def checked_phone(phone: str | None, purposes: Collection[ConsentPurpose]) -> str | None:
    """The telephone to keep: only with a consent that needs one, and then there must be one.

    Raises ``RuleError`` "phone-missing" and what ``normalise_phone`` raises, field ``phone``.
    """
    text = (phone or "").strip()
    if not PHONE_PURPOSES & set(purposes):
        return None
    if not text:
        raise RuleError(
            "phone-missing",
            t("Đồng ý nhắn tin hoặc giữ số thì cần số điện thoại."),
            t("Gõ số điện thoại, hoặc bỏ dấu ở ô đồng ý đó."),
            field="phone",
        )
    return normalise_phone(text)


def add_consents(recorder: Recorder, case_id: str, purposes: Collection[ConsentPurpose]) -> None:
    """Write a row for each purpose with the wording read today and the day it ends."""
    kept = read_setting(recorder.connection, RETENTION_SETTING)
    months = kept if isinstance(kept, int) and 0 < kept <= 120 else DEFAULT_RETENTION_MONTHS
    for purpose in sorted(purposes):
        recorder.connection.execute(
            insert(tables.consent).values(
                id=new_id(),
                case_id=case_id,
                purpose=purpose.value,
                wording_version=CURRENT_WORDING,
                given_at=recorder.at,
                officer_id=recorder.by.id,
                keep_until=months_later(recorder.at.astimezone(VIETNAM).date(), months),
            )
        )
        recorder.audit("consent", "help_case", case_id, (purpose.value,))


def live_purposes(recorder: Recorder, case_id: str, today: date) -> set[ConsentPurpose]:
    """Purposes to which consent holds on the day."""
    return {each.purpose for each in read_consents(recorder.connection, case_id, today) if each.live}


def start_tracking(recorder: Recorder, case_id: str, person: Person) -> None:
    """Keep who the citizen is and tell the province of the request, in this commit.

    The event carries name, identity, birth and sex; the telephone and address never go.
    """
    event_id = recorder.event(
        "citizen.account_requested",
        Subject(kind="citizen_account", id=case_id),
        AccountRequested(party=_party(person)),
    )
    recorder.connection.execute(
        update(tables.help_case)
        .where(_c.id == case_id)
        .values(
            full_name=person.name,
            name_folded=fold(person.name),
            personal_id=person.id_value,
            birth_date=person.birth_date,
            sex=person.sex.value if person.sex else None,
            event_id=event_id,
        )
    )
    recorder.connection.execute(
        insert(tables.help_step).values(
            case_id=case_id,
            state=HelpState.REGISTERED.value,
            at=recorder.at,
            officer_id=recorder.by.id,
            obstacles=[],
            note="",
        )
    )


def end_consent(recorder: Recorder, case_id: str, purpose: ConsentPurpose, today: date) -> bool:
    """Mark the consent withdrawn and erase what rested on it; ``False`` where there was none.

    The province is told by ``event.voided`` that the request no longer stands.
    """
    c = tables.consent.c
    mine = (c.case_id == case_id) & (c.purpose == purpose.value) & c.withdrawn_at.is_(None)
    changed = recorder.connection.execute(update(tables.consent).where(mine).values(withdrawn_at=recorder.at))
    if not changed.rowcount:
        return False
    if purpose is ConsentPurpose.TRACKING:
        _void_request(recorder, case_id)
    erase_unfounded(recorder, case_id, today)
    recorder.audit("withdraw_consent", "help_case", case_id, (purpose.value,))
    return True


def erase_unfounded(recorder: Recorder, case_id: str, today: date) -> bool:
    """Erase what no consent holds any more; whether there was anything."""
    row = case_row(recorder.connection, case_id)
    live = live_purposes(recorder, case_id, today)
    values: dict[str, object] = {}
    if ConsentPurpose.TRACKING not in live:
        recorder.connection.execute(delete(tables.help_step).where(tables.help_step.c.case_id == case_id))
        values |= dict.fromkeys(("full_name", "name_folded", "personal_id", "birth_date", "sex"))
        values["state"] = HelpState.REGISTERED.value
    if not PHONE_PURPOSES & live:
        values["phone"] = None
    if not {ConsentPurpose.TRACKING, ConsentPurpose.REMINDER} & live:
        values["next_visit"] = None
    erased = sorted(name for name, value in values.items() if row[name] != value)
    if erased:
        recorder.connection.execute(update(tables.help_case).where(_c.id == case_id).values(**values))
        recorder.audit("erase", "help_case", case_id, erased)
    return bool(erased)


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def cases_past_their_time(recorder: Recorder, today: date) -> list[str]:
    """Cases with a consent that has run out and something still kept."""
    c = tables.consent.c
    kept = _c.full_name.is_not(None) | _c.phone.is_not(None) | _c.next_visit.is_not(None)
    query = (
        select(_c.id)
        .join_from(tables.help_case, tables.consent, c.case_id == _c.id)
        .where(c.withdrawn_at.is_(None), c.keep_until < today, kept)
        .distinct()
    )
    return list(recorder.connection.execute(query).scalars())


def _void_request(recorder: Recorder, case_id: str) -> None:
    event_id = case_row(recorder.connection, case_id)["event_id"]
    if event_id is None:
        return
    void_id = recorder.event(
        "event.voided",
        Subject(kind="event", id=event_id),
        EventVoided(voids=event_id, reason=t("Công dân rút lại đồng ý.")),
    )
    e = tables.event.c
    recorder.connection.execute(
        update(tables.event)
        .where(e.event_id == event_id, e.verdict == "rejected")
        .values(answered_by=void_id)
    )
    recorder.connection.execute(update(tables.help_case).where(_c.id == case_id).values(event_id=None))


def _party(person: Person) -> Party:
    known = bool(person.id_value)
    return Party(
        full_name=person.name,
        identifiers=[Identifier(scheme=person.id_kind.value, value=person.id_value or "")] if known else [],
        no_identifier_reason=None if known else NO_IDENTIFIER,
        date_of_birth=person.birth_date,
        sex=person.sex.value if person.sex else None,
    )


def checked_time(at: datetime, last: datetime) -> None:
    """Raise ``RuleError`` "act-before-last" (field ``at``) for a time before the last step."""
    if at < last:
        raise RuleError(
            "act-before-last",
            t("Việc này không thể xảy ra trước bước đã ghi gần nhất."),
            t("Xem lại thời điểm rồi làm lại; lượt hỗ trợ giữ nguyên."),
            field="at",
        )
