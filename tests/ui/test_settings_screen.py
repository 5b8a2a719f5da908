"""Cài đặt by real keys: sections by role, refusals beside their fields, a password shown once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.clock import FixedClock
from app.domain.certification import Kind
from app.domain.roles import Role
from app.domain.stamp_text import PLACES, StampLine
from app.errors import RuleError
from app.services.desk import Desk
from app.services.money.fee_account import fee_account
from app.services.money.tariff import tariff_lines
from app.services.office_settings import (
    allowed_extensions,
    closing_time,
    day_decisions,
    desk_words,
    stamp_wording,
)
from app.services.people import access, officers
from app.services.queue.numbers import queue_enabled
from app.services.safety.automatic import backup_age
from app.settings import Settings
from app.ui.registry import rail_items
from app.ui.screen import Destination
from app.ui.settings.account import AccountSection
from app.ui.settings.counter import CounterSection
from app.ui.settings.days import DaysSection
from app.ui.settings.password import PasswordSection
from app.ui.settings.people import PeopleSection
from app.ui.settings.rules import RulesSection
from app.ui.settings.safekeeping import BackupSection
from app.ui.settings.screen import SettingsScreen
from app.ui.settings.section import Section
from app.ui.settings.tariff import TariffSection
from app.ui.settings.wording import WordingSection
from app.ui.settings.wording_text import PLACE_WORDS, as_lines, as_text
from app.ui.widgets import NoticeKind, theme
from tests.support.desk import MONDAY, demo_password, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import Window, a_screen, compose, settle
from tests.ui.shell_rig import CARD, a_window

Key = Qt.Key
Kind_ = TypeVar("Kind_", bound=Section)
ALL = [
    "counter",
    "password",
    "people",
    "tariff",
    "account",
    "days",
    "rules",
    "wording",
    "backup",
    "key",
    "terms",
    "support",
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path, FixedClock(MONDAY), shared_reference=False)
    yield made
    made.close()


@contextmanager
def settings(
    desk: Desk, folder: Path, login: str = "quantri", **more: object
) -> Iterator[tuple[SettingsScreen, Window]]:
    by = officer(desk, login)
    with a_screen(desk, SettingsScreen, folder, by=by, **more) as window:  # type: ignore[arg-type]
        assert isinstance(window.screen, SettingsScreen)
        window.activateWindow()
        window.screen.list.setFocus()
        yield window.screen, window


def opened(screen: SettingsScreen, kind: type[Kind_]) -> Kind_:
    """The section, come to by the arrows of the list."""
    window = screen.window().windowHandle()
    screen.list.setFocus()
    for _ in range(len(ALL)):
        QTest.keyClick(window, Key.Key_Up)
    while not isinstance(screen.section, kind):
        before = screen.section
        QTest.keyClick(window, Key.Key_Down)
        assert screen.section is not before, "the end of the list"
    settle(screen.context.background)
    section = screen.section
    assert isinstance(section, kind)
    return section


def press(screen: SettingsScreen, key: Qt.Key = Key.Key_Return) -> None:
    QTest.keyClick(screen.window().windowHandle(), key)
    settle(screen.context.background)


def type_in(screen: SettingsScreen, *texts: str) -> None:
    """Into what has the focus, Enter after each."""
    for text in texts:
        here = screen.window().focusWidget()
        assert here is not None
        compose(here, text) if not text.isascii() else [
            QTest.keyClick(screen.window().windowHandle(), sign) for sign in text
        ]
        press(screen)


def save(screen: SettingsScreen) -> None:
    """Ctrl+S, as the window hands it on."""
    next(act for act in SettingsScreen.keys(screen) if act.key == "Ctrl+S").call()
    settle(screen.context.background)


def focused(part: QWidget) -> bool:
    here = part.window().focusWidget()
    return here is not None and (here is part or part.isAncestorOf(here))


# ---- who sees what


@pytest.mark.parametrize(
    ("login", "keys"),
    [
        ("canbo", ["counter", "password", "backup", "requests", "consents", "support"]),
        (
            "lanhdao",
            [
                "counter",
                "password",
                "people",
                "tariff",
                "days",
                "rules",
                "backup",
                "requests",
                "consents",
                "terms",
                "support",
            ],
        ),
        ("quantri", ALL),
    ],
)
def test_each_role_sees_what_it_decides(desk: Desk, tmp_path: Path, login: str, keys: list[str]) -> None:
    with settings(desk, tmp_path, login) as (screen, _):
        assert [item.key for item in screen.list.items()] == keys
        for key in keys:
            screen.shown(key)
            settle(screen.context.background)
            assert screen.section is not None and screen.section.news.isHidden(), "nothing was refused"


def test_what_the_clerk_does_not_decide_is_not_there(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path, "canbo") as (screen, _):
        counter = opened(screen, CounterSection)
        assert not counter.naming.isVisible() and not counter.locking.isVisible()
        save(screen)
        assert desk_words(desk).name != ""
        assert not opened(screen, BackupSection).placing.isVisible()


def test_enter_goes_in_and_escape_comes_back(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path) as (screen, _):
        account = opened(screen, AccountSection)
        press(screen)
        assert focused(account.bin)
        press(screen, Key.Key_Escape)
        assert screen.list.hasFocus()


@pytest.mark.parametrize(
    ("login", "first", "rail"),
    [
        ("quantri", "settings", {"procedures", "sync", "audit", "settings"}),
        ("kiemtra", "dossiers", {"today", "dossiers", "cash", "procedures", "field", "audit", "settings"}),
    ],
)
def test_the_window_offers_no_place_that_would_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, login: str, first: str, rail: set[str]
) -> None:
    with a_window(tmp_path, monkeypatch, real_screens=True, signed_in=False) as shell:
        window = shell.window
        desk = window.runtime.desk
        access.add_officer(desk, officer(desk, "quantri"), "kiemtra", "Nông Văn Kiểm", Role.AUDITOR)
        by = officer(desk, login)
        window.work_as(by)
        shell.settle()
        shown = window.screen_shown
        assert shown is not None and shown.name == first
        assert {item.key for item in rail_items(audits=True, officer=by)} == rail
        shell.press(Key.Key_F2)
        window.go_to(Destination("reception", {"card": CARD}))
        shell.settle()
        assert window.screen_shown is shown, "F2 and a card lead nowhere"
        assert window.header.search.isVisible() is (login == "kiemtra")


# ---- this PC


def test_looks_and_hours_are_kept_and_forget_nothing_else(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path) as (screen, _):
        runtime = screen.context.runtime
        kept: list[Settings] = []
        runtime.save_settings = kept.append
        runtime.change_settings(printer="Quầy 2")
        counter = opened(screen, CounterSection)
        press(screen)
        press(screen, Key.Key_Right)
        assert theme().factor == 1.15 and counter.letters.value() == "115"
        counter.look.setFocus()
        press(screen, Key.Key_End)
        counter.minutes.setFocus()
        press(screen, Key.Key_Home)
        assert kept[-1] == Settings(text_scale=115, theme="dark", printer="Quầy 2", idle_lock_minutes=5)
        assert runtime.settings == kept[-1]
        assert counter.closing.value() == "19:00" and closing_time(desk) == time(19)
        counter.closing.setFocus()
        press(screen, Key.Key_Left)
        assert closing_time(desk) == time(18)
        press(screen, Key.Key_Home)
        assert closing_time(desk) is None and counter.news.kind() is NoticeKind.OK


def test_a_disk_that_takes_no_choice_is_told_kindly(desk: Desk, tmp_path: Path) -> None:
    def full(_settings: Settings) -> None:
        raise OSError(28, "No space left on device")

    with settings(desk, tmp_path) as (screen, _):
        screen.context.runtime.save_settings = full
        counter = opened(screen, CounterSection)
        press(screen)
        press(screen, Key.Key_Right)
        assert theme().factor == 1.15
        assert counter.news.kind() is NoticeKind.WARN and counter.news.isVisible()


def test_name_and_agency_code(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path) as (screen, _):
        counter = opened(screen, CounterSection)
        counter.name.clear()
        counter.name.setFocus()
        type_in(screen, "Quầy 5", "sai-ma")
        assert counter.agency.error() and focused(counter.agency)
        counter.agency.clear()
        counter.agency.setFocus()
        type_in(screen, "H60.12.34")
        words = desk_words(desk)
        assert (words.name, words.agency_code) == ("Quầy 5", "H60.12.34")
        assert counter.news.kind() is NoticeKind.OK


# ---- people


def test_a_new_officer_by_keys_and_the_password_once(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path) as (screen, _):
        people = opened(screen, PeopleSection)
        people.new.setFocus()
        press(screen, Key.Key_Space)
        assert focused(people.name)
        type_in(screen, "Vi Thị Lan", "lân")
        press(screen)
        assert people.login.error() and focused(people.login) and people.secret.isHidden()
        people.login.clear()
        type_in(screen, "lan")
        press(screen)
        once = people.password.text()
        assert people.secret.isVisible() and people.noted.hasFocus() and not people.adding.isVisible()
        assert access.sign_in(desk, "lan", once).role is Role.RECEPTION
        press(screen, Key.Key_Space)
        assert not people.secret.isVisible() and people.password.text() == ""
        assert "Vi Thị Lan" in [item.title for item in people.list.items()]


@pytest.mark.parametrize("away", ["lock", "section", "row"])
def test_the_one_time_password_goes_whenever_the_officer_looks_away(
    desk: Desk, tmp_path: Path, away: str
) -> None:
    with settings(desk, tmp_path, "lanhdao") as (screen, _):
        people = opened(screen, PeopleSection)
        press(screen)
        press(screen, Key.Key_Home)
        people.reset.setFocus()
        press(screen, Key.Key_Space)
        once = people.password.text()
        assert access.sign_in(desk, "canbo", once).login == "canbo"
        if away == "lock":
            screen.locked()
        elif away == "section":
            opened(screen, BackupSection)
        else:
            people.list.setFocus()
            press(screen, Key.Key_Down)
        assert people.password.text() == "" and people.secret.isHidden()


def test_role_leaving_and_coming_back(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path) as (screen, _):
        people = opened(screen, PeopleSection)
        assert people.own.isVisible() and not people.leave.isVisible(), "one's own account is picked first"
        press(screen)
        press(screen, Key.Key_Home)
        people.role.set_value(Role.PROCESSING.value)
        save(screen)
        assert officer(desk, "canbo").role is Role.PROCESSING and people.news.kind() is NoticeKind.OK
        people.leave.setFocus()
        press(screen, Key.Key_Space)
        active = {
            one.officer.login: one.active for one in officers.list_accounts(desk, screen.context.officer)
        }
        assert active["canbo"] is False and people.back.isVisible() and not people.reset.isVisible()
        people.back.setFocus()
        press(screen, Key.Key_Space)
        assert access.sign_in(desk, "canbo", people.password.text())


def test_the_leader_gives_passwords_and_no_roles(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path, "lanhdao") as (screen, _):
        people = opened(screen, PeopleSection)
        press(screen)
        press(screen, Key.Key_Home)
        assert people.reset.isVisible()
        for part in (people.role, people.keep, people.leave, people.new):
            assert not part.isVisible()


def test_my_own_password(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path, "canbo") as (screen, _):
        mine = opened(screen, PasswordSection)
        press(screen)
        type_in(screen, demo_password(), "mot cau de nho", "mot cau khac")
        assert mine.again.error() and not mine.old.error()
        mine.again.clear()
        type_in(screen, "mot cau de nho")
        assert mine.news.kind() is NoticeKind.OK and mine.old.text() == mine.new.text() == ""
        assert access.sign_in(desk, "canbo", "mot cau de nho")
        press(screen, Key.Key_Escape)
        mine.old.setFocus()
        type_in(screen, "sai roi", "mot cau moi nua", "mot cau moi nua")
        assert mine.old.error() and focused(mine.old)


# ---- the office


def test_a_tariff_line_by_keys(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path, "lanhdao") as (screen, _):
        tariff = opened(screen, TariffSection)
        press(screen)
        save(screen)
        assert tariff.procedure.error() and focused(tariff.procedure)
        type_in(screen, "khai sinh")
        assert tariff.procedure.value() == "1.001193" and focused(tariff.fee)
        press(screen)
        type_in(screen, "tam nghin")
        save(screen)
        assert tariff.amount.error() and focused(tariff.amount)
        tariff.amount.clear()
        type_in(screen, "8.000")
        save(screen)
        assert tariff.start.error(), "a line without its first day"
        tariff.start.set_text("01012026")
        save(screen)
        assert tariff.basis.error() and focused(tariff.basis)
        type_in(screen, "NQ số 12 (số liệu thử)")
        tariff.end.setFocus()
        type_in(screen, "31122025")
        save(screen)
        assert tariff.end.error() and tariff_lines(desk, screen.context.officer, "1.001193") == ()
        tariff.end.clear()
        compose(tariff.exempt.area, "hộ nghèo")
        save(screen)
        (line,) = tariff_lines(desk, screen.context.officer, "1.001193")
        assert (line.amount_vnd, line.fee_code, line.exemptions) == (8000, "LP", ("hộ nghèo",))
        assert line.effective_from == date(2026, 1, 1) and line.channel is None
        assert tariff.news.kind() is NoticeKind.OK and len(tariff.list.items()) == 1
        save(screen)
        assert len(tariff_lines(desk, screen.context.officer, "1.001193")) == 1, "nothing is entered twice"


def test_the_account_and_no_account(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path) as (screen, _):
        account = opened(screen, AccountSection)
        assert not account.drop.isVisible()
        press(screen)
        type_in(screen, "97", "0011004567", "UBND XA NA HANG", "")
        assert account.bin.error() and focused(account.bin) and fee_account(desk) is None
        account.bin.clear()
        type_in(screen, "970436")
        save(screen)
        kept = fee_account(desk)
        assert kept is not None and (kept.bin, kept.account) == ("970436", "0011004567")
        account.drop.setFocus()
        press(screen, Key.Key_Space)
        assert fee_account(desk) is None and not account.drop.isVisible()


def test_a_day_off_by_keys_and_back(desk: Desk, tmp_path: Path) -> None:
    thursday = date(2026, 11, 26)
    with settings(desk, tmp_path, "lanhdao") as (screen, _):
        days = opened(screen, DaysSection)
        press(screen)
        type_in(screen, "26112026")
        press(screen)
        type_in(screen, "Mất điện", "")
        assert days.basis.error() and focused(days.basis)
        type_in(screen, "CV số 12 (số liệu thử)")
        assert not desk.reference.calendar.is_working_day(thursday)
        assert days.news.kind() is NoticeKind.OK and focused(days.day)
        days.list.setFocus()
        press(screen, Key.Key_Home)
        assert days.reason.text() == "Mất điện"
        days.kind.setFocus()
        press(screen, Key.Key_End)
        assert not days.reason.isVisible()
        press(screen)
        assert desk.reference.calendar.is_working_day(thursday) and day_decisions(desk) == ()


def test_queue_and_putting_off(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path, "lanhdao") as (screen, _):
        rules = opened(screen, RulesSection)
        press(screen)
        press(screen, Key.Key_Right)
        assert queue_enabled(desk)
        for wrong in ("-1", "hai", "55"):
            rules.count.clear()
            rules.count.setFocus()
            type_in(screen, wrong)
            assert rules.count.error() and allowed_extensions(desk) == 1
        rules.count.clear()
        type_in(screen, "2")
        assert allowed_extensions(desk) == 2


def test_the_words_of_attestation(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path) as (screen, _):
        wording = opened(screen, WordingSection)
        assert wording.state.isVisible() and not wording.shipped.isVisible()
        shown = wording.words.text()
        wording.words.set_text(shown + "\nSố tiền {tiền}")
        save(screen)
        assert "{tiền}" in wording.words.error()
        wording.words.set_text(shown.replace("BẢN CHÍNH", "BẢN CHÍNH (thử)"))
        save(screen)
        lines, ours = stamp_wording(desk, Kind.COPY)
        assert ours and lines[0] == StampLine("CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH (thử)", strong=True)
        assert [line.room for line in lines].count(True) == 1
        assert not stamp_wording(desk, Kind.SIGNATURE)[1], "the other text is as it was"
        wording.shipped.setFocus()
        press(screen, Key.Key_Space)
        assert not stamp_wording(desk, Kind.COPY)[1] and wording.words.text() == shown


def test_a_backup_now_and_its_place(desk: Desk, tmp_path: Path) -> None:
    with settings(desk, tmp_path) as (screen, _):
        backup = opened(screen, BackupSection)
        backup.folder.setFocus()
        type_in(screen, str(tmp_path / "khong-co"))
        assert backup.folder.error() and focused(backup.folder)
        stick = tmp_path / "usb"
        stick.mkdir()
        backup.folder.clear()
        type_in(screen, str(stick))
        backup.now.setFocus()
        press(screen, Key.Key_Space)
        assert backup.news.kind() is NoticeKind.OK and backup_age(desk).at is not None
        assert [path.suffix for path in stick.iterdir()] == [".mcbackup"]


# ---- words and looks

_words = st.text(st.characters(codec="utf-8", exclude_characters="{}*_\r\n", exclude_categories=["C", "Z"]))
_places = st.sampled_from(sorted(PLACES)).map(lambda name: "{" + name + "}")
_texts = st.lists(_words | _places, min_size=1).map("".join).filter(bool)
_lines = st.builds(StampLine, _texts, st.booleans()) | st.just(StampLine("", room=True))


@given(st.lists(_lines, min_size=1))
def test_wording_reads_back_as_it_was(lines: list[StampLine]) -> None:
    assert as_lines(as_text(lines)) == tuple(lines)


@pytest.mark.parametrize("text", ["{ai đó}", "Số {số chứng thực", "}", "{{ngày}}", "{}"])
def test_a_place_nobody_knows_is_told(text: str) -> None:
    with pytest.raises(RuleError) as refused:
        as_lines(text)
    assert refused.value.field == "wording"


def test_every_place_has_one_vietnamese_name() -> None:
    assert set(PLACE_WORDS) == PLACES and len(set(PLACE_WORDS.values())) == len(PLACES)


@pytest.mark.parametrize(
    ("size", "factor"),
    [((1366, 696), 1.0), ((1366, 696), 1.5), ((911, 440), 1.0)],
    ids=["full", "150", "low"],
)
def test_nothing_overlaps(desk: Desk, tmp_path: Path, size: tuple[int, int], factor: float) -> None:
    with settings(desk, tmp_path, size=size, factor=factor) as (screen, _):
        for key in ALL:
            screen.shown(key)
            settle(screen.context.background)
            assert find_overlaps(screen) == [], key
            section = screen.section
            assert section is not None
            for field in section.fields.values():
                field.set_error("Câu báo lỗi dài để xem chữ có đè lên nhau không. Gõ lại rồi lưu lần nữa.")
            section.tell(
                NoticeKind.WARN, "Chưa làm được việc này.", "Thử lại sau ít phút; dữ liệu vẫn nguyên."
            )
            settle(screen.context.background)
            assert find_overlaps(screen) == [], f"{key} with errors"
