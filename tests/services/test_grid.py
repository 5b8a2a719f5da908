"""The grid: each filter and order against a plain reckoning in Python over the same dossiers."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.clock import VIETNAM, FixedClock
from app.domain.dossier_status import Status
from app.errors import RuleError
from app.models import tables
from app.services.demo import filling as demo
from app.services.finding.grid import GridQuery, Preset, SortColumn, counts, open_result, page, totals
from app.services.finding.row_state import StateKind
from tests.support.desk import MONDAY, make_desk, officer

NOW = datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM)
COUNT = 400


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    desk = make_desk(tmp_path_factory.mktemp("grid"), FixedClock(NOW))
    by = officer(desk, "lanhdao")
    demo.fill(desk, by, count=COUNT, seed=7, until=NOW)
    _make_due(desk)
    with desk.store.read() as connection:
        rows = [dict(row) for row in connection.execute(select(tables.dossier)).mappings()]
    yield desk, by, rows
    desk.close()


def _make_due(desk):
    """Some that run are late, some due today: a seed need not have them."""
    d = tables.dossier.c
    with desk.store.write() as connection:
        running = select(d.row_no).where(d.status.in_((2, 4))).order_by(d.row_no)
        chosen = connection.execute(running).scalars().all()
        for numbers, due in ((chosen[:4], NOW - timedelta(days=3)), (chosen[4:7], NOW + timedelta(hours=1))):
            connection.execute(update(tables.dossier).where(d.row_no.in_(numbers)).values(due_at=due))


def numbers(desk, by, **members):
    result = open_result(desk, by, GridQuery(**members))
    assert result.total == len(result.row_numbers)
    return list(result.row_numbers)


KEYS = {
    SortColumn.RECEIVED: lambda row: row["received_at"],
    SortColumn.DUE: lambda row: row["due_at"],
    SortColumn.NUMBER: lambda row: row["number"] or row["provisional_number"],
    SortColumn.OWNER: lambda row: row["owner_sort"],
    SortColumn.STATUS: lambda row: row["status"],
    SortColumn.FEE: lambda row: row["fee_total"],
}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", list(SortColumn))
def test_every_order_is_whole_and_stable_with_unknown_last(filled, sort, descending):
    desk, by, rows = filled
    key = KEYS[sort]
    known = [row for row in rows if key(row) is not None]
    unknown = [row for row in rows if key(row) is None]
    for group in (known, unknown):
        group.sort(key=lambda row: row["row_no"], reverse=descending)
    known.sort(key=key, reverse=descending)
    expected = [row["row_no"] for row in (*known, *unknown)]
    assert numbers(desk, by, sort=sort, descending=descending) == expected


def test_owners_stand_in_vietnamese_order(filled):
    desk, by, _ = filled
    result = open_result(desk, by, GridQuery(sort=SortColumn.OWNER, descending=False))
    from app.domain.vietnamese import sort_key

    names = [row.owner_name for row in page(desk, by, result.row_numbers)]
    assert names == sorted(names, key=sort_key)


PRESETS = {
    Preset.WORKING: lambda row: row["status"] in (2, 4),
    Preset.DUE_TODAY: lambda row: row["status"] in (2, 4, 9, 10) and row["due_at"].date() == NOW.date(),
    Preset.OVERDUE: lambda row: row["status"] in (2, 4) and row["due_at"] < NOW,
    Preset.WAITING: lambda row: row["status"] in (5, 6),
    Preset.TO_RETURN: lambda row: row["status"] == 9,
    Preset.UNSENT: lambda row: row["sync_state"] == "waiting",
}


@pytest.mark.parametrize("preset", list(Preset))
def test_presets_hold_what_their_words_say_and_are_counted(filled, preset):
    desk, by, rows = filled
    expected = {row["row_no"] for row in rows if PRESETS[preset](row)}
    assert set(numbers(desk, by, preset=preset)) == expected
    assert counts(desk, by)[preset] == len(expected)
    assert expected
    assert preset.label


def test_filters_narrow_together(filled):
    desk, by, rows = filled
    for row in random.Random(3).sample(rows, 10):
        wanted = {
            "month": row["received_at"].date(),
            "procedure_code": row["procedure_code"],
            "status": Status(row["status"]),
            "officer_id": row["officer_id"],
            "sync": row["sync_state"],
        }
        expected = [
            other["row_no"]
            for other in rows
            if other["procedure_code"] == row["procedure_code"]
            and other["status"] == row["status"]
            and other["sync_state"] == row["sync_state"]
            and (other["received_at"].year, other["received_at"].month)
            == (row["received_at"].year, row["received_at"].month)
        ]
        assert sorted(numbers(desk, by, **wanted)) == sorted(expected)
    assert numbers(desk, by, officer_id="nobody") == []
    assert numbers(desk, by, month=date(2020, 12, 31)) == []


@pytest.mark.parametrize("sort", list(SortColumn))
def test_text_keeps_the_order_asked_for_whether_few_or_many_fit(filled, sort, monkeypatch):
    desk, by, rows = filled
    word = rows[0]["owner_name"].split()[0]
    everything = numbers(desk, by, sort=sort)
    from app.services.finding import search

    fit = {hit.id for hit in search.find(desk, by, word, limit=COUNT).results}
    row_of = {row["row_no"]: row["id"] for row in rows}
    expected = [number for number in everything if row_of[number] in fit]
    assert 0 < len(expected) < COUNT
    from app.services.finding import grid_query

    for few in (0, 10_000):
        monkeypatch.setattr(grid_query, "FEW", few)
        assert numbers(desk, by, text=word, sort=sort) == expected
        working = [n for n in expected if rows_by(rows)[n]["status"] in (2, 4)]
        assert numbers(desk, by, text=word, sort=sort, preset=Preset.WORKING) == working


@pytest.mark.parametrize("members", [{}, {"text": "t"}, {"text": "t", "preset": Preset.WORKING}])
def test_the_first_rows_come_with_the_total_of_all(filled, members):
    desk, by, _ = filled
    whole = open_result(desk, by, GridQuery(**members))
    first = open_result(desk, by, GridQuery(**members), limit=3)
    assert first.row_numbers == whole.row_numbers[:3]
    assert first.total == whole.total > 3
    assert (whole.whole, first.whole) == (True, False)
    assert open_result(desk, by, GridQuery(**members), limit=100_000) == whole


def test_a_result_of_many_pieces_is_whole(filled, monkeypatch):
    desk, by, _ = filled
    from app.services.finding import grid_query

    everything = numbers(desk, by)
    for piece in (1, 7, 1000):
        monkeypatch.setattr(grid_query, "PIECE", piece)
        assert numbers(desk, by) == everything


def rows_by(rows):
    return {row["row_no"]: row for row in rows}


def test_text_without_a_letter_fits_nothing(filled):
    desk, by, _ = filled
    assert numbers(desk, by, text="😀 **") == []
    assert len(numbers(desk, by, text="   ")) == COUNT


def test_a_page_gives_the_rows_in_the_order_asked(filled):
    desk, by, rows = filled
    asked = [5, 3, 400, 1, 999_999, 2]
    given = page(desk, by, asked)
    assert [row.row_no for row in given] == [5, 3, 400, 1, 2]
    kept = rows_by(rows)
    for row in given:
        source = kept[row.row_no]
        assert row.number == (source["number"] or source["provisional_number"])
        assert (row.owner_name, row.due_at) == (source["owner_name"], source["due_at"])
        assert row.state.words
        assert (row.state.kind is StateKind.LATE) == PRESETS[Preset.OVERDUE](source)
    assert page(desk, by, []) == ()


def test_totals_of_a_selection(filled):
    desk, by, rows = filled
    chosen = rows[10:60]
    sums = totals(desk, by, [row["row_no"] for row in chosen])
    assert sums.count == 50
    assert sums.fee_total == sum(row["fee_total"] or 0 for row in chosen)
    assert sums.fee_unknown == sum(row["fee_total"] is None for row in chosen)
    assert sum(count for _, count in sums.by_status) == 50
    nothing = totals(desk, by, [])
    assert (nothing.count, nothing.fee_total, nothing.fee_unknown, nothing.by_status) == (0, 0, 0, ())


def test_due_today_moves_with_the_day(filled):
    desk, by, rows = filled
    before = desk.clock.at
    desk.clock.at = MONDAY + timedelta(days=2)
    try:
        expected = {
            row["row_no"]
            for row in rows
            if row["status"] in (2, 4, 9, 10) and row["due_at"].date() == desk.clock.at.date()
        }
        assert set(numbers(desk, by, preset=Preset.DUE_TODAY)) == expected
        assert expected
    finally:
        desk.clock.at = before


@pytest.mark.parametrize(
    "call",
    [
        lambda desk, by: open_result(desk, by, GridQuery()),
        lambda desk, by: page(desk, by, [1]),
        lambda desk, by: counts(desk, by),
        lambda desk, by: totals(desk, by, [1]),
    ],
)
def test_the_grid_is_refused_outside_the_role(filled, call):
    desk, _, _ = filled
    with pytest.raises(RuleError) as refused:
        call(desk, officer(desk, "quantri"))
    assert refused.value.code == "not-permitted"
