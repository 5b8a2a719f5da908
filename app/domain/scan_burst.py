"""Tells a card scan from a person's typing, wherever the cursor stands, by speed and shape.

A keyboard scanner types 5 to 30 ms apart, a fast typist 80 ms and more. Twelve digits and a bar in a row,
at a median of at most ``FAST_MS`` with no long pause between, is a scan; from that key on the window
keeps the keys from its fields. The digits before have already reached a field, for a person's typing is
never held back: ``leaked`` says how many characters the window takes back out.

The end is Enter or ``SILENCE_MS`` of silence; while fields are still missing the silence is
``PATIENCE_MS``, so that a busy PC does not cut a card in two. Times are monotonic milliseconds of the key
events themselves, not of the moment they are handled.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median

from app.domain.card_repair import BAR, FIELDS, OTHER_BARS
from app.domain.citizen_qr import LONGEST_BYTES, looks_like_card

FAST_MS = 35
"""Median gap between keys up to which typing is a machine's."""
PAUSE_MS = 100
"""No gap within the number of a scan is longer."""
SILENCE_MS = 120
PATIENCE_MS = 300

_SHAPE_LENGTH = 13
_PREFIX_LENGTH = 3
_ENTER = frozenset("\r\n\t")
_TAIL_MS = 50
_ERASE = frozenset("\b\x7f")


class ScanStepKind(StrEnum):
    """What the window does with a key."""

    PASS = "pass"
    """A person's key: the field gets it."""
    STARTED = "started"
    """A scan is known: keep this key and take ``leaked`` characters back out of the field."""
    KEEP = "keep"
    """A key of the scan: keep it from the field."""
    COMPLETE = "complete"
    """The scan is over: ``text`` is ready for ``parse_citizen_qr``; a key that came with it is kept."""


@dataclass(frozen=True)
class ScanStep:
    """The verdict on one key. ``text`` with ``COMPLETE`` only, ``leaked`` with ``STARTED`` only."""

    kind: ScanStepKind
    text: str = ""
    leaked: int = 0


_PASS = ScanStep(ScanStepKind.PASS)
_KEEP = ScanStep(ScanStepKind.KEEP)


class ScanDetector:
    """Fed with every character that arrives; holds at most one burst and forgets it at its end."""

    def __init__(self) -> None:
        self._recent: deque[tuple[str, int]] = deque(maxlen=_SHAPE_LENGTH + _PREFIX_LENGTH)
        self._text: str | None = None
        self._last_ms = 0
        self._ended_ms: int | None = None

    @property
    def scanning(self) -> bool:
        """Whether a scan is under way, so that the window holds keys back and polls."""
        return self._text is not None

    def feed(self, char: str, at_ms: int) -> tuple[ScanStep, ...]:
        """The verdict on one key; two steps where it also shows that the scan before it is over.

        Enter is ``\\r`` or ``\\n``, the erasing key ``\\b`` (an input method erases to rewrite).
        """
        done = self.poll(at_ms)
        return (*((done,) if done else ()), self._judge(char, at_ms))

    def poll(self, at_ms: int) -> ScanStep | None:
        """``COMPLETE`` once the scan has been silent long enough, else ``None``; call it from a timer."""
        if self._text is None or at_ms - self._last_ms < self._wait_ms(self._text):
            return None
        return self._finish(at_ms)

    def _judge(self, char: str, at_ms: int) -> ScanStep:
        if self._text is not None:
            return self._keep(self._text, char, at_ms)
        if self._is_tail(char, at_ms):
            return _KEEP
        return self._watch(char, at_ms)

    def _keep(self, text: str, char: str, at_ms: int) -> ScanStep:
        self._last_ms = at_ms
        if char in _ENTER:
            return self._finish(at_ms)
        if char in _ERASE:
            self._text = text[:-1]
        elif len(text) <= LONGEST_BYTES:
            self._text = text + char
        return _KEEP

    def _watch(self, char: str, at_ms: int) -> ScanStep:
        if char in _ERASE or char in _ENTER:
            self._recent.clear()
            return _PASS
        if self._recent and not 0 <= at_ms - self._last_ms <= PAUSE_MS:
            self._recent.clear()
        self._recent.append((char, at_ms))
        self._last_ms = at_ms
        start = self._scan_start() if char == BAR or char in OTHER_BARS else None
        if start is None:
            return _PASS
        self._text = "".join(c for c, _ in list(self._recent)[start:])
        self._recent.clear()
        return ScanStep(ScanStepKind.STARTED, leaked=len(self._text) - 1)

    def _scan_start(self) -> int | None:
        """Where in the recent keys the scan began; a symbology prefix before the digits belongs to it."""
        for start in range(max(0, len(self._recent) - _SHAPE_LENGTH - _PREFIX_LENGTH), len(self._recent)):
            keys = list(self._recent)[start:]
            text = "".join(c for c, _ in keys)
            if looks_like_card(text) and not _is_held_key(text) and _is_fast([at for _, at in keys]):
                return start
        return None

    def _is_tail(self, char: str, at_ms: int) -> bool:
        """A line feed behind the scan's own Enter."""
        return char in _ENTER and self._ended_ms is not None and 0 <= at_ms - self._ended_ms <= _TAIL_MS

    def _wait_ms(self, text: str) -> int:
        whole = any(text.count(bar) >= len(FIELDS) - 1 for bar in BAR + OTHER_BARS)
        return SILENCE_MS if whole else PATIENCE_MS

    def _finish(self, at_ms: int) -> ScanStep:
        text, self._text = self._text or "", None
        self._ended_ms = at_ms
        return ScanStep(ScanStepKind.COMPLETE, text=text)


def _is_fast(times: list[int]) -> bool:
    return median(later - earlier for earlier, later in pairwise(times)) <= FAST_MS


def _is_held_key(text: str) -> bool:
    """A key held down repeats as fast as a scanner types; no personal number is one digit twelve times."""
    return len(set(text[-_SHAPE_LENGTH:-1])) == 1
