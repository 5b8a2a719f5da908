"""Hôm nay through its window: figures that lead somewhere, charts with their tables, reload, empty desk."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import update

from app.clock import FixedClock
from app.models import tables
from app.services.demo import filling as demo
from app.services.desk import Desk
from app.services.finding.grid import GridQuery, Preset
from app.services.intake.reception import receive_dossier
from app.services.overview.today import DueDay, HelpWeek, MonthShare, Overdue, Unsent, Waiting
from app.services.overview.today import today as services_today
from app.ui.dossiers.opening import OpenDossier
from app.ui.today import TodayScreen
from app.ui.today.due_chart import due_bars, due_rows
from app.ui.today.figures import late_detail, unsent_detail, waiting_detail
from app.ui.today.help_card import week_bars, week_words
from app.ui.today.month_chart import month_bars, month_rows
from app.ui.widgets import Mode
from tests.support.desk import MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import Window, a_screen, settle

TODAY = MONDAY.date()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk of 300 dossiers, none of which any test changes."""
    made = make_desk(tmp_path_factory.mktemp("today"))
    demo.fill(made, officer(made), count=300, seed=11, until=MONDAY)
    return made


def screen_of(window: Window) -> TodayScreen:
    """The screen of the window."""
    assert isinstance(window.screen, TodayScreen)
    return window.screen


def test_figures_are_those_of_the_store_and_lead_to_their_list(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, TodayScreen, tmp_path) as window:
        figures, day = screen_of(window).view.figures, services_today(desk, officer(desk))
        assert figures.due.accessibleName().startswith(f"{day.due_today.total} ")
        assert figures.late.accessibleName().startswith(f"{day.overdue.total} ")
        assert figures.waiting.accessibleName().startswith(f"{day.waiting.total} ")
        for tile, preset in (
            (figures.due, Preset.DUE_TODAY),
            (figures.late, Preset.OVERDUE),
            (figures.waiting, Preset.WAITING),
            (figures.unsent, Preset.UNSENT),
        ):
            tile.setFocus()
            QTest.keyClick(tile, Qt.Key.Key_Space)
            assert (window.went[-1].screen, window.went[-1].argument) == ("dossiers", preset)


def test_only_acts_that_exist_and_each_goes_to_its_screen(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, TodayScreen, tmp_path) as window:
        acts = screen_of(window).view.acts
        for button in (acts.receive, acts.look_up, acts.assist, acts.procedures):
            button.setFocus()
            QTest.keyClick(button, Qt.Key.Key_Space)
        screens = [where.screen for where in window.went]
        assert screens == ["reception", "dossiers", "account_help", "procedures"]


def test_enter_on_what_to_do_first_opens_it_and_esc_will_come_back_here(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, TodayScreen, tmp_path) as window:
        table = screen_of(window).view.first.table
        focus = window.screen.first_focus()
        assert focus is table
        table.setFocus()
        table.select_row(0)
        QTest.keyClick(table, Qt.Key.Key_Return)
        first = services_today(desk, officer(desk)).first[0]
        assert window.went[-1].argument == OpenDossier(first.dossier_id, back="today")
        assert window.went[-1].screen == "dossier"


def test_see_all_asks_for_what_is_under_way_by_due_date(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, TodayScreen, tmp_path) as window:
        screen_of(window).view.first.all_asked.emit()
        query = window.went[-1].argument
        assert isinstance(query, GridQuery) and query.preset is Preset.WORKING and not query.descending


def test_each_chart_turns_into_a_table_of_the_same_numbers(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, TodayScreen, tmp_path) as window:
        view = screen_of(window).view
        for card in (view.due, view.months):
            card.switch.setFocus()
            QTest.keyClick(card.switch, Qt.Key.Key_Space)
            assert card.table.isVisible() and not card.chart.isVisible()
            assert card.table.rows.rowCount() == len(card.chart.bars())
            assert find_overlaps(window) == []
        model, bars = view.due.table.model(), view.due.chart.bars()
        due = [int(str(model.index(row, 1).data())) for row in range(len(bars))]
        assert due == [bar.value for bar in bars]
        QTest.keyClick(view.due.switch, Qt.Key.Key_Space)
        assert view.due.chart.isVisible() and not view.due.table.isVisible()


