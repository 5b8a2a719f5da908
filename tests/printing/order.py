"""Fields of a form in their order, as another program reads the page."""

from __future__ import annotations

from collections.abc import Sequence

from tests.printing.reading import squeezed

HEAD = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def assert_in_order(text: str, fields: Sequence[str]) -> None:
    """Every field, letter for letter with its marks, each after the one before; blanks do not count."""
    whole, place = squeezed(text), 0
    for wanted in fields:
        found = whole.find(squeezed(wanted), place)
        assert found >= 0, f"missing or out of order: {wanted}"
        place = found + len(squeezed(wanted))
