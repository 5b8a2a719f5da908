"""A scan is told from a person's typing; nothing a person types is ever held back."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.citizen_qr import LONGEST_BYTES, parse_citizen_qr
from app.domain.scan_burst import ScanDetector, ScanStepKind

CARD = "008198001234|073123456|Ma Thị Hường|14081998|Nữ|Tổ 5, thị trấn Na Hang, Tuyên Quang|22112021"


@dataclass
class Window:
    """A field and the detector in front of it, as the main window will join them."""

    detector: ScanDetector = field(default_factory=ScanDetector)
    text: str = ""
    scans: list[str] = field(default_factory=list)
    at: int = 1_000
    enters: int = 0

    def key(self, char: str, gap: int) -> None:
        self.at += gap
        for step in self.detector.feed(char, self.at):
            if step.kind is ScanStepKind.STARTED:
                self.text = self.text[: len(self.text) - step.leaked]
            elif step.kind is ScanStepKind.COMPLETE:
                self.scans.append(step.text)
            elif step.kind is ScanStepKind.PASS:
                self._type(char)

    def _type(self, char: str) -> None:
        if char in "\r\n":
            self.enters += 1
        elif char == "\b":
            self.text = self.text[:-1]
        else:
            self.text += char

    def keys(self, text: str, gap: int) -> None:
        for char in text:
            self.key(char, gap)

    def wait(self, ms: int) -> None:
        for _ in range(ms // 10):
            self.at += 10
            step = self.detector.poll(self.at)
            if step:
                self.scans.append(step.text)


@pytest.mark.parametrize("gap", [0, 1, 5, 12, 30, 35])
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_scan_is_complete_at_enter_and_leaves_the_field_as_it_was(gap: int, end: str) -> None:
    window = Window(text="Ma")
    window.keys(CARD, gap)
    assert window.detector.scanning
    window.keys(end, gap)
    assert (window.scans, window.text, window.enters) == ([CARD], "Ma", 0)
    assert not window.detector.scanning


@pytest.mark.parametrize("tail", ["", "||||", "|Cha|Mẹ||"])
def test_a_scanner_without_enter_is_complete_after_a_short_silence(tail: str) -> None:
    window = Window()
    window.keys(CARD + tail, 8)
    window.wait(110)
    assert window.scans == []
    window.wait(20)
    assert (window.scans, window.text) == ([CARD + tail], "")


@pytest.mark.parametrize("prefix", ["]Q1", "ưQ1"])
def test_the_scanners_prefix_belongs_to_the_scan(prefix: str) -> None:
    window = Window(text="x")
    window.keys(prefix + CARD + "\r", 10)
    assert (window.scans, window.text) == ([prefix + CARD], "x")


@pytest.mark.parametrize("gap", [45, 60, 80, 120, 400])
def test_a_person_copying_a_card_by_hand_is_never_held_back(gap: int) -> None:
    window = Window()
    window.keys(CARD + "\r", gap)
    assert (window.scans, window.text, window.enters) == ([], CARD, 1)


@given(st.text(min_size=1, max_size=40), st.lists(st.integers(40, 250), min_size=40, max_size=40))
def test_any_typing_at_a_persons_speed_passes(text: str, gaps: list[int]) -> None:
    window = Window()
    for char, gap in zip(text, gaps, strict=False):
        assert not window.detector.scanning
        window.key(char, gap)
    assert window.scans == [] and not window.detector.scanning


def test_rolled_keys_of_a_fast_typist_pass() -> None:
    rng = random.Random(2026)
    window = Window()
    for char in CARD * 3:
        window.key(char, rng.choice([12, 20, 70, 80, 90, 110]))
    assert (window.scans, window.text) == ([], CARD * 3)


@pytest.mark.parametrize(
    "text", ["0912345678", "Nguyễn Văn A", "H60.12-261123-1001", "22112026", "008198001234"]
)
def test_other_codes_at_a_machines_speed_pass(text: str) -> None:
    window = Window()
    window.keys(text + "\r", 8)
    assert (window.scans, window.text, window.enters) == ([], text, 1)


def test_a_bar_typed_by_a_person_behind_a_scanned_number_passes() -> None:
    window = Window()
    window.keys("008198001234", 8)
    window.key("|", 150)
    assert window.text == "008198001234|" and not window.detector.scanning


def test_a_held_key_is_not_a_scan() -> None:
    window = Window()
    window.keys("0" * 14, 33)
    window.key("|", 90)
    assert window.text == "0" * 14 + "|" and not window.detector.scanning


def test_a_person_who_typed_just_before_keeps_their_letters() -> None:
    window = Window()
    window.keys("Ma Thị", 80)
    window.key(CARD[0], 70)
    window.keys(CARD[1:] + "\r", 9)
    assert (window.scans, window.text) == ([CARD], "Ma Thị")


def test_typing_after_a_scan_passes_at_once() -> None:
    window = Window()
    window.keys(CARD, 9)
    window.key("a", 200)
    window.keys("bc", 90)
    assert (window.scans, window.text) == ([CARD], "abc")


def test_enter_of_a_person_after_a_scan_is_not_swallowed() -> None:
    window = Window()
    window.keys(CARD + "\r\n", 9)
    window.key("\r", 300)
    assert window.enters == 1


def test_a_busy_moment_within_a_card_does_not_cut_it_in_two() -> None:
    window = Window()
    window.keys(CARD[:40], 9)
    window.key(CARD[40], 240)
    window.keys(CARD[41:] + "\r", 9)
    assert (window.scans, window.text) == ([CARD], "")


def test_a_card_cut_short_is_handed_over_to_be_refused_with_a_sentence() -> None:
    window = Window()
    window.keys(CARD[:30], 9)
    window.wait(320)
    assert window.scans == [CARD[:30]]


def test_the_erasing_of_an_input_method_is_followed() -> None:
    window = Window()
    window.keys(CARD[:25] + "x\b" + CARD[25:] + "\r", 6)
    assert window.scans == [CARD]


def test_two_cards_in_a_row_are_two_scans() -> None:
    window = Window()
    window.keys(CARD + "\r", 7)
    window.key(CARD[0], 400)
    window.keys(CARD[1:] + "\r", 7)
    assert (window.scans, window.text) == ([CARD, CARD], "")


def test_an_endless_burst_is_bounded_and_refused_later() -> None:
    window = Window()
    window.keys(CARD + "9" * 5_000 + "\r", 1)
    assert len(window.scans[0]) == LONGEST_BYTES + 1


@given(st.lists(st.integers(2, 34), min_size=len(CARD), max_size=len(CARD)))
def test_uneven_scanners_are_scans_too(gaps: list[int]) -> None:
    window = Window()
    for char, gap in zip(CARD, gaps, strict=True):
        window.key(char, gap)
    window.key("\r", 10)
    assert (window.scans, window.text) == ([CARD], "")
    assert parse_citizen_qr(window.scans[0], date(2026, 11, 22)).warnings == ()