def test_reload_shows_the_dossier_just_received(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    with a_screen(desk, TodayScreen, tmp_path) as window:
        screen = screen_of(window)
        assert screen.view.nothing.isVisible() and not screen.view.figures.isVisible()
        receive_dossier(desk, officer(desk), birth())
        screen.reload(frozenset({"catalogue"}))
        settle(screen.context.background)
        assert screen.view.nothing.isVisible(), "only what is counted here loads it anew"
        screen.reload(frozenset({"dossiers"}))
        settle(screen.context.background)
        assert not screen.view.nothing.isVisible()
        assert screen.view.acts._count.text() == "1 hồ sơ"
        assert screen.view.first.table.rows.rowCount() == 1
    desk.close()


def test_an_empty_desk_invites(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    with a_screen(desk, TodayScreen, tmp_path) as window:
        view = screen_of(window).view
        QTest.mouseClick(view.receive, Qt.MouseButton.LeftButton)
        assert window.went[-1].screen == "reception"
        assert find_overlaps(window) == []
    desk.close()


def test_a_desk_at_rest_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    receive_dossier(desk, officer(desk), birth())
    with desk.store.write() as connection:
        connection.execute(update(tables.dossier).values(status=10, sync_state="accepted"))
    desk.close()
    later = make_desk(tmp_path, FixedClock(MONDAY + timedelta(days=400)))
    with a_screen(later, TodayScreen, tmp_path) as window:
        assert not screen_of(window).view.nothing.isVisible()
    later.close()


def test_tomorrows_holiday_stands_in_the_status_bar(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, TodayScreen, tmp_path) as window:
        assert window.said and "Ngày mai 24/11" in window.said[0]


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize(
    ("size", "factor"), [((1366, 696), 1.0), ((1280, 648), 1.0), ((911, 440), 1.0), ((1366, 696), 1.5)]
)
def test_nothing_overlaps(
    desk: Desk, tmp_path: Path, size: tuple[int, int], factor: float, mode: Mode
) -> None:
    with a_screen(desk, TodayScreen, tmp_path, size=size, factor=factor, mode=mode) as window:
        assert find_overlaps(window) == []


def test_the_whole_day_fits_without_scrolling_where_the_window_is_wide(desk: Desk, tmp_path: Path) -> None:
    for size in ((1366, 696), (1280, 648)):
        with a_screen(desk, TodayScreen, tmp_path, size=size) as window:
            view = screen_of(window).view
            assert not view.scroll.isVisible(), size
            view.due.switch.click()
            view.months.switch.click()
            settle(window.screen.context.background)
            assert find_overlaps(window) == []
            assert view.help.geometry().bottom() <= view.help.parentWidget().height()
            assert view.first.table.viewport().height() >= 3 * view.first.table.row_height()
            window.fit(911, 440)
            assert view.scroll.isVisible()
            window.fit(*size)
            assert not view.scroll.isVisible() and view.help.isVisible()


def test_holidays_are_hatched_weekends_are_gaps() -> None:
    days = (
        DueDay(TODAY, 6, 3),
        DueDay(date(2026, 11, 24), 0, 0, holiday="Ngày Văn hóa Việt Nam"),
        DueDay(date(2026, 11, 30), 17, 17, gap_before=True),
    )
    now, holiday, monday = due_bars(days, TODAY)
    assert (now.label, now.value, now.part, now.now) == ("Hôm nay", 6, 3, True)
    assert (holiday.holiday, holiday.holiday_detail) == ("Nghỉ lễ", "Văn hóa")
    assert monday.gap_before and monday.part == 0, "what is not done matters today"
    assert [row[1:] for row in due_rows(days, TODAY)] == [[6, 3, 3], [0, 0, 0], [17, 0, 17]]


def test_a_holiday_with_dossiers_given_by_hand_keeps_its_bar() -> None:
    (bar,) = due_bars((DueDay(date(2026, 11, 24), 2, 2, holiday="Ngày Văn hóa Việt Nam"),), TODAY)
    assert bar.value == 2 and not bar.holiday


def test_a_month_without_dossiers_has_no_share() -> None:
    months = (MonthShare(date(2026, 10, 1), 0, 0), MonthShare(date(2026, 11, 1), 8, 7))
    nothing, share = month_bars(months, TODAY)
    assert (nothing.text, nothing.value) == ("–", 0)
    assert (share.text, share.part, share.now) == ("87,5", 12.5, True)
    assert month_rows(months)[1] == ["11/2026", 8, 1, "87,5 %"]


def test_days_of_help_to_come_stand_empty() -> None:
    week = HelpWeek(((date(2026, 11, 23), 3), (date(2026, 11, 24), 4)), 2)
    bars = week_bars(week, date(2026, 11, 24))
    assert [bar.label for bar in bars] == ["T2", "T3", "T4", "T5", "T6"]
    assert [bar.text for bar in bars] == ["", "", " ", " ", " "]
    assert week_words(week) == "7 lượt, 2 người đã đăng nhập được Cổng"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (late_detail(Overdue(0, 0)), "Mọi hồ sơ còn trong hạn"),
        (late_detail(Overdue(1, 1)), "Chưa có văn bản xin lỗi"),
        (late_detail(Overdue(2, 2)), "Cả 2 chưa có văn bản xin lỗi"),
        (late_detail(Overdue(3, 1)), "1 chưa có văn bản xin lỗi"),
        (late_detail(Overdue(3, 0)), "Đã có văn bản xin lỗi"),
        (waiting_detail(Waiting(5, MONDAY, 6)), "Đồng hồ đang dừng, lâu nhất 6 ngày"),
        (waiting_detail(Waiting(0, None, None)), "Không ai phải bổ sung giấy tờ"),
        (unsent_detail(Unsent(12, MONDAY, 32)), "Lâu nhất 32 phút, tự gửi khi có mạng"),
        (unsent_detail(Unsent(12, MONDAY, 125)), "Lâu nhất 2 giờ, tự gửi khi có mạng"),
        (unsent_detail(Unsent(12, MONDAY, 3000)), "Lâu nhất 2 ngày, tự gửi khi có mạng"),
        (unsent_detail(Unsent(0, None, None)), "Tỉnh đã nhận đủ"),
    ],
)
def test_what_stands_under_a_figure(words: str, said: str) -> None:
    assert words == said
