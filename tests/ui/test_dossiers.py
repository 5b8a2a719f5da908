"""Hồ sơ through its window: found while typing, paged, sorted, selected, copied, opened, remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.domain.people import Person
from app.services.audit.log import LogQuery, read_log
from app.services.demo import filling as demo
from app.services.desk import Desk
from app.services.finding import grid
from app.services.finding.grid import GridQuery, Preset
from app.services.intake.reception import receive_dossier
from app.ui.dossiers import DossiersScreen, copying
from app.ui.dossiers.columns import PLACE_OF
from app.ui.dossiers.model import ON_ITS_WAY, PAGE
from app.ui.dossiers.opening import OpenDossier
from app.ui.widgets import Mode
from tests.support.desk import MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import Window, a_screen, compose, settle

KEY, NONE, SHIFT, CTRL = (
    Qt.Key,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk of 300 dossiers, none of which any test changes."""
    made = make_desk(tmp_path_factory.mktemp("grid"))
    demo.fill(made, officer(made), count=300, seed=11, until=MONDAY)
    return made


def rest(window: Window) -> None:
    """Answers, the numbers of all rows and sums have come."""
    for _ in range(3):
        settle(window.screen.context.background)
        QTest.qWait(110)
    settle(window.screen.context.background)


def screen_of(window: Window) -> DossiersScreen:
    """The screen of the window."""
    assert isinstance(window.screen, DossiersScreen)
    return window.screen


def owners(window: Window, count: int) -> list[str]:
    """Names in the first rows."""
    model = screen_of(window).model
    return [str(model.painted(place)[PLACE_OF["owner"]]) for place in range(min(count, model.rowCount()))]


