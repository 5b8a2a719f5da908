"""What the office decides: days, names, counts, the backup's place; officers who come, change and leave."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.certification import Kind
from app.domain.roles import Role
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.services import office_settings
from app.services.audit.verify import verify_audit
from app.services.drafts import open_drafts, save_draft
from app.services.office_settings import DayKind, allow_extensions, edit_day
from app.services.people import access, delegation, officers
from app.services.safety.automatic import backup_folder
from app.services.setup import set_agency_code
from tests.support.desk import MONDAY, demo_password, make_desk, officer

THURSDAY = date(2026, 11, 26)
SATURDAY = date(2026, 11, 28)
BASIS = "CV số 12/UBND (số liệu thử)"


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, FixedClock(MONDAY), shared_reference=False)
    yield desk
    desk.close()


@pytest.fixture
def boss(desk):
    return officer(desk, "quantri")


def refused(call, *given, **named) -> RuleError:
    with pytest.raises(RuleError) as told:
        call(*given, **named)
    return told.value


def audited(desk, act):
    c = tables.audit.c
    with desk.store.read() as connection:
        return connection.execute(select(c.record_id, c.fields).where(c.act == act)).all()


def test_a_day_off_moves_the_due_date_at_once_and_can_be_taken_back(desk, boss):
    wednesday = date(2026, 11, 25)
    assert desk.reference.calendar.next_working_day(wednesday) == THURSDAY
    edit_day(desk, boss, THURSDAY, DayKind.OFF, "Mất điện toàn xã", BASIS)
    calendar = desk.reference.calendar
    assert not calendar.is_working_day(THURSDAY) and calendar.day_off_name(THURSDAY) == "Mất điện toàn xã"
    assert calendar.next_working_day(wednesday) == date(2026, 11, 27)
    edit_day(desk, boss, SATURDAY, DayKind.WORKING, "Làm bù", BASIS)
    assert desk.reference.calendar.is_working_day(SATURDAY)
    shown = office_settings.day_decisions(desk)
    assert [(one.day, one.kind, one.basis) for one in shown] == [
        (SATURDAY, DayKind.WORKING, BASIS),
        (THURSDAY, DayKind.OFF, BASIS),
    ]
    edit_day(desk, officer(desk, "lanhdao"), THURSDAY, DayKind.AS_LAW)
    assert desk.reference.calendar.is_working_day(THURSDAY)
    assert [one.day for one in office_settings.day_decisions(desk)] == [SATURDAY]
    assert [row.record_id for row in audited(desk, "edit_day")] == ["2026-11-26", "2026-11-28", "2026-11-26"]
    assert verify_audit(desk, boss).ok


def test_an_edited_day_stays_after_the_program_was_closed(desk, boss, tmp_path):
    edit_day(desk, boss, THURSDAY, DayKind.OFF, "Nghỉ bù", BASIS)
    desk.close()
    again = make_desk(tmp_path, FixedClock(MONDAY), shared_reference=False)
    assert not again.reference.calendar.is_working_day(THURSDAY)
    again.close()


@pytest.mark.parametrize(
    ("day", "kind", "name", "basis", "code", "field"),
    [
        (THURSDAY, DayKind.OFF, "  ", BASIS, "day-name", "name"),
        (THURSDAY, DayKind.OFF, "Nghỉ bù", "", "day-basis", "basis"),
        (THURSDAY, DayKind.AS_LAW, "", "", "day-as-law", "day"),
        (MONDAY.date() + timedelta(days=4000), DayKind.OFF, "Nghỉ", BASIS, "day-far", "day"),
        (date(2020, 1, 1), DayKind.WORKING, "Làm bù", BASIS, "day-far", "day"),
    ],
)
def test_a_day_without_name_basis_or_sense_is_refused(desk, boss, day, kind, name, basis, code, field):
    told = refused(edit_day, desk, boss, day, kind, name, basis)
    assert (told.code, told.field) == (code, field)
    assert office_settings.day_decisions(desk) == () and audited(desk, "edit_day") == []


def test_extensions_name_and_agency_code(desk, boss):
    assert office_settings.allowed_extensions(desk) == 1
    assert allow_extensions(desk, boss, 0) == 0 and office_settings.allowed_extensions(desk) == 0
    for wrong in (-1, 10):
        assert refused(allow_extensions, desk, boss, wrong).field == "count"
    assert office_settings.rename_desk(desk, boss, " Quầy  7 ") == "Quầy 7"
    assert refused(office_settings.rename_desk, desk, boss, "x" * 41).field == "name"
    set_agency_code(desk, boss, "H60.12.34")
    for hour in (time(17, 30, 59), None):
        kept = office_settings.set_closing_time(desk, boss, hour)
        assert office_settings.closing_time(desk) == kept == (hour and time(17, 30))
    words = office_settings.desk_words(desk)
    assert (words.name, words.agency_code) == ("Quầy 7", "H60.12.34")


def test_the_backup_goes_where_the_office_says(desk, boss, tmp_path):
    assert office_settings.backup_place(desk) == ""
    stick = tmp_path / "usb"
    told = refused(office_settings.set_backup_place, desk, boss, str(stick))
    assert (told.code, told.field) == ("backup-folder", "folder")
    stick.mkdir()
    assert office_settings.set_backup_place(desk, boss, f" {stick} ") == str(stick.resolve())
    assert backup_folder(desk) == stick.resolve() and list(stick.iterdir()) == []
    for wrong in (str(desk.folder), str(desk.folder / "files"), "usb", "\0"):
        assert refused(office_settings.set_backup_place, desk, boss, wrong).code == "backup-folder"
    assert office_settings.set_backup_place(desk, boss, "") == ""
    assert backup_folder(desk) == desk.folder / "backups"


def test_shipped_wording_says_that_nobody_answers_for_it(desk):
    lines, confirmed = office_settings.stamp_wording(desk, Kind.COPY)
    assert lines and not confirmed


def test_a_forgotten_password_is_answered_by_one_for_once(desk, boss):
    clerk = officer(desk)
    for _ in range(3):
        refused(access.sign_in, desk, "canbo", "sai")
    given = officers.reset_password(desk, officer(desk, "lanhdao"), clerk.id)
    assert refused(access.sign_in, desk, "canbo", demo_password()).code == "wrong-login"
    assert access.sign_in(desk, "canbo", given.one_time_password) == clerk, "the waiting ended too"
    assert access.must_change_password(desk, clerk)
    assert audited(desk, "reset_password") == [(clerk.id, [])]
    assert refused(officers.reset_password, desk, boss, boss.id).code == "own-account"
    assert refused(officers.reset_password, desk, clerk, boss.id).code == "not-permitted"
    with pytest.raises(NotFoundError):
        officers.reset_password(desk, boss, "khong-co")


def test_who_leaves_signs_in_no_more_and_signs_for_nobody(desk, boss):
    clerk, leader = officer(desk), officer(desk, "lanhdao")
    save_draft(desk, clerk, "d" * 32, "reception", "name", {"name": "Ma Thị Hường"})
    today = MONDAY.date()
    delegation.delegate(desk, leader, clerk.id, today, today + timedelta(days=3), "nghỉ phép")
    assert delegation.may_lead(desk, clerk)
    assert not officers.deactivate_officer(desk, boss, clerk.id).active
    assert not officers.deactivate_officer(desk, boss, clerk.id).active, "twice is as once"
    assert len(audited(desk, "deactivate_officer")) == 1
    assert not delegation.may_lead(desk, clerk)
    assert refused(access.sign_in, desk, "canbo", demo_password()).code == "wrong-login"
    assert refused(officers.reset_password, desk, boss, clerk.id).code == "officer-left"
    assert clerk not in access.list_officers(desk)
    back = officers.reactivate_officer(desk, boss, clerk.id)
    assert access.sign_in(desk, "canbo", back.one_time_password) == clerk
    assert len(open_drafts(desk, clerk)) == 1, "nothing typed is lost"
    assert not delegation.may_lead(desk, clerk), "what ended does not come back by itself"


def test_the_last_administrator_stays(desk, boss):
    second = access.add_officer(desk, boss, "quantri2", "Nông Văn Bình", Role.ADMINISTRATOR).officer
    assert officers.change_role(desk, second, boss.id, Role.RECEPTION).officer.role is Role.RECEPTION
    stale = refused(officers.deactivate_officer, desk, boss, second.id)
    assert stale.code == "not-permitted", "who lost the role meanwhile decides no more"
    third = access.add_officer(desk, second, "quantri3", "Lý Thị Cúc", Role.ADMINISTRATOR).officer
    officers.deactivate_officer(desk, second, third.id)
    assert refused(officers.deactivate_officer, desk, second, second.id).code == "own-account"
    assert [one.officer for one in officers.list_accounts(desk, second) if one.active][-1:] == [second]


def test_two_administrators_cannot_remove_each_other(desk, boss):
    """Each has read the list; the one whose turn comes second has no account any more."""
    second = access.add_officer(desk, boss, "quantri2", "Nông Văn Bình", Role.ADMINISTRATOR).officer
    officers.deactivate_officer(desk, boss, second.id)
    assert refused(officers.deactivate_officer, desk, second, boss.id).code == "not-permitted"
    active = [one for one in officers.list_accounts(desk, boss) if one.active]
    assert boss in [one.officer for one in active]


def test_the_list_shows_who_left_and_who_must_change(desk, boss):
    new = access.add_officer(desk, boss, "moi", "Triệu Thị Mới", Role.PROCESSING).officer
    officers.deactivate_officer(desk, boss, officer(desk).id)
    shown = {one.officer.login: (one.active, one.must_change) for one in officers.list_accounts(desk, boss)}
    assert shown["moi"] == (True, True) and shown["canbo"] == (False, False)
    assert officers.change_role(desk, boss, new.id, Role.AUDITOR).officer.role is Role.AUDITOR
    assert audited(desk, "change_role") == [(new.id, ["role"])]
    assert refused(officers.list_accounts, desk, new).code == "not-permitted"
