"""What the eye must find: a ring on whatever has the focus, whole letters, no part over another."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets import (
    Button,
    Card,
    CheckItem,
    CheckList,
    CheckRow,
    Chip,
    ChipBar,
    ChipItem,
    Choice,
    ChoiceField,
    DateField,
    Field,
    Kind,
    Label,
    Light,
    Mode,
    NumberTile,
    Progress,
    RowItem,
    RowList,
    SegmentedChoice,
    StateBadge,
    StatusLight,
    Type,
    WayOn,
    current,
    icon_names,
    late,
    theme,
)
from app.ui.widgets.avatar import initials_of
from app.ui.widgets.icons import IconView
from app.ui.widgets.progress import bytes_text, time_left_text
from tests.support.layout_check import find_overlaps
from tests.ui.widgets_rig import count_of, dressed, painted, shown
from tools.widget_gallery import PAGES, build


@pytest.fixture(autouse=True)
def _dressed() -> None:
    dressed()


def _checks() -> CheckList:
    checks = CheckList()
    checks.set_items([CheckItem("a", "Tờ khai"), CheckItem("b", "Giấy chứng sinh")])
    return checks


def _rows() -> RowList:
    rows = RowList([RowItem("a", "Đang xử lý"), RowItem("b", "Quá hạn")])
    rows.set_current("b")
    return rows


FOCUSABLE: dict[str, Callable[[], QWidget]] = {
    "button": lambda: Button("Để lại nháp"),
    "tinted": lambda: Button("Giữ theo phiếu", Kind.TINTED),
    "link": lambda: Button("Xem bảng", Kind.LINK),
    "primary": lambda: Button("Tiếp nhận", Kind.PRIMARY),
    "chip": lambda: Chip("Quên passcode"),
    "light": lambda: StatusLight(Light.OK, "Đã đồng bộ 10:42"),
    "tile": lambda: NumberTile(6, late("quá hạn")),
    "way": lambda: WayOn("Nhập tay", "Họ tên", cap="F2"),
    "check row": lambda: CheckRow("Đồng ý"),
    "segments": lambda: SegmentedChoice((("a", "Một"), ("b", "Hai"))),
    "checklist": _checks,
    "row list": _rows,
    "field": lambda: Field("Họ và tên"),
    "choice": lambda: ChoiceField("Kết quả", [Choice("a", "Xong")]),
}


@pytest.mark.parametrize("name", FOCUSABLE)
def test_focus_set_by_code_shows_a_blue_ring(name: str) -> None:
    page = QWidget()
    box = QVBoxLayout(page)
    part, other = FOCUSABLE[name](), Field("Chỗ khác")
    box.addWidget(part)
    box.addWidget(other)
    shown(page, 320, 260)
    other.line.setFocus()
    without = count_of(painted(part), current().blue)
    (part.focusProxy() or part).setFocus(Qt.FocusReason.OtherFocusReason)
    ring = count_of(painted(part), current().blue)
    if name == "primary":
        assert ring < without - 100, "the fill draws back to leave the gap of the ring"
    else:
        assert ring > without + 60


CAPITALS = "ẤỰỄẨỖ"


@pytest.mark.parametrize("factor", [1.0, 1.25, 1.5, 1.75])
@pytest.mark.parametrize("role", list(Type))
def test_marks_above_capitals_are_never_cut(role: Type, factor: float) -> None:
    theme().set_factor(factor)
    label = Label(CAPITALS, role, semibold=True)
    shown(label, label.sizeHint().width())
    label.resize(label.minimumSizeHint())
    tall = Label(CAPITALS, role, semibold=True)
    shown(tall, label.width())
    tall.resize(label.width(), label.height() * 2)
    ink = current().text
    assert count_of(painted(label), ink, 90) == count_of(painted(tall), ink, 90) > 20
    theme().set_factor(1.0)


def test_controls_are_as_tall_as_their_letters_need() -> None:
    for factor in (1.0, 1.5, 1.75):
        theme().set_factor(factor)
        least = Label("Ấ").minimumSizeHint().height()
        field = Field("Tên")
        for part in (
            Button("Ấ"),
            Chip("Ấ"),
            StateBadge(late("Ấ")),
            field.box,
            SegmentedChoice((("a", "Ấ"),)),
        ):
            assert part.sizeHint().height() >= least
        assert Button("Ấ").sizeHint().height() >= round(36 * factor)
    theme().set_factor(1.0)


def test_the_missing_mark_is_more_than_a_border() -> None:
    field = Field("Số định danh")
    shown(field, 320)
    plain = field.sizeHint().height()
    field.set_error("Số định danh có 11 chữ số, cần đủ 12.")
    assert field.sizeHint().height() > plain
    assert count_of(painted(shown(field, 320, field.sizeHint().height())), current().red, 20) > 60
    field.set_error(None)
    assert field.error() == ""


SIZES = [
    pytest.param(QSize(1366, 696), 1.0, Mode.LIGHT, id="100"),
    pytest.param(QSize(911, 440), 1.0, Mode.DARK, id="narrow"),
    pytest.param(QSize(1366, 696), 1.5, Mode.LIGHT, id="letters-150"),
    pytest.param(QSize(1366, 696), 1.25, Mode.LIGHT, id="letters-125"),
]


@pytest.mark.parametrize(("size", "factor", "mode"), SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_no_part_of_the_gallery_crosses_another(name: str, size: QSize, factor: float, mode: Mode) -> None:
    theme().set_mode(mode)
    theme().set_factor(factor)
    page = build(name, size)
    try:
        assert find_overlaps(page) == []
        assert page.size() == size, "the page needs more room than the screen has"
    finally:
        page.close()
        page.deleteLater()
        theme().set_mode(Mode.LIGHT)
        theme().set_factor(1.0)


def test_a_page_keeps_its_order_when_the_officer_makes_it_larger() -> None:
    page = build("01-intake", QSize(1366, 768))
    theme().set_factor(1.25)
    page.resize(1708, 960)
    QTest.qWait(20)
    try:
        assert find_overlaps(page) == []
    finally:
        page.close()
        theme().set_factor(1.0)


def test_the_checker_sees_what_is_wrong() -> None:
    page = QWidget()
    page.resize(200, 100)
    cut = Label("Một câu dài hơn chỗ của nó", parent=page)
    cut.setGeometry(0, 0, 60, 20)
    over = Button("Đè lên", parent=page)
    over.setGeometry(40, 0, 120, 36)
    out = Button("Ra ngoài", parent=page)
    out.setGeometry(150, 60, 120, 36)
    shown(page, 200, 100)
    said = "\n".join(find_overlaps(page))
    assert "text needs" in said
    assert "crosses" in said
    assert "leaves" in said


def test_every_control_of_the_gallery_has_a_name_for_readers() -> None:
    for name in PAGES:
        page = build(name, QSize(1366, 696))
        nameless = [
            type(part).__name__
            for part in page.findChildren(QWidget)
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus
            and part.isVisible()
            and not (part.accessibleName() or part.objectName().startswith("qt_"))
            and type(part).__module__.startswith("app.")
        ]
        page.close()
        assert [n for n in nameless if n not in ("ScrollColumn", "SlimScrollBar")] == [], name


def test_forty_parts_are_made_quickly() -> None:
    Card("warm")
    Field("warm")
    times = []
    for _ in range(3):
        start = time.perf_counter()
        page = QWidget()
        column = QVBoxLayout(page)
        for n in range(10):
            card = Card(f"Thẻ {n}")
            card.body.addWidget(Field("Họ và tên"))
            card.body.addWidget(Button("Lưu", icon="save", cap="F9"))
            card.body.addWidget(Label("Một dòng chữ", wrap=True))
            column.addWidget(card)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.060 * 2, "a screen of forty parts should be there at once"


def test_every_icon_draws_something() -> None:
    for name in icon_names():
        view = IconView(name, size=24)
        shown(view, 24, 24)
        assert count_of(painted(view), current().text, 60) > 5, name


class _Windows(QObject):
    """Notes every window that is shown, however briefly."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_making_parts_never_flashes_a_window() -> None:
    app, watch = dressed(), _Windows()
    app.installEventFilter(watch)
    kept = [make(False) for make in PAGES.values()]
    kept.append(Progress(note="Rớt mạng thì gửi tiếp."))
    app.removeEventFilter(watch)
    assert watch.seen == []
    assert len(kept) == len(PAGES) + 1


def test_chips_break_into_lines() -> None:
    bar = ChipBar([ChipItem(str(n), f"Điều kiện số {n}") for n in range(8)])
    shown(bar, 300)
    narrow = bar.heightForWidth(300)
    assert narrow > bar.heightForWidth(3000)
    assert find_overlaps(bar) == []


def test_numbers_of_a_transfer_are_written_our_way() -> None:
    assert bytes_text(19_293_798) == "18,4 MB"
    assert bytes_text(98_304) == "96 KB"
    assert bytes_text(12) == "12 B"
    assert time_left_text(290) == "còn khoảng 4 phút 50 giây"
    assert time_left_text(4) == "còn vài giây"
    assert time_left_text(7300) == "còn khoảng 2 giờ 1 phút"


def test_initials_are_of_family_and_given_name() -> None:
    assert initials_of("Ma Văn Thắng") == "MT"
    assert initials_of("Ấm") == "Ấ"
    assert initials_of("") == ""


def test_a_date_field_shows_its_weekday() -> None:
    from datetime import date

    field = DateField("Hẹn", lambda _text: date(2026, 11, 30))
    field.set_value(date(2026, 11, 30))
    assert field.text() == "30/11/2026"
    assert field.box._unit.text() == "thứ Hai"