def test_shows_every_dossier_newest_first(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        model = screen_of(window).model
        assert model.rowCount() == 300
        rows = [model.row(place) for place in range(40)]
        received = [row.received_at for row in rows if row]
        assert received == sorted(received, reverse=True) and len(received) == 40


def test_no_row_is_lacking_after_scrolling_to_the_end(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen = screen_of(window)
        screen.table.setFocus()
        QTest.keyClick(screen.table, KEY.Key_End, CTRL)
        assert screen.model.painted(299)[PLACE_OF["owner"]] == ON_ITS_WAY
        rest(window)
        assert screen.model.painted(299)[PLACE_OF["owner"]] != ON_ITS_WAY
        everything = grid.open_result(desk, officer(desk), GridQuery())
        assert screen.model.numbers == everything.row_numbers
        last = screen.model.row(299)
        assert last is not None and last.row_no == everything.row_numbers[299]
        middle = screen.model.painted(3 * PAGE // 2)
        assert middle[PLACE_OF["owner"]] == ON_ITS_WAY, "pages nobody looked at are not fetched"


def test_vietnamese_typed_by_input_method_finds_with_and_without_marks(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    for name in ("Đặng Thị Liên", "Giàng A Sùng", "Hờ"):
        receive_dossier(desk, officer(desk), birth(owner=Person(name=name)))
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        line = window.header.search.line
        line.setFocus()
        compose(line, "Đặng Thị")
        rest(window)
        assert owners(window, 5) == ["Đặng Thị Liên"]
        line.clear()
        for letter in "giang a s":
            QTest.keyClick(line, letter)
        rest(window)
        assert owners(window, 5) == ["Giàng A Sùng"]
        assert "khớp “giang a s”" in window.header._subtitle.text()
    desk.close()


def test_the_answer_shown_is_that_of_the_last_key(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        line = window.header.search.line
        line.setFocus()
        for letter in "nguyen thi":
            QTest.keyClick(line, letter)
        rest(window)
        wanted = grid.open_result(desk, officer(desk), GridQuery(text="nguyen thi"))
        assert 0 < wanted.total < 300
        assert screen_of(window).model.numbers == wanted.row_numbers


def test_a_search_without_result_names_its_conditions_and_offers_all(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument=Preset.WAITING) as window:
        screen = screen_of(window)
        everyone = grid.open_result(desk, officer(desk), GridQuery()).row_numbers
        returned = grid.page(desk, officer(desk), everyone[-1:])[0]
        screen.search(returned.number)
        rest(window)
        assert screen.model.rowCount() == 0
        assert "chờ công dân" in screen.view.nothing._hint.text()
        assert screen.view.everywhere.isVisible()
        screen.view.everywhere.click()
        rest(window)
        assert returned.owner_name in owners(window, 3)
        assert screen.query().preset is None


def test_filters_carry_their_counts_and_hold(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen, counts = screen_of(window), grid.counts(desk, officer(desk))
        shown = {item.key: item.right for item in screen.view.filters.list.items()}
        assert {preset: shown[preset.value] for preset in Preset} == {
            preset: f"{count:,}".replace(",", ".") for preset, count in counts.items()
        }
        screen.view.filters.list.setFocus()
        for _ in range(3):
            QTest.keyClick(screen.view.filters.list, KEY.Key_Up)
        rest(window)
        assert screen.query().preset is Preset.WAITING
        assert screen.model.rowCount() == counts[Preset.WAITING]


def test_chips_narrow_to_this_month_and_to_me(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen, by = screen_of(window), officer(desk)
        screen.view.bar.chips.toggled.emit("month", True)
        rest(window)
        month = grid.open_result(desk, by, GridQuery(month=MONDAY.date())).total
        assert screen.model.rowCount() == month and 0 < month < 300
        assert "tháng này" in window.header._subtitle.text()
        screen.view.bar.chips.toggled.emit("mine", True)
        rest(window)
        assert screen.query().officer_id == by.id
        assert "của tôi" in window.header._subtitle.text()


def test_a_click_on_the_head_sorts_and_a_second_turns_it(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen = screen_of(window)
        head = screen.table.horizontalHeader()
        at = PLACE_OF["owner"]
        spot = head.rect().center()
        spot.setX(head.sectionViewportPosition(at) + 20)
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, NONE, spot)
        rest(window)
        upwards = screen.model.numbers
        assert screen.table.sorted_by() == ("owner", False)
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, NONE, spot)
        rest(window)
        assert screen.table.sorted_by() == ("owner", True)
        names = [screen.model.row(place).owner_name for place in range(5)]  # type: ignore[union-attr]
        assert screen.model.numbers == upwards[::-1] and names[0] >= names[-1]


def test_shift_selects_and_the_status_bar_adds_up(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen = screen_of(window)
        screen.search_entered()
        for _ in range(9):
            QTest.keyClick(screen.table, KEY.Key_Down, SHIFT)
        rest(window)
        picked = screen.table.selected_numbers()
        totals = grid.totals(desk, officer(desk), picked)
        assert picked == screen.model.numbers[:10]
        assert window.said[0] == "Đã chọn 10 hồ sơ"
        assert f"{totals.fee_total:,}".replace(",", ".") in window.said[1]
        assert str(totals.fee_unknown) in window.said[1]


def test_everything_selected_is_everything_copied(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "STRETCH", 70)
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen = screen_of(window)
        screen.table.setFocus()
        QTest.keyClick(screen.table, KEY.Key_A, CTRL)
        QTest.keyClick(screen.table, KEY.Key_C, CTRL)
        rest(window)
        lines = QGuiApplication.clipboard().text().splitlines()
        assert len(lines) == 301
        assert lines[0].split("\t")[0] == "Số"
        numbers = {line.split("\t")[0] for line in lines[1:]}
        rows = grid.page(desk, officer(desk), screen.model.numbers)
        assert numbers == {row.number for row in rows}
        assert all("008" not in line.split("\t")[1] for line in lines[1:])
        fees = [line.split("\t")[6] for line in lines[1:]]
        assert all(fee == "" or fee.isdigit() for fee in fees), "Excel adds only plain digits"
        noted = read_log(desk, officer(desk, "lanhdao"), LogQuery(act="copy_rows"))
        assert [line.record for line in noted.lines] == ["300 dòng danh sách hồ sơ"]


def test_enter_opens_the_dossier_among_its_list(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen = screen_of(window)
        screen.search_entered()
        QTest.keyClick(screen.table, KEY.Key_Down)
        QTest.keyClick(screen.table, KEY.Key_Return)
        opening = window.went[-1].argument
        assert window.went[-1].screen == "dossier"
        assert isinstance(opening, OpenDossier) and opening.place == 1
        row = screen.model.row(1)
        assert row is not None and opening.dossier_id == row.id


def test_coming_back_puts_the_cursor_on_the_dossier_last_looked_at(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen = screen_of(window)
        rest(window)
        numbers = screen.model.numbers
        screen.shown(OpenDossier("", numbers, 130))
        rest(window)
        assert screen.table.currentIndex().row() == 130
        assert list(screen.table.selected_numbers()) == [numbers[130]]
        assert screen.table.rowAt(5) > 100


def test_reloading_keeps_cursor_selection_and_place(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    by = officer(desk)
    for count in range(60):
        receive_dossier(
            desk, by, birth(owner=Person(name=f"Vi Thị {chr(97 + count % 26)}{chr(97 + count // 26)}"))
        )
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen = screen_of(window)
        screen.search_entered()
        for _ in range(30):
            QTest.keyClick(screen.table, KEY.Key_Down)
        for _ in range(3):
            QTest.keyClick(screen.table, KEY.Key_Down, SHIFT)
        rest(window)
        picked, top = screen.table.selected_numbers(), screen.table.verticalScrollBar().value()
        receive_dossier(desk, by, birth(owner=Person(name="Người mới đến")))
        screen.reload(frozenset({"dossiers"}))
        rest(window)
        assert screen.model.rowCount() == 61
        assert screen.table.selected_numbers() == picked
        assert screen.table.currentIndex().row() == 34
        assert screen.table.verticalScrollBar().value() == top
    desk.close()


def test_columns_are_remembered(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen = screen_of(window)
        screen.view.bar.columns.chosen.emit("fee")
        screen.table.horizontalHeader().moveSection(1, 0)
        screen.hidden()
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        keys = screen_of(window)._shown_keys()
        assert keys[0] == "owner" and "fee" not in keys


def test_a_narrow_window_does_not_change_the_columns_remembered(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="", size=(911, 440)) as window:
        assert "fee" not in screen_of(window)._shown_keys()
        window.fit(1366, 696)
        assert "fee" in screen_of(window)._shown_keys()


def test_an_empty_desk_says_so(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen = screen_of(window)
        assert screen.view.nothing.isVisible() and not screen.view.everywhere.isVisible()
        assert "chưa có hồ sơ" in screen.view.nothing.accessibleName()
    desk.close()


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize(("size", "factor"), [((1366, 696), 1.0), ((911, 440), 1.0), ((1366, 696), 1.5)])
def test_nothing_overlaps(
    desk: Desk, tmp_path: Path, size: tuple[int, int], factor: float, mode: Mode
) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="", size=size, factor=factor, mode=mode) as window:
        assert find_overlaps(window) == []
        screen_of(window).search("không ai tên thế này")
        rest(window)
        assert find_overlaps(window) == []


def test_states_and_amounts_are_never_cut(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, DossiersScreen, tmp_path, argument="") as window:
        screen = screen_of(window)
        for key in ("number", "received", "due", "state", "fee", "sync"):
            place = PLACE_OF[key]
            width = screen.table.columnWidth(place)
            cut = [
                screen.model.painted(row)[place]
                for row in range(PAGE)
                if screen.table._quick.is_cut(screen.model.index(row, place), width)
            ]
            assert cut == [], key
