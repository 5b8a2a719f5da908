"""A card scan leaves nothing in any field; a person's typing, fast or slow, is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.shell_rig import CARD, IntakeScreen, Shell, a_window, go, type_at, type_really, wait_for

SCANNER_MS = 8


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    with a_window(tmp_path, monkeypatch) as shown:
        go(shown, "today")
        shown.screen.line.line.setFocus()
        yield shown


def opened_cards(shell: Shell) -> list[str]:
    """The cards the reception was asked to open."""
    shown = shell.window.screen_shown
    if not isinstance(shown, IntakeScreen):
        return []
    return [each["card"] for each in shown.opened if isinstance(each, dict)]


def scanned(shell: Shell) -> bool:
    return wait_for(lambda: bool(opened_cards(shell)))


@pytest.mark.parametrize("end", ["\r", ""])
def test_a_scan_into_a_line_leaves_nothing(shell: Shell, end: str) -> None:
    plain, line = shell.screen, shell.screen.line.line
    line.setText("Ma Thị")
    line.setCursorPosition(2)
    heard: list[str] = []
    line.textEdited.connect(heard.append)
    type_at(shell.window, CARD + end, SCANNER_MS)
    assert scanned(shell)
    assert opened_cards(shell) == [CARD]
    assert (line.text(), line.cursorPosition()) == ("Ma Thị", 2)
    assert heard[-1] == "Ma Thị", "who listens to typing is told of the text put back"
    assert plain.clicks == 0


def test_a_selection_replaced_by_the_scan_comes_back(shell: Shell) -> None:
    line = shell.screen.line.line
    line.setText("Hoàng Văn Quyết")
    line.setSelection(0, 5)
    type_at(shell.window, CARD[:20], SCANNER_MS)
    assert (line.text(), line.selectedText()) == ("Hoàng Văn Quyết", "Hoàng")


def test_letters_typed_just_before_the_scan_stay(shell: Shell) -> None:
    line = shell.screen.line.line
    after = type_at(shell.window, "Quan", 80)
    type_at(shell.window, CARD + "\r", SCANNER_MS, start_ms=after - 70)
    assert scanned(shell)
    assert line.text() == "Quan"


def test_a_scan_into_a_note_leaves_nothing(shell: Shell) -> None:
    note = shell.screen.note
    note.set_text("Hẹn lại thứ Năm")
    note.setFocus()
    type_at(shell.window, CARD + "\r", SCANNER_MS)
    assert scanned(shell)
    assert note.text() == "Hẹn lại thứ Năm"


def test_a_scan_over_the_checklist_ticks_nothing(shell: Shell) -> None:
    plain = shell.screen
    plain.papers.setFocus()
    toggled: list[str] = []
    plain.papers.toggled.connect(lambda row, _on: toggled.append(row))
    type_at(shell.window, CARD + "\r", SCANNER_MS)
    assert scanned(shell)
    QTest.qWait(100)
    assert toggled == []
    assert plain.ticked() == []


def test_a_scan_with_nothing_focused_is_taken(shell: Shell) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    focused.clearFocus()
    assert QApplication.focusWidget() is None
    type_at(shell.window, CARD + "\r", SCANNER_MS)
    assert scanned(shell)
    assert opened_cards(shell) == [CARD]


def test_a_scan_over_a_button_does_not_press_it(shell: Shell) -> None:
    plain = shell.screen
    plain.button.setFocus()
    type_at(shell.window, CARD + "\r\n", SCANNER_MS)
    assert scanned(shell)
    assert plain.clicks == 0


def test_a_scan_in_the_search_box_does_not_leave_for_the_grid(shell: Shell) -> None:
    shell.press(Qt.Key.Key_F3)
    assert shell.screen.name == "dossiers"
    type_at(shell.window, CARD + "\r", SCANNER_MS)
    assert scanned(shell)
    assert shell.window.header.search.text() == ""


@pytest.mark.parametrize("gap_ms", [80, 45])
def test_a_person_types_a_card_number_and_bar_unhindered(shell: Shell, gap_ms: int) -> None:
    line = shell.screen.line.line
    text = "008198000000|091234567|Ma Thi Huong"
    type_at(shell.window, text, gap_ms)
    assert line.text() == text
    QTest.qWait(450)
    assert opened_cards(shell) == []
    assert line.text() == text


@pytest.mark.parametrize("gap_ms", [80, 45])
def test_digits_typed_on_the_checklist_tick(shell: Shell, gap_ms: int) -> None:
    plain = shell.screen
    plain.papers.setFocus()
    type_really(shell.window, "1245", gap_ms)
    assert wait_for(lambda: plain.ticked() == ["1", "2", "4", "5"], 500)


def test_a_digit_on_the_checklist_waits_less_than_sixty_ms(shell: Shell) -> None:
    from time import monotonic

    plain = shell.screen
    plain.papers.setFocus()
    began = monotonic()
    type_at(shell.window, "3", 0)
    assert wait_for(lambda: plain.ticked() == ["3"], 500)
    assert monotonic() - began < 0.060


def test_a_key_of_the_window_comes_after_the_digit_before_it(shell: Shell) -> None:
    plain = shell.screen
    plain.papers.setFocus()
    ticked_at_f9: list[list[str]] = []
    original = plain.keys

    def keys() -> object:
        ticked_at_f9.append(plain.ticked())
        return original()

    plain.keys = keys
    type_at(shell.window, "2", 0)
    shell.press(Qt.Key.Key_F9)
    assert ticked_at_f9 == [["2"]]


def test_the_key_after_a_silent_scan_reaches_its_field(shell: Shell) -> None:
    after = type_at(shell.window, CARD, SCANNER_MS)
    intake_key_at = after + 400
    type_at(shell.window, "k", 0, start_ms=intake_key_at)
    assert shell.screen.line.line.text() == "k"
    assert scanned(shell)


def test_a_stall_of_the_window_does_not_cut_a_card_in_two(shell: Shell) -> None:
    from time import sleep

    half = len(CARD) // 2
    after = type_at(shell.window, CARD[:half], SCANNER_MS)
    sleep(0.6)
    QApplication.processEvents()
    type_at(shell.window, CARD[half:] + "\r", SCANNER_MS, start_ms=after)
    assert scanned(shell)
    assert opened_cards(shell) == [CARD]


def test_a_scan_while_signing_in_goes_nowhere(shell: Shell) -> None:
    shell.window.lock()
    page = shell.window.sign_in
    assert page.password.line.hasFocus()
    type_at(shell.window, CARD + "\r", SCANNER_MS)
    QTest.qWait(450)
    assert page.password.text() == ""
    assert page.enter.isEnabled(), "the scan's Enter did not try to sign in"
    assert page.password.error() == ""
    shell.window._pages.setCurrentWidget(shell.window._workspace)
    assert opened_cards(shell) == []


def test_two_cards_one_after_the_other(shell: Shell) -> None:
    after = type_at(shell.window, CARD + "\r", SCANNER_MS)
    second = CARD.replace("Ma Thị Hường", "Quan Văn Đạt")
    type_at(shell.window, second + "\r", SCANNER_MS, start_ms=after + 600)
    assert wait_for(lambda: opened_cards(shell) == [CARD, second])
