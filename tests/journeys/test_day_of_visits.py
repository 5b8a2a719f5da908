"""A short day of the same mix, with the line cut for half of it; the whole day has its own command."""

from __future__ import annotations

from tests.journeys.day_of_visits import opened, play


def test_register_cash_sheet_day_book_and_province_agree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with opened(tmp_path) as day:
        figures = play(day, 14)
    assert figures["register"] > 14
    assert day.expected.receipts_vnd > 0
    assert day.expected.returned > 0
    assert day.expected.helped == 1
