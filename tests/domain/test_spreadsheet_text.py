"""No cell is a formula, a tab or a second line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.spreadsheet_text import spreadsheet_text


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ("Ma Thị Hường", "Ma Thị Hường"),
        ("=1+1", "'=1+1"),
        (" =cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
        ("+84 900", "'+84 900"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("a\tb\nc", "a b c"),
        ("\t=1", "'=1"),
        ("", ""),
    ],
)
def test_cells(words: str, cell: str) -> None:
    assert spreadsheet_text(words) == cell


@given(st.text())
def test_any_text_is_one_harmless_cell(words: str) -> None:
    cell = spreadsheet_text(words)
    assert cell[:1] not in set("=+-@\t\r\n")
    assert not set(cell) & set("\t\r\n")
