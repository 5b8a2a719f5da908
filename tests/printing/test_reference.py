"""Every paper against its reference: the same text, the same picture, all letters embedded.

After a deliberate change: ``python -m tools.reference_papers``, look at the pages, commit both.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import pytest
from PIL import ImageChops

from tests.printing import reading
from tools.reference_papers import FOLDER, reference, samples

SAMPLES = samples()
NAMES = sorted(SAMPLES)

_DPI = 75
_FAINT = 48
"""Grey levels that two releases of the reading program may differ by at the edge of a letter."""
_MOST_BYTES = 3_000_000


@cache
def _drawn(name: str) -> bytes:
    return SAMPLES[name]()


def test_every_sample_has_its_reference_and_the_folder_stays_small() -> None:
    kept = sorted(path.stem for path in FOLDER.glob("*.pdf"))
    assert kept == NAMES, "python -m tools.reference_papers draws what is missing"
    assert sum(path.stat().st_size for path in FOLDER.glob("*.pdf")) < _MOST_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_the_same_paper_has_the_same_bytes(name: str) -> None:
    assert SAMPLES[name]() == _drawn(name)


@pytest.mark.parametrize("name", NAMES)
def test_looks_and_reads_as_its_reference(name: str) -> None:
    drawn, kept = _drawn(name), reference(name).read_bytes()
    if drawn == kept:
        return
    assert reading.text(drawn) == reading.text(kept)
    pages = int(reading.info(kept)["Pages"])
    assert int(reading.info(drawn)["Pages"]) == pages
    for page in range(1, pages + 1):
        assert differing(drawn, kept, page) == 0, f"page {page} looks different"


def differing(one: bytes, other: bytes, page: int) -> int:
    """How many dots of a page differ by more than the edge of a letter may."""
    first, second = reading.picture(one, _DPI, page), reading.picture(other, _DPI, page)
    assert first.size == second.size
    return sum(ImageChops.difference(first, second).histogram()[_FAINT:])


@pytest.mark.parametrize("name", NAMES)
def test_text_can_be_read_and_every_letter_travels_with_the_file(name: str) -> None:
    kept = reference(name).read_bytes()
    rows = reading.fonts(kept)
    assert rows and all(row.embedded and row.unicode for row in rows)
    text = reading.text(kept)
    assert "�" not in text and "□" not in text and "None" not in text
    assert unicodedata.is_normalized("NFC", text)


def test_a_moved_line_is_seen() -> None:
    """The comparison itself can fail: the same form of another set has another title."""
    assert differing(_drawn("form-04-tt-01-2018"), _drawn("form-04-tt-03-2025"), 1) > 50
