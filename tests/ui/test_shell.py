"""The window around the screens: keys, narrow layout, lock, one instance, closing, what cannot open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.clock import FixedClock
from app.errors import (
    AppError,
    CircumstanceError,
    LineError,
    NotFoundError,
    RuleError,
    StorageError,
    UsageError,
)
from app.settings import Settings
from app.ui import main_window, start
from app.ui.sign_in.failed import FailedPage
from app.ui.widgets import theme
from tests.support.desk import MONDAY, demo_password, officer
from tests.support.layout_check import find_overlaps
from tests.ui.shell_rig import Shell, StalledLine, a_window, go, wait_for

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CTRL = Modifier.ControlModifier


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    with a_window(tmp_path, monkeypatch) as shown:
        yield shown


@pytest.mark.parametrize(
    ("key", "held", "name"),
    [
        (Key.Key_F1, Modifier.NoModifier, "F1"),
        (Key.Key_F4, Modifier.NoModifier, "F4"),
        (Key.Key_F6, Modifier.NoModifier, "F6"),
        (Key.Key_F7, Modifier.NoModifier, "F7"),
        (Key.Key_F8, Modifier.NoModifier, "F8"),
        (Key.Key_F9, Modifier.NoModifier, "F9"),
        (Key.Key_F10, Modifier.NoModifier, "F10"),
        (Key.Key_P, CTRL, "Ctrl+P"),
        (Key.Key_F, CTRL, "Ctrl+F"),
        (Key.Key_S, CTRL, "Ctrl+S"),
        (Key.Key_Escape, Modifier.NoModifier, "Esc"),
    ],
)
@pytest.mark.parametrize("where", ["line", "papers", "nowhere"])
def test_a_key_reaches_the_screen_wherever_the_cursor_is(
    shell: Shell, key: Qt.Key, held: Qt.KeyboardModifier, name: str, where: str
) -> None:
    plain = shell.screen
    {"line": plain.line.line, "papers": plain.papers, "nowhere": plain.line.line}[where].setFocus()
    if where == "nowhere":
        plain.line.line.clearFocus()
    shell.press(key, held)
    assert plain.pressed == [name]


def test_places_open_by_key_and_the_rail_follows(shell: Shell) -> None:
    go(shell, "today")
    shell.press(Key.Key_F2)
    assert shell.screen.name == "reception"
    assert shell.screen.line.line.hasFocus()
    shell.press(Key.Key_F3)
    assert shell.screen.name == "dossiers"
    assert shell.window.header.search.line.hasFocus()


def test_typing_in_the_header_searches_in_the_grid(shell: Shell) -> None:
    shell.press(Key.Key_F3)
    for key in (Key.Key_H, Key.Key_U):
        shell.press(key)
    assert shell.screen.searched == ["h", "hu"]


def test_held_keys_act_once(shell: Shell) -> None:
    from PySide6.QtGui import QKeyEvent

    plain = shell.screen
    QTest.keyPress(shell.window.windowHandle(), Key.Key_F9)
    for _ in range(5):
        event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_F9, Modifier.NoModifier, "", True)
        QApplication.sendEvent(shell.window.windowHandle(), event)
    QTest.keyRelease(shell.window.windowHandle(), Key.Key_F9)
    assert plain.pressed == ["F9"]


def test_f5_hurries_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = StalledLine(holds_s=0)
    with a_window(tmp_path, monkeypatch, sync=line) as shell:
        shell.press(Key.Key_F5)
        assert line.hurried == 1
        assert wait_for(shell.window.header.light.isVisible)


def test_ctrl_plus_and_minus_scale_and_are_remembered(shell: Shell) -> None:
    before = shell.window.header.height()
    shell.press(Key.Key_Plus, CTRL)
    assert shell.window.header.height() > before
    assert shell.saved[-1].text_scale == 112
    shell.press(Key.Key_Minus, CTRL)
    assert shell.window.header.height() == before
    assert shell.saved[-1].text_scale == 100
    for _ in range(9):
        shell.press(Key.Key_Minus, CTRL)
    assert theme().factor == 1.0


@pytest.mark.parametrize(
    ("width", "height", "narrow"),
    [(1366, 696, False), (1200, 600, False), (1199, 696, True), (1366, 599, True), (911, 464, True)],
)
def test_narrow_below_1200_wide_or_600_high(shell: Shell, width: int, height: int, narrow: bool) -> None:
    shell.window.resize(width, height)
    QApplication.processEvents()
    assert (shell.window.width(), shell.window.height()) == (width, height), "nothing keeps it wider"
    assert shell.screen.narrow is narrow
    assert shell.window.rail.is_narrow() is narrow
    go(shell, "today")
    assert shell.screen.narrow is narrow


def test_larger_letters_make_the_same_window_narrow(shell: Shell) -> None:
    assert shell.screen.narrow is False
    for _ in range(4):
        shell.press(Key.Key_Plus, CTRL)
    assert theme().factor == 1.5
    assert shell.screen.narrow is True
    for _ in range(4):
        shell.press(Key.Key_Minus, CTRL)
    assert shell.screen.narrow is False


@pytest.mark.parametrize(
    ("width", "height", "factor"), [(1366, 696, 1.0), (911, 440, 1.0), (1366, 696, 1.5), (1366, 696, 1.75)]
)
def test_sign_in_page_fits(shell: Shell, width: int, height: int, factor: float) -> None:
    theme().set_factor(factor)
    shell.window.resize(width, height)
    shell.window.lock("Máy để trống một lúc nên đã khóa. Bản nháp vẫn nguyên.")
    QApplication.processEvents()
    assert find_overlaps(shell.window.sign_in) == []


def test_lock_hides_all_and_keeps_what_was_typed(shell: Shell) -> None:
    plain = shell.screen
    QTest.keyClicks(plain.line.line, "Quan Van Dat")
    QApplication.clipboard().setText("008198000000")
    shell.press(Key.Key_L, CTRL)
    assert shell.window.sign_in.isVisible()
    assert not plain.isVisible()
    assert QApplication.clipboard().text() == ""
    for key in (Key.Key_F9, Key.Key_F2, Key.Key_F3):
        shell.press(key)
    assert plain.pressed == [], "keys of the window do nothing behind the lock"
    assert shell.window.sign_in.isVisible()
    QTest.keyClicks(shell.window.sign_in.password.line, demo_password())
    shell.press(Key.Key_Return)
    shell.settle()
    assert shell.screen is plain
    assert plain.line.text() == "Quan Van Dat"
    assert plain.line.line.hasFocus()


def test_another_officer_finds_none_of_it(shell: Shell) -> None:
    QTest.keyClicks(shell.screen.line.line, "Quan Van Dat")
    shell.window.lock()
    shell.window.work_as(officer(shell.window.runtime.desk, "lanhdao"))
    assert shell.screen.line.text() == ""


@pytest.mark.parametrize("demo", [True, False])
def test_idle_by_wall_clock_locks_a_real_desk_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo: bool
) -> None:
    monkeypatch.setattr(main_window, "_IDLE_LOOK_MS", 10)
    clock = FixedClock(MONDAY)
    settings = Settings(idle_lock_minutes=10)
    with a_window(tmp_path, monkeypatch, clock=clock, settings=settings, demo=demo) as shell:
        clock.advance(timedelta(minutes=9, seconds=59))
        QTest.qWait(40)
        assert not shell.window.sign_in.isVisible()
        QTest.keyClick(shell.screen.line.line, Key.Key_A)
        clock.advance(timedelta(minutes=9, seconds=59))
        QTest.qWait(40)
        assert not shell.window.sign_in.isVisible(), "a key counts as presence"
        clock.advance(timedelta(seconds=2))
        QTest.qWait(40)
        assert shell.window.sign_in.isVisible() is not demo


def test_a_clock_set_back_locks_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_window, "_IDLE_LOOK_MS", 10)
    clock = FixedClock(MONDAY)
    with a_window(tmp_path, monkeypatch, clock=clock, demo=False) as shell:
        clock.advance(timedelta(hours=-1))
        QTest.qWait(40)
        assert shell.window.sign_in.isVisible()


def test_closes_within_three_seconds_while_a_round_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = StalledLine()
    with a_window(tmp_path, monkeypatch, sync=line) as shell:
        assert wait_for(lambda: line.rounds == 1)
        began = monotonic()
        shell.window.close()
        assert monotonic() - began < 1.0
        assert line.stopped


def test_closes_within_three_seconds_though_both_workers_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from time import sleep

    class Deaf(StalledLine):
        def stop(self) -> None:
            """Does not listen."""

    with a_window(tmp_path, monkeypatch, sync=Deaf(holds_s=4)) as shell:
        shell.window.background.run(lambda: sleep(4), owner=shell.window)
        began = monotonic()
        shell.window.close()
        assert monotonic() - began < 3.2
        QTest.qWait(4500)


def test_a_second_start_raises_the_first(shell: Shell) -> None:
    data = shell.window.runtime.data
    assert not start._shown_already(data)
    server = start._listen(data, shell.window)
    shell.window.showMinimized()
    assert start._shown_already(data)
    assert wait_for(lambda: not shell.window.isMinimized())
    server.close()
    assert not start._shown_already(data)
    assert not start._shown_already(data / "another")


FAILURES = [
    StorageError("no-key-store", "Máy này không có kho khóa.", "Đặt cụm mật khẩu rồi mở lại."),
    StorageError("wrong-passphrase", "Cụm mật khẩu chưa đúng.", "Gõ lại cụm mật khẩu của quầy này."),
    StorageError("newer-database", "Dữ liệu của bản mới hơn.", "Cài bản mới rồi mở lại; dữ liệu vẫn nguyên."),
    StorageError("damaged", "Kho dữ liệu bị hỏng.", "Đừng tạo quầy mới; gọi người hỗ trợ. " * 4),
    StorageError("disk-full", "Ổ đĩa đã đầy.", "Xóa bớt tệp không cần rồi mở lại."),
    CircumstanceError("busy", "Quầy đang bận.", "Chờ một lát rồi mở lại."),
    LineError("line", "Không gặp được tỉnh.", "Thử lại sau."),
    NotFoundError("no-desk", "Chưa có quầy ở đây.", "Tạo quầy rồi mở lại."),
    RuleError("rule", "Chưa mở được.", ""),
    UsageError("usage", "Gọi chưa đúng.", "Xem hướng dẫn."),
    AppError("defect", "Gặp lỗi ngoài dự kiến.", "Báo người hỗ trợ."),
]


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: error.code)
def test_a_desk_that_cannot_open_says_so_calmly(error: AppError) -> None:
    from PySide6.QtCore import QTimer

    start.application()
    seen: list[tuple[list[str], list[str], bool]] = []

    def look() -> None:
        page = next(each for each in QApplication.topLevelWidgets() if isinstance(each, FailedPage))
        QApplication.processEvents()
        words = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
        seen.append((words, find_overlaps(page), page.leave.hasFocus()))
        QTest.keyClick(page.leave, Key.Key_Space)

    QTimer.singleShot(50, look)
    assert start.start_failed(error) == error.exit_code
    (words, faults, ready), *more = seen
    assert (faults, ready, more) == ([], True, [])
    assert words[0] == error.title
    assert error.next_step in (words[1:] or [""])


def test_wrapped_words_give_back_the_height_they_needed_when_narrow() -> None:
    from app.ui.widgets import Label

    start.application()
    words = Label("Vì nhận sau 15 giờ (15:12) và thứ Ba 24/11 nghỉ Ngày Văn hóa Việt Nam.", wrap=True)
    words.show()
    words.resize(120, 200)
    tall = words.minimumHeight()
    assert words.heightForWidth(1200) < tall / 2
    words.resize(1200, 200)
    assert words.minimumHeight() < tall / 2
    theme().set_factor(1.75)
    theme().set_factor(1.0)
    assert words.minimumHeight() < tall / 2
