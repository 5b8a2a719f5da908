"""Account help: what is kept rests on consent, purpose by purpose; no code ever enters the store."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from app.domain.account_help import (
    ConsentPurpose,
    HelpState,
    Obstacle,
    card_lines,
    consent_wording,
)
from app.domain.people import Person
from app.errors import NotFoundError, RuleError, StorageError
from app.models import tables
from app.protocol import contract
from app.services.audit.verify import verify_audit
from app.services.desk import write_setting
from app.services.help.account_help import (
    card_content,
    card_pdf,
    find_open_case,
    give_consent,
    list_cases,
    make_card,
    open_case,
    retention_sweep,
    show_case,
    step_case,
    withdraw_consent,
)
from app.services.papers.slips import kept_paper
from app.services.setup import PROGRAM
from tests.support.desk import HUONG, MONDAY, make_desk, officer

TRACKING, REMINDER, CONTACT = ConsentPurpose.TRACKING, ConsentPurpose.REMINDER, ConsentPurpose.CONTACT
PHONE = "0900 000 123"


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def rows(desk, table):
    with desk.store.read() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def events(desk):
    return [json.loads(row["body"]) for row in rows(desk, tables.event) if row["type"] != "stream.opened"]


def tracked(desk, *more, person=HUONG):
    return open_case(desk, officer(desk), person, PHONE if more else None, (TRACKING, *more))


def everything_stored(desk):
    """All text of the help tables and of the audit, for searching."""
    kept = (tables.help_case, tables.help_step, tables.consent, tables.help_count, tables.audit)
    return json.dumps([rows(desk, table) for table in kept], default=str, ensure_ascii=False)


def test_without_consent_only_the_count_of_the_day_rises(desk):
    by = officer(desk)
    case = open_case(desk, by, HUONG, PHONE, ())
    open_case(desk, by, HUONG, PHONE, ())
    assert case.id is None
    assert case.name == "Ma Thị Hường"
    assert [(row["day"], row["count"]) for row in rows(desk, tables.help_count)] == [(MONDAY.date(), 2)]
    assert rows(desk, tables.help_case) == rows(desk, tables.consent) == rows(desk, tables.help_step) == []
    assert events(desk) == []
    stored = everything_stored(desk)
    assert "Hường" not in stored
    assert "008198000000" not in stored
    assert "0900000123" not in stored
    assert verify_audit(desk, by).ok


def test_tracking_keeps_the_case_and_tells_the_province_in_one_commit(desk):
    import jsonschema_rs

    case = tracked(desk)
    row = rows(desk, tables.help_case)[0]
    body = events(desk)[0]
    assert (case.state, case.name, case.personal_id) == (
        HelpState.REGISTERED,
        "Ma Thị Hường",
        "008198000000",
    )
    assert (body["type"], body["subject"]) == (
        "citizen.account_requested",
        {"kind": "citizen_account", "id": case.id},
    )
    assert row["event_id"] == body["event_id"]
    assert body["payload"]["consent_recorded"] is True
    party = body["payload"]["party"]
    assert party["full_name"] == "Ma Thị Hường"
    assert "phone" not in party
    assert "address" not in party
    assert case.sent == "waiting"
    validator = jsonschema_rs.validator_for(contract.schema("Event"))
    assert [error.message for error in validator.iter_errors(body)] == []


def test_a_power_cut_before_the_commit_leaves_neither_case_nor_event(desk, monkeypatch):
    from app import failpoints

    monkeypatch.setattr(failpoints, "_name", "before_commit")
    monkeypatch.setattr(failpoints, "_action", "fail")
    monkeypatch.setattr(failpoints, "_left", 1)
    with pytest.raises(StorageError):
        tracked(desk, REMINDER)
    assert rows(desk, tables.help_case) == rows(desk, tables.consent) == rows(desk, tables.help_count) == []
    assert events(desk) == []


@pytest.mark.parametrize(
    ("purposes", "phone_kept", "identity_kept", "sent"),
    [
        ((TRACKING,), False, True, 1),
        ((REMINDER,), True, False, 0),
        ((CONTACT,), True, False, 0),
        ((TRACKING, CONTACT), True, True, 1),
        ((REMINDER, CONTACT), True, False, 0),
    ],
)
def test_each_purpose_keeps_its_own_and_no_more(desk, purposes, phone_kept, identity_kept, sent):
    case = open_case(desk, officer(desk), HUONG, PHONE, purposes)
    row = rows(desk, tables.help_case)[0]
    assert (row["phone"] == "0900000123") is phone_kept
    assert (row["phone"] is not None) is phone_kept
    for name in ("full_name", "name_folded", "personal_id", "birth_date", "sex"):
        assert (row[name] is not None) is identity_kept
    assert len(events(desk)) == sent
    assert case.tracked is identity_kept
    assert {each.purpose for each in case.consents} == set(purposes)


def test_a_consent_holds_wording_officer_time_and_its_end(desk):
    case = tracked(desk, REMINDER)
    for each in case.consents:
        assert (each.wording_version, each.given_at, each.officer_name) == (1, MONDAY, "Lục Thị Yến")
        assert each.keep_until == date(2027, 11, 23)
        assert each.live
        assert each.wording == consent_wording(each.purpose, 1)


@pytest.mark.parametrize(
    ("months", "day", "until"),
    [(3, date(2026, 11, 30), date(2027, 2, 28)), (1, date(2026, 12, 31), date(2027, 1, 31))],
)
def test_the_office_may_set_the_months(desk, months, day, until):
    from datetime import datetime, time

    from app.clock import VIETNAM

    with desk.store.write() as connection:
        write_setting(connection, "help_retention_months", months)
    at = datetime.combine(day, time(9), VIETNAM)
    assert open_case(desk, officer(desk), HUONG, None, (TRACKING,), at).consents[0].keep_until == until


def test_a_consent_that_needs_a_telephone_asks_for_it(desk):
    for phone, code in ((None, "phone-missing"), (" ", "phone-missing"), ("123", "phone-shape")):
        with pytest.raises(RuleError) as refused:
            open_case(desk, officer(desk), HUONG.__class__("Sùng"), phone, (REMINDER,))
        assert (refused.value.code, refused.value.field) == (code, "phone")
    assert rows(desk, tables.help_case) == rows(desk, tables.help_count) == []


def test_wrong_fields_of_the_person_are_told_beside_the_field(desk):
    with pytest.raises(RuleError) as refused:
        open_case(desk, officer(desk), Person("Ma 123"), None, (TRACKING,))
    assert refused.value.field == "name"


def test_a_citizen_without_a_number_is_said_so_to_the_province(desk):
    open_case(desk, officer(desk), Person("Sùng"), None, (TRACKING,))
    party = events(desk)[0]["payload"]["party"]
    assert party["identifiers"] == []
    assert party["no_identifier_reason"]


def test_a_second_visit_goes_on_with_the_open_case(desk):
    first = tracked(desk)
    again = tracked(desk, CONTACT)
    assert again.id == first.id
    assert {each.purpose for each in again.consents} == {TRACKING, CONTACT}
    assert again.phone == "0900000123"
    assert len(events(desk)) == 1
    assert find_open_case(desk, officer(desk), "008198000000").id == first.id
    step_case(desk, officer(desk), first.id, HelpState.DECLINED)
    assert find_open_case(desk, officer(desk), "008198000000") is None
    assert tracked(desk).id != first.id


def test_steps_are_lawful_and_kept_in_order(desk):
    by = officer(desk)
    case = tracked(desk)
    step_case(desk, by, case.id, HelpState.ELIGIBLE)
    step_case(desk, by, case.id, HelpState.SENT_TO_POLICE, (), "hẹn 25/11/2026", date(2026, 11, 25))
    desk.clock.advance(timedelta(days=2))
    now = step_case(
        desk,
        by,
        case.id,
        HelpState.AWAITING_APPROVAL,
        (Obstacle.NO_SIGNAL, Obstacle.SIM_NOT_OWNER),
        next_visit=date(2026, 11, 30),
    )
    assert [step.state for step in now.steps] == [
        HelpState.REGISTERED,
        HelpState.ELIGIBLE,
        HelpState.SENT_TO_POLICE,
        HelpState.AWAITING_APPROVAL,
    ]
    assert now.obstacles == (Obstacle.SIM_NOT_OWNER, Obstacle.NO_SIGNAL)
    assert (now.next_visit, now.visits, now.steps_done) == (date(2026, 11, 30), 2, 2)
    assert now.step.number == 3
    assert [(row["day"], row["count"]) for row in rows(desk, tables.help_count)] == [
        (date(2026, 11, 23), 1),
        (date(2026, 11, 25), 1),
    ]
    assert show_case(desk, by, case.id) == now


@pytest.mark.parametrize(
    ("members", "code", "field"),
    [
        ({"state": HelpState.ACTIVATED}, "help-step", "state"),
        ({"state": HelpState.FAILED}, "help-reason", "obstacle"),
        ({"state": HelpState.ELIGIBLE, "obstacles": (Obstacle.OTHER,)}, "help-note", "note"),
        ({"state": HelpState.ELIGIBLE, "note": "mã OTP 123456"}, "secret-code", "note"),
        ({"state": HelpState.ELIGIBLE, "note": "12 34 56"}, "secret-code", "note"),
        ({"state": HelpState.ELIGIBLE, "note": "1-2-3-4-5-6"}, "secret-code", "note"),
        ({"state": HelpState.ELIGIBLE, "note": "dài " * 200}, "note-long", "note"),
        ({"state": HelpState.ELIGIBLE, "next_visit": date(2026, 11, 22)}, "next-visit-past", "next"),
        ({"state": HelpState.ELIGIBLE, "at": MONDAY - timedelta(minutes=1)}, "act-before-last", "at"),
    ],
)
def test_what_may_not_be_recorded_changes_nothing(desk, members, code, field):
    case = tracked(desk)
    before = everything_stored(desk)
    with pytest.raises(RuleError) as refused:
        step_case(desk, officer(desk), case.id, **members)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.next_step
    assert everything_stored(desk) == before


def test_dates_and_dossier_numbers_may_stand_in_a_note(desk):
    note = "Hẹn 30/11/2026, hồ sơ TN-02221-261123-2017, gọi 0900 000 123"
    case = tracked(desk)
    assert step_case(desk, officer(desk), case.id, HelpState.ELIGIBLE, (), note).steps[-1].note == note


def test_an_ended_case_takes_no_more_steps(desk):
    case = tracked(desk)
    step_case(desk, officer(desk), case.id, HelpState.DECLINED)
    with pytest.raises(RuleError) as refused:
        step_case(desk, officer(desk), case.id, HelpState.ELIGIBLE)
    assert refused.value.code == "help-step"


def test_without_tracking_a_reminder_keeps_its_day_and_nothing_of_the_progress(desk):
    by = officer(desk)
    case = open_case(desk, by, HUONG, PHONE, (REMINDER,))
    kept = step_case(desk, by, case.id, HelpState.REGISTERED, next_visit=date(2026, 11, 30))
    assert (kept.next_visit, kept.steps, kept.name) == (date(2026, 11, 30), (), None)
    for members in ({"state": HelpState.ELIGIBLE}, {"state": HelpState.REGISTERED, "note": "vướng"}):
        with pytest.raises(RuleError) as refused:
            step_case(desk, by, case.id, **members)
        assert (refused.value.code, refused.value.field) == ("help-not-tracked", "consent")
    assert rows(desk, tables.help_step) == []


def test_consent_may_come_later(desk):
    by = officer(desk)
    case = open_case(desk, by, HUONG, PHONE, (REMINDER,))
    later = give_consent(desk, by, case.id, TRACKING, person=HUONG)
    assert (later.id, later.name, later.tracked) == (case.id, "Ma Thị Hường", True)
    assert len(events(desk)) == 1
    assert give_consent(desk, by, case.id, TRACKING, person=HUONG).consents == later.consents
    assert len(events(desk)) == 1
    assert give_consent(desk, by, case.id, CONTACT).phone == "0900000123"


def test_tracking_given_later_needs_the_person(desk):
    case = open_case(desk, officer(desk), HUONG, PHONE, (REMINDER,))
    with pytest.raises(RuleError) as refused:
        give_consent(desk, officer(desk), case.id, TRACKING)
    assert (refused.value.code, refused.value.field) == ("person-missing", "card")


def test_withdrawing_tracking_erases_who_and_how_far_and_tells_the_province(desk):
    by = officer(desk)
    case = tracked(desk, REMINDER)
    step_case(desk, by, case.id, HelpState.ELIGIBLE, (), "ghi chú riêng", date(2026, 11, 30))
    left = withdraw_consent(desk, by, case.id, TRACKING)
    assert (left.name, left.personal_id, left.birth_date, left.sex, left.steps) == (
        None,
        None,
        None,
        None,
        (),
    )
    assert (left.phone, left.next_visit, left.state) == (
        "0900000123",
        date(2026, 11, 30),
        HelpState.REGISTERED,
    )
    stored = everything_stored(desk)
    for erased in ("Hường", "huong", "008198000000", "ghi chú riêng", "1998"):
        assert erased not in stored
    asked, voided = events(desk)
    assert (voided["type"], voided["subject"]) == ("event.voided", {"kind": "event", "id": asked["event_id"]})
    assert voided["payload"]["voids"] == asked["event_id"]
    again = withdraw_consent(desk, by, case.id, TRACKING)
    assert again == left
    assert len(events(desk)) == 2
    assert verify_audit(desk, by).ok


def test_withdrawing_a_rejected_request_answers_it(desk):
    case = tracked(desk)
    with desk.store.write() as connection:
        connection.execute(
            update(tables.event)
            .where(tables.event.c.type == "citizen.account_requested")
            .values(verdict="rejected")
        )
    withdraw_consent(desk, officer(desk), case.id, TRACKING)
    asked, voided = (row for row in rows(desk, tables.event) if row["type"] != "stream.opened")
    assert asked["answered_by"] == voided["event_id"]


@pytest.mark.parametrize(
    ("first", "second"), [(REMINDER, CONTACT), (CONTACT, REMINDER)], ids=["reminder", "contact"]
)
def test_the_telephone_goes_with_the_last_consent_for_it(desk, first, second):
    by = officer(desk)
    case = open_case(desk, by, HUONG, PHONE, (REMINDER, CONTACT))
    assert withdraw_consent(desk, by, case.id, first).phone == "0900000123"
    assert withdraw_consent(desk, by, case.id, second).phone is None
    assert "0900000123" not in everything_stored(desk)
    assert list_cases(desk, by) == ()


def test_the_sweep_erases_what_is_past_its_time_and_only_that(desk):
    by = officer(desk)
    old = tracked(desk, CONTACT)
    desk.clock.advance(timedelta(days=30))
    young = open_case(desk, by, Person("Sùng"), None, (TRACKING,))
    assert retention_sweep(desk, PROGRAM, date(2027, 11, 23)) == 0
    assert show_case(desk, by, old.id).name == "Ma Thị Hường"
    assert retention_sweep(desk, PROGRAM, date(2027, 11, 24)) == 1
    assert retention_sweep(desk, by, date(2027, 11, 24)) == 0
    stored = everything_stored(desk)
    assert "Hường" not in stored
    assert "0900000123" not in stored
    assert show_case(desk, by, young.id).name == "Sùng"
    assert len(rows(desk, tables.consent)) == 3
    assert verify_audit(desk, by).ok


def test_a_consent_past_its_time_holds_no_more_even_before_the_sweep(desk):
    by = officer(desk)
    case = tracked(desk)
    desk.clock.advance(timedelta(days=366))
    assert not show_case(desk, by, case.id).tracked
    with pytest.raises(RuleError) as refused:
        step_case(desk, by, case.id, HelpState.ELIGIBLE)
    assert refused.value.code == "help-not-tracked"


def test_the_list_masks_numbers_and_finds_by_what_is_at_hand(desk):
    by = officer(desk)
    case = tracked(desk, CONTACT)
    open_case(desk, by, Person("Sùng"), None, (TRACKING,))
    line = list_cases(desk, by, "hương ma")[0]
    assert (line.id, line.masked_id, line.masked_phone) == (case.id, "0xx…0000", "0xx…0123")
    for typed in ("huong", "HƯỜNG", "8000", "0123", "ma 0081"):
        assert [each.id for each in list_cases(desk, by, typed)] == [case.id]
    for typed in ("%", "_", "nobody"):
        assert list_cases(desk, by, typed) == ()
    assert len(list_cases(desk, by)) == 2
    step_case(desk, by, case.id, HelpState.DECLINED)
    assert [each.name for each in list_cases(desk, by, open_only=True)] == ["Sùng"]
    assert len(list_cases(desk, by)) == 2


def test_reading_a_case_is_audited(desk):
    by = officer(desk)
    case = tracked(desk)
    show_case(desk, by, case.id)
    show_case(desk, by, case.id, audited=False)
    reads = [row for row in rows(desk, tables.audit) if row["act"] == "read"]
    assert [(row["record_kind"], row["record_id"]) for row in reads] == [("help_case", case.id)]


def test_the_card_says_what_to_do_and_names_nobody(desk):
    by = officer(desk)
    with desk.store.write() as connection:
        write_setting(connection, "counter_phone", "02070000000")
    case = tracked(desk)
    case = step_case(
        desk, by, case.id, HelpState.ELIGIBLE, (Obstacle.SIM_NOT_OWNER,), next_visit=date(2026, 11, 30)
    )
    card = card_content(desk, case)
    assert card.step_words == "Tôi đang ở bước 2 / 6: Chuyển Công an xã"
    assert card.todo == card_lines(case.state, case.obstacles, case.next_visit)
    assert card.contacts[0] == "Trợ giúp VNeID: 1900 0368"
    assert card.contacts[1].startswith("Quầy xã Nà Hang: ")
    assert "OTP" in card.warning
    assert card.demo
    words = repr(card)
    assert "Hường" not in words
    assert "008198000000" not in words


def test_the_card_of_a_kept_case_is_kept_and_counted(desk):
    by = officer(desk)
    case = tracked(desk)
    papers = [make_card(desk, by, case) for _ in range(2)]
    assert [paper.copy_no for paper in papers] == [1, 2]
    assert kept_paper(desk, by, papers[0].job_id) == papers[0].pdf
    assert papers[0].pdf.startswith(b"%PDF")


def test_the_card_of_a_case_not_kept_leaves_nothing(desk):
    by = officer(desk)
    case = open_case(desk, by, HUONG, None, ())
    assert card_pdf(desk, by, case).startswith(b"%PDF")
    with pytest.raises(ValueError, match="not kept"):
        make_card(desk, by, case)
    with desk.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(tables.print_job)).scalar_one() == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda desk, by: show_case(desk, by, "none"),
        lambda desk, by: step_case(desk, by, "none", HelpState.ELIGIBLE),
        lambda desk, by: withdraw_consent(desk, by, "none", TRACKING),
        lambda desk, by: give_consent(desk, by, "none", CONTACT, phone=PHONE),
    ],
)
def test_an_unknown_case_is_said_so(desk, call):
    with pytest.raises(NotFoundError) as missing:
        call(desk, officer(desk))
    assert missing.value.code == "no-help-case"


@pytest.mark.parametrize("login", ["quantri"])
@pytest.mark.parametrize(
    "call",
    [
        lambda desk, by: open_case(desk, by, HUONG, None, ()),
        lambda desk, by: give_consent(desk, by, "x", CONTACT),
        lambda desk, by: step_case(desk, by, "x", HelpState.ELIGIBLE),
        lambda desk, by: list_cases(desk, by),
        lambda desk, by: show_case(desk, by, "x"),
        lambda desk, by: find_open_case(desk, by, "008198000000"),
        lambda desk, by: withdraw_consent(desk, by, "x", TRACKING),
        lambda desk, by: retention_sweep(desk, by, date(2026, 11, 23)),
        lambda desk, by: card_pdf(desk, by, open_case(desk, officer(desk), HUONG, None, ())),
    ],
)
def test_helping_is_refused_outside_the_role(desk, login, call):
    with pytest.raises(RuleError) as refused:
        call(desk, officer(desk, login))
    assert refused.value.code == "not-permitted"
    assert rows(desk, tables.help_case) == []
