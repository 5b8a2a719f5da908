"""What keys do in the parts: the checklist, the segments, fields, popup list, grid, rail."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.errors import RuleError
from app.ui.widgets import (
    CheckItem,
    CheckList,
    Choice,
    ChoiceField,
    Column,
    ColumnKind,
    DataTable,
    DateField,
    Field,
    NavItem,
    NavRail,
    Need,
    RowItem,
    RowList,
    SearchField,
    SegmentedChoice,
    near,
)
from app.ui.widgets.check_list import CAPS
from tests.ui.widgets_rig import dressed, press, shown

ENTER, DOWN, UP, ESC = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Escape


@pytest.fixture(autouse=True)
def _dressed() -> None:
    dressed()


def _papers(count: int) -> list[CheckItem]:
    return [CheckItem(f"p{n}", f"Giấy tờ số {n}", "Bắt buộc", "Bản chính · 1") for n in range(1, count + 1)]


def _list(count: int) -> tuple[CheckList, list[tuple[str, bool]], list[str]]:
    checks = CheckList(name="Thành phần")
    checks.set_items(_papers(count))
    toggled: list[tuple[str, bool]] = []
    accepted: list[str] = []
    checks.toggled.connect(lambda key, on: toggled.append((key, on)))
    checks.accepted.connect(lambda: accepted.append("yes"))
    shown(checks, 400, 300)
    checks.setFocus()
    return checks, toggled, accepted


def test_a_digit_toggles_its_row_and_moves_there() -> None:
    checks, toggled, _ = _list(6)
    press(checks, "4", "4", "2")
    assert toggled == [("p4", True), ("p4", False), ("p2", True)]
    assert checks.current_id() == "p2"
    assert checks.checked_ids() == ["p2"]


def test_rows_beyond_nine_have_keys_that_unikey_never_changes() -> None:
    checks, toggled, _ = _list(25)
    press(checks, "0", "b", "v")
    assert toggled == [("p10", True), ("p11", True), ("p22", True)]
    assert not set(CAPS.lower()) & set("aeowdsfrxjzuiy")
    assert checks.cap_of(22) == ""


def test_a_digit_without_a_row_does_nothing() -> None:
    checks, toggled, _ = _list(3)
    press(checks, "9", "q", "x")
    assert toggled == []
    assert checks.current_id() == "p1"


def test_arrows_move_space_toggles_enter_accepts() -> None:
    checks, toggled, accepted = _list(6)
    press(checks, DOWN, DOWN, Qt.Key.Key_Space, UP)
    assert toggled == [("p3", True)]
    assert checks.current_id() == "p2"
    press(checks, ENTER)
    assert accepted == ["yes"]
    assert checks.checked_ids() == ["p3"]


def test_missing_rows_are_marked_and_a_tick_takes_the_mark_away() -> None:
    checks, _, _ = _list(6)
    checks.set_missing(["p5", "p2"])
    assert checks.current_id() == "p2"
    assert [item.id for item in checks.items() if item.need is Need.MISSING] == ["p2", "p5"]
    press(checks, "5")
    checks.set_missing(["p2"])
    assert [item.id for item in checks.items() if item.need is Need.MISSING] == ["p2"]


def test_the_row_reached_is_scrolled_into_sight() -> None:
    checks, _, _ = _list(20)
    press(checks, "0")
    assert checks.viewport().rect().contains(checks.visualRect(checks.currentIndex()).center())


def test_segments_change_by_arrows_and_stop_at_the_ends() -> None:
    ways = SegmentedChoice(
        (("counter", "Tại quầy"), ("post", "Bưu chính"), ("online", "Điện tử")), name="Nhận"
    )
    seen: list[str] = []
    ways.changed.connect(seen.append)
    shown(ways)
    press(ways, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Home)
    assert seen == ["post", "online", "counter"]
    assert ways.accessibleName() == "Nhận: Tại quầy"
    with pytest.raises(ValueError, match="pigeon"):
        ways.set_value("pigeon")


def _parse(text: str) -> date:
    if text == "30022026":
        raise RuleError("date", "Không có ngày 30/02.", "Gõ lại, ví dụ 28022026.")
    return date(2026, 11, 22)


def test_a_wrong_date_says_why_and_stays_as_typed() -> None:
    field = DateField("Ngày sinh", _parse)
    values: list[object] = []
    field.value_changed.connect(values.append)
    shown(field)
    field.line.setFocus()
    press(field.line, "30022026", ENTER)
    assert field.text() == "30022026"
    assert field.error() == "Không có ngày 30/02. Gõ lại, ví dụ 28022026."
    field.set_text("")
    press(field.line, "22112026", ENTER)
    assert (field.text(), field.error()) == ("22/11/2026", "")
    assert field.value() == date(2026, 11, 22)
    assert values == [date(2026, 11, 22)]


def test_text_is_put_in_order_on_leaving_never_while_typing() -> None:
    page = QWidget()
    box = QVBoxLayout(page)
    name, other = Field("Họ và tên", tidy=str.title), Field("Khác")
    box.addWidget(name)
    box.addWidget(other)
    shown(page, 400, 200)
    name.line.setFocus()
    event = QInputMethodEvent()
    event.setCommitString("lò thị ấm")
    QApplication.sendEvent(name.line, event)
    assert name.text() == "lò thị ấm"
    other.line.setFocus()
    assert name.text() == "Lò Thị Ấm"


def test_a_found_choice_is_taken_by_enter_and_the_text_is_never_completed() -> None:
    page = QWidget()
    box = QVBoxLayout(page)
    offered = [Choice("a", "Đăng ký khai sinh", "1.001193"), Choice("b", "Đăng ký khai tử")]
    search = SearchField("Thủ tục", lambda _text: offered)
    box.addWidget(search)
    box.addStretch(1)
    taken: list[str] = []
    search.chosen.connect(taken.append)
    shown(page, 400, 300)
    search.line.setFocus()
    press(search.line, "k")
    assert search.text() == "k"
    assert search.popup().isVisible()
    assert search.popup().geometry().top() < 300
    press(search.line, DOWN, ENTER)
    assert (taken, search.value(), search.text()) == (["b"], "b", "Đăng ký khai tử")
    assert not search.popup().isVisible()
    press(search.line, "x")
    assert search.value() is None
    press(search.line, ESC)
    assert not search.popup().isVisible()
    assert search.line.hasFocus()


def test_a_closed_choice_changes_by_arrows_letters_and_its_list() -> None:
    page = QWidget()
    box = QVBoxLayout(page)
    field = ChoiceField("Kết quả", [Choice("a", "Chưa xong"), Choice("b", "Đã xong"), Choice("c", "Hẹn lại")])
    box.addWidget(field)
    box.addStretch(1)
    seen: list[str] = []
    field.changed.connect(seen.append)
    shown(page, 300, 300)
    line = field.box.line
    line.setFocus()
    press(line, DOWN, DOWN, "h")
    press(line, Qt.Key.Key_Space)
    assert field.popup().isVisible()
    press(line, UP, ENTER)
    assert seen == ["a", "b", "c", "b"]


def _grid() -> DataTable:
    table = DataTable(
        [
            Column("no", "Số", ColumnKind.MUTED),
            Column("name", "Chủ hồ sơ", ColumnKind.STRONG, stretch=True),
            Column("state", "Tình trạng", ColumnKind.STATE),
            Column("fee", "Phí (đ)", ColumnKind.AMOUNT),
            Column("act", "Việc", ColumnKind.LINK),
        ]
    )
    table.set_rows(
        [("1", "Ma Thị Hường", near("Hạn hôm nay"), 16000, "Mở"), ("2", "Lý Văn Dậu", None, 0, "Mở")],
        ["x", "y"],
    )
    shown(table, 600, 200)
    return table


def test_ctrl_c_copies_rows_that_excel_can_add() -> None:
    table = _grid()
    table.selectAll()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied == [
        "Số\tChủ hồ sơ\tTình trạng\tPhí (đ)",
        "1\tMa Thị Hường\tHạn hôm nay\t16000",
        "2\tLý Văn Dậu\t\t0",
    ]


def test_enter_opens_the_row_and_the_same_row_stays_current_after_new_rows() -> None:
    table = _grid()
    opened: list[int] = []
    table.opened.connect(opened.append)
    table.select_row(1)
    press(table, ENTER)
    assert opened == [1]
    table.set_rows(
        [("3", "A", None, 0, ""), ("2", "Lý Văn Dậu", None, 0, ""), ("1", "B", None, 0, "")], ["z", "y", "x"]
    )
    assert table.current_key() == "y"


def test_columns_are_remembered() -> None:
    table = _grid()
    table.set_column_shown("fee", False)
    table.horizontalHeader().moveSection(1, 0)
    table.horizontalHeader().resizeSection(0, 133)
    state = table.columns_state()
    other = _grid()
    other.restore_columns([*state, {"key": "gone", "width": 3}])
    assert [entry["key"] for entry in other.columns_state()] == ["name", "no", "state", "fee", "act"]
    assert other.isColumnHidden(3)
    assert other.columnWidth(0) == 133


def test_states_amounts_and_numbers_are_never_cut() -> None:
    table = _grid()
    table.resize(150, 200)
    for place in range(5):
        if table.column(place).kind in (ColumnKind.STATE, ColumnKind.AMOUNT, ColumnKind.MUTED):
            index = table.model().index(0, place)
            assert not table._cells.is_cut(index, table.columnWidth(place))


def test_a_row_list_skips_headings_and_announces_only_the_officers_moves() -> None:
    rows = RowList([RowItem("", "Có sẵn", heading=True), RowItem("a", "Đang xử lý"), RowItem("b", "Quá hạn")])
    picked: list[str] = []
    rows.picked.connect(picked.append)
    shown(rows, 200, 200)
    rows.set_current("a")
    assert picked == []
    press(rows, DOWN)
    assert picked == ["b"]
    rows.set_items([RowItem("b", "Quá hạn", right="3")])
    assert (rows.current_key(), picked) == ("b", ["b"])


def test_a_low_rail_keeps_where_we_are_and_puts_the_rest_behind_more() -> None:
    places = [NavItem(f"n{i}", f"Nơi {i}", "home", main=i < 3) for i in range(12)]
    rail = NavRail(places)
    rail.set_current("n9")
    shown(rail, 192, 330)
    visible = [row.item.key for row in rail._rows if row.isVisible()]
    assert {"n0", "n1", "n2", "n9"} <= set(visible)
    assert len(visible) < 12
    assert rail._more.isVisible()
    rail.resize(192, 700)
    assert all(row.isVisible() for row in rail._rows)
    assert not rail._more.isVisible()
    rail._rows[0].setFocus()
    press(rail._rows[0], DOWN)
    assert rail._rows[1].hasFocus()
