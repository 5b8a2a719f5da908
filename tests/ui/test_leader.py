"""Lãnh đạo by keys: Enter shows what is signed, F9 signs and goes on, F6 sends back with words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.clock import FixedClock
from app.domain.dossier_status import Act, Status
from app.services.desk import Desk
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.people.approvals import approvals_of, ask_approval, waiting_approvals
from app.services.people.delegation import delegate, list_delegations
from app.ui.leader.screen import LeaderScreen
from app.ui.widgets import Mode
from tests.support.desk import MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import Window, a_screen, compose, settle
from tests.ui.shell_rig import a_window

F6, F9, ENTER, ESC = Qt.Key.Key_F6, Qt.Key.Key_F9, Qt.Key.Key_Return, Qt.Key.Key_Escape
STOP = ActOrder(Act.STOP, reason="Nộp trùng với hồ sơ tháng trước")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    opened = make_desk(tmp_path, clock)
    yield opened
    opened.close()


def lay(desk: Desk, clock: FixedClock, count: int) -> list[str]:
    """So many dossiers, each with a stop laid before the leader; their numbers, the oldest first."""
    numbers = []
    for _ in range(count):
        number = receive_dossier(desk, officer(desk), birth()).number
        ask_approval(desk, officer(desk), number, STOP, "Đã báo công dân")
        clock.advance(timedelta(minutes=1))
        numbers.append(number)
    return numbers


def status(desk: Desk, number: str) -> Status:
    return show_dossier(desk, officer(desk), number, audited=False).status


def open_screen(desk: Desk, size: tuple[int, int] = (1366, 696), **look):  # type: ignore[no-untyped-def]
    return a_screen(desk, LeaderScreen, desk.folder, size=size, by=officer(desk, "lanhdao"), **look)


def screen_of(window: Window) -> LeaderScreen:
    assert isinstance(window.screen, LeaderScreen)
    return window.screen


def press(window: Window, key: Qt.Key) -> None:
    """A key of the window where the screen has one, else to what has the focus."""
    names = {F6: "F6", F9: "F9", ESC: "Esc"}
    acts = {act.key: act.call for act in screen_of(window).keys()}  # noqa: SIM118
    if key in names:
        acts[names[key]]()
    else:
        QTest.keyClick(QApplication.focusWidget() or window, key)
    settle(window.screen.context.background)


def test_two_keys_sign_the_first_and_one_each_after(desk: Desk, clock: FixedClock) -> None:
    numbers = lay(desk, clock, 3)
    with open_screen(desk) as window:
        screen = screen_of(window)
        screen.view.waiting.table.setFocus()
        press(window, ENTER)
        assert screen.view.shows_signing()
        assert [status(desk, n) for n in numbers] == [Status.RECEIVED] * 3, "looking signs nothing"
        for done, _ in enumerate(numbers, 1):
            press(window, F9)
            ended = [status(desk, n) is Status.STOPPED for n in numbers]
            assert ended == [place < done for place in range(3)]
        assert not screen.view.shows_signing()
        assert screen.view.waiting.nothing.isVisible()
        assert screen.view.news.isVisible()


def test_nothing_is_signed_unseen(desk: Desk, clock: FixedClock) -> None:
    (number,) = lay(desk, clock, 1)
    with open_screen(desk) as window:
        press(window, F9)
        assert screen_of(window).view.shows_signing()
        assert status(desk, number) is Status.RECEIVED


def test_what_is_signed_is_all_said(desk: Desk, clock: FixedClock) -> None:
    number = receive_dossier(desk, officer(desk), birth()).number
    due = MONDAY + timedelta(days=9, hours=8)
    ask_approval(
        desk, officer(desk), number, ActOrder(Act.EXTEND, reason="Chờ xác minh", due_at=due), "Kính trình"
    )
    with open_screen(desk) as window:
        press(window, F9)
        said = " ".join(
            label.text() for label in screen_of(window).view.signing.findChildren(type(window.header._title))
        )
    for words in ("Ma Thị Hường", number, "02/12/2026", "Chờ xác minh", "Kính trình", "Lục Thị Yến"):
        assert words in said, words


def test_sent_back_with_words(desk: Desk, clock: FixedClock) -> None:
    numbers = lay(desk, clock, 2)
    with open_screen(desk) as window:
        view = screen_of(window).view
        press(window, F6)
        assert view.signing.reason.isVisible()
        assert view.signing.reason.area.hasFocus()
        press(window, F6)
        assert view.signing.reason.error(), "words are asked for"
        compose(view.signing.reason.area, "Ghi rõ số hồ sơ trùng")
        press(window, F6)
        assert view.shows_signing(), "the next one is in sight"
        assert view.signing.reason.isHidden()
    assert status(desk, numbers[0]) is Status.RECEIVED
    (kept,) = approvals_of(desk, officer(desk), numbers[0])
    assert (kept.state, kept.answer) == ("declined", "Ghi rõ số hồ sơ trùng")


def test_escape_backs_out_step_by_step(desk: Desk, clock: FixedClock) -> None:
    lay(desk, clock, 1)
    with open_screen(desk) as window:
        view = screen_of(window).view
        press(window, F6)
        press(window, ESC)
        assert view.shows_signing() and view.signing.reason.isHidden()
        press(window, ESC)
        assert not view.shows_signing()
        assert view.waiting.table.hasFocus()
    assert len(waiting_approvals(desk, officer(desk))) == 1


def test_the_sheet_follows_the_row(desk: Desk, clock: FixedClock) -> None:
    lay(desk, clock, 2)
    first, second = waiting_approvals(desk, officer(desk))
    with open_screen(desk) as window:
        view = screen_of(window).view
        view.waiting.table.setFocus()
        press(window, ENTER)
        assert view.signing.laid() == first
        press(window, Qt.Key.Key_Down)
        assert view.signing.laid() == second


def test_overtaken_it_cannot_be_signed(desk: Desk, clock: FixedClock) -> None:
    number = receive_dossier(desk, officer(desk), birth()).number
    do_act(desk, officer(desk), number, ActOrder(Act.START))
    ask_approval(desk, officer(desk), number, ActOrder(Act.COMPLETE, result_no="12"))
    do_act(desk, officer(desk), number, ActOrder(Act.WITHDRAW))
    with open_screen(desk) as window:
        view = screen_of(window).view
        press(window, F9)
        assert not view.signing.sign.isEnabled()
        assert view.signing.notice.isVisible()
        press(window, F9)
        assert status(desk, number) is Status.WITHDRAWN


def test_delegation_is_given_and_taken_back(desk: Desk) -> None:
    clerk = officer(desk)
    with open_screen(desk) as window:
        view = screen_of(window).view
        view.stand_in.give.click()
        assert view.shows_delegating()
        form = view.delegating
        press(window, Qt.Key.Key_Down)
        assert form.deputy.value() == clerk.id
        press(window, ENTER)
        press(window, ENTER)
        QTest.keyClicks(form.last.line, "27112026")
        press(window, ENTER)
        compose(form.reason.line, "nghỉ phép")
        press(window, ENTER)
        assert not view.shows_delegating()
        (given,) = list_delegations(desk, clerk)
        assert (given.deputy_id, f"{given.to_day:%d/%m}") == (clerk.id, "27/11")
        view.stand_in.lines[0].end.click()
        settle(window.screen.context.background)
        assert list_delegations(desk, clerk) == ()


def test_a_wrong_day_is_said_beside_its_field(desk: Desk) -> None:
    with open_screen(desk) as window:
        form = screen_of(window).view.delegating
        screen_of(window).view.stand_in.give.click()
        press(window, Qt.Key.Key_Down)
        form.last.line.setText("20112026")
        form.reason.line.setText("x")
        form.give.click()
        settle(window.screen.context.background)
        assert form.last.error()
        assert screen_of(window).view.shows_delegating()


def test_picture_and_table_say_the_same(desk: Desk, clock: FixedClock) -> None:
    lay(desk, clock, 2)
    with open_screen(desk) as window:
        card = screen_of(window).view.by_officer
        assert [(load.name, load.open) for load in card.bars.loads()] == [(officer(desk).name, 2)]
        card.switch.click()
        assert card.table.isVisible() and not card.bars.isVisible()
        assert card.table.rows.rowCount() == 1


def test_an_empty_desk_invites(desk: Desk) -> None:
    with open_screen(desk) as window:
        view = screen_of(window).view
        assert view.waiting.nothing.isVisible() and view.late.nothing.isVisible()
        press(window, F9)
        assert not view.shows_signing()


@pytest.mark.parametrize(
    ("size", "factor", "mode"),
    [
        ((1366, 696), 1.0, Mode.LIGHT),
        ((911, 440), 1.0, Mode.LIGHT),
        ((1366, 696), 1.5, Mode.DARK),
    ],
)
@pytest.mark.parametrize("task", ["lists", "signing", "words", "delegating"])
def test_nothing_overlaps(
    desk: Desk, clock: FixedClock, size: tuple[int, int], factor: float, mode: Mode, task: str
) -> None:
    lay(desk, clock, 3)
    clock.advance(timedelta(days=9))
    with open_screen(desk, size, factor=factor, mode=mode) as window:
        screen = screen_of(window)
        if task in ("signing", "words"):
            press(window, F9)
        if task == "words":
            press(window, F6)
        if task == "delegating":
            screen.view.stand_in.give.click()
        settle(screen.context.background)
        assert find_overlaps(screen) == []


def test_only_who_leads_sees_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_window(tmp_path, monkeypatch, signed_in=False) as shell:
        window, desk = shell.window, shell.window.runtime.desk

        def places(login: str) -> list[str]:
            window.work_as(officer(desk, login))
            shell.settle()
            return [row.item.key for row in window.rail._rows]

        assert "leader" not in places("canbo")
        assert "leader" in places("lanhdao")
        assert "leader" not in places("canbo")
        delegate(desk, officer(desk, "lanhdao"), officer(desk).id, MONDAY.date(), MONDAY.date(), "đi họp")
        assert "leader" in places("canbo")
