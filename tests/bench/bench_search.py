"""How quick search, grid and Hôm nay are over many dossiers, beside bare SQLite in the same run.

``python -m tests.bench.bench_search --dossiers 100000 [--keep DIR]`` prints one JSON line an operation: p50
and p95 in milliseconds, those of the reference, and the ratio of the medians. The reference is the standard
library's ``sqlite3``, unencrypted, with the same columns, indices and full-text rows, asked by hand-written
SQL. Figures of two runs are compared by their ratios, never by milliseconds of two machines.

The dossiers are made-up rows, written past the services for speed; they serve this measurement alone.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from app.clock import VIETNAM, FixedClock
from app.domain.vietnamese import sort_key
from app.models import tables
from app.models.search_index import search_body
from app.models.tables import SEARCH_TABLE
from app.services.desk import Desk
from app.services.finding import grid, search
from app.services.finding.grid import GridQuery, Preset, SortColumn
from app.services.overview.today import today
from tests.support.desk import make_desk, officer

NOW = datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM)
FAMILY = ("Nguyễn", "Ma", "Triệu", "Nông", "Hoàng", "Lý", "Đặng", "Bàn", "Giàng", "Sùng", "Quan", "Lục")
MIDDLE = ("Văn", "Thị", "Thúy", "A", "Tòn", "Đức", "Ngọc", "")
GIVEN = ("Hường", "Tú", "Hiền", "Dậu", "Sùng", "Liên", "Thảo", "Mùi", "Đạt", "Quyết", "Mến", "Nga", "Việt")
PROCEDURES = (
    ("1.001193", "Đăng ký khai sinh"),
    ("1.004873", "Xác nhận tình trạng hôn nhân"),
    ("2.000635", "Bản sao trích lục hộ tịch"),
    ("1.000894", "Đăng ký kết hôn"),
    ("1.000656", "Đăng ký khai tử"),
)
TYPED = ("ma thi huong", "khai sinh", "0900012345", "nguyen van dat", "261120", "dkks", "008198000123")
BATCH = 20_000


def main() -> None:
    """Build the store, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="folder to build in and to use again")
    args = parser.parse_args()
    folder = args.keep or Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    desk, plain = built(folder, args.dossiers)
    for line in measured(desk, plain, args.rounds):
        print(json.dumps(line, ensure_ascii=False), flush=True)
    desk.close()


def built(folder: Path, count: int) -> tuple[Desk, sqlite3.Connection]:
    """A desk and its bare twin with ``count`` made-up dossiers; what is there already is used again."""
    desk = make_desk(folder, FixedClock(NOW))
    plain = sqlite3.connect(folder / f"plain-{count}.db")
    with desk.store.read() as connection:
        there = connection.execute(text("SELECT count(*) FROM dossier")).scalar_one()
    if there < count:
        _fill(desk, there, count)
    if not plain.execute("SELECT 1 FROM sqlite_master WHERE name = 'dossier'").fetchone():
        _twin(desk, plain)
    return desk, plain


def measured(desk: Desk, plain: sqlite3.Connection, rounds: int) -> Iterator[dict[str, Any]]:
    """One line an operation."""
    by = officer(desk, "lanhdao")
    newest = list(grid.open_result(desk, by, GridQuery()).row_numbers)
    typed = [word[:end] for word in TYPED for end in range(1, len(word) + 1) if word[end - 1] != " "]
    yield {"dossiers": len(newest), "keys_typed": len(typed)}
    for name, ours, reference in _operations(desk, by, plain, typed, newest):
        mine, theirs = _times(ours, rounds), _times(reference, rounds)
        ratio = round(statistics.median(mine) / max(1e-6, statistics.median(theirs)), 2)
        yield {"what": name, **_figures(mine, ""), **_figures(theirs, "bare_"), "ratio": ratio}


Call = Callable[[], object]
Row = dict[str, Any]


def _operations(
    desk: Desk, by: Any, plain: sqlite3.Connection, typed: list[str], newest: list[int]
) -> Iterator[tuple[str, list[Call], list[Call]]]:
    def bare(sql: str, *values: object) -> Call:
        return lambda: plain.execute(sql, values).fetchall()

    def by_owner(word: str) -> GridQuery:
        return GridQuery(text=word, sort=SortColumn.OWNER)

    hits = f"SELECT rowid FROM {SEARCH_TABLE} WHERE {SEARCH_TABLE} MATCH ? ORDER BY rowid DESC"
    rows = f"SELECT * FROM dossier WHERE row_no IN ({hits} LIMIT 20) ORDER BY row_no DESC"
    match = {word: search.match_text(word) for word in typed}
    yield (
        "find, 20 rows, key by key",
        [lambda w=word: search.find(desk, by, w) for word in typed],
        [bare(rows, match[word]) for word in typed],
    )
    yield (
        "grid: text, newest first, key by key",
        [lambda w=word: grid.open_result(desk, by, GridQuery(text=w)) for word in typed],
        [bare(hits, match[word]) for word in typed],
    )
    yield (
        "grid: text, first 200 and the total, key by key",
        [lambda w=word: grid.open_result(desk, by, GridQuery(text=w), limit=200) for word in typed],
        [bare(f"{hits} LIMIT 200", match[word]) for word in typed],
    )
    yield (
        "grid: text by owner, key by key",
        [
            lambda w=word: grid.open_result(desk, by, GridQuery(text=w, sort=SortColumn.OWNER))
            for word in typed
        ],
        [
            bare(
                f"SELECT row_no FROM dossier WHERE row_no IN ({hits}) ORDER BY owner_sort DESC, row_no DESC",
                match[word],
            )
            for word in typed
        ],
    )
    columns = {
        SortColumn.RECEIVED: "received_at",
        SortColumn.DUE: "due_at",
        SortColumn.NUMBER: "coalesce(number, provisional_number)",
        SortColumn.OWNER: "owner_sort",
        SortColumn.STATUS: "status",
        SortColumn.FEE: "fee_total",
    }
    for sort, column in columns.items():
        yield (
            f"grid: all by {sort}",
            [lambda s=sort: grid.open_result(desk, by, GridQuery(sort=s))],
            [bare(f"SELECT row_no FROM dossier ORDER BY {column} DESC, row_no DESC")],
        )
    for preset in Preset:
        yield (
            f"grid: {preset} by due",
            [lambda p=preset: grid.open_result(desk, by, GridQuery(preset=p, sort=SortColumn.DUE))],
            [bare("SELECT count(*) FROM dossier")],
        )
    yield (
        "grid: month by received",
        [lambda: grid.open_result(desk, by, GridQuery(month=date(2026, 10, 1)))],
        [bare("SELECT row_no FROM dossier WHERE received_at BETWEEN '2026-10' AND '2026-11'")],
    )
    pages = [newest[start : start + 40] for start in range(0, len(newest), max(40, len(newest) // 50))]
    whole = [page for page in pages if len(page) == 40]
    marks = ",".join("?" * 40)
    yield (
        "grid: page of 40",
        [lambda p=page: grid.page(desk, by, p) for page in pages],
        [bare(f"SELECT * FROM dossier WHERE row_no IN ({marks})", *page) for page in whole],
    )
    yield (
        "grid: counts of the presets",
        [lambda: grid.counts(desk, by)],
        [bare("SELECT status, count(*) FROM dossier GROUP BY status")],
    )
    yield (
        "grid: totals of everything",
        [lambda: grid.totals(desk, by, newest)],
        [bare("SELECT status, count(*), sum(fee_total) FROM dossier GROUP BY status")],
    )
    yield (
        "today, the whole screen",
        [lambda: today(desk, by)],
        [
            bare(
                "SELECT substr(received_at, 1, 7), count(*), sum(ended_at > due_at) FROM dossier"
                " WHERE received_at >= '2026-06' GROUP BY 1"
            )
        ],
    )


def _times(calls: list[Call], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        for call in calls:
            began = time.perf_counter()
            call()
            times.append((time.perf_counter() - began) * 1000)
    return times


def _figures(times: list[float], prefix: str) -> dict[str, float]:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {f"{prefix}p50_ms": round(statistics.median(ordered), 2), f"{prefix}p95_ms": round(p95, 2)}


def _fill(desk: Desk, there: int, count: int) -> None:
    rng = random.Random(count)
    officer_id = officer(desk).id
    for start in range(there, count, BATCH):
        made = [_dossier(rng, n, count, officer_id) for n in range(start, min(count, start + BATCH))]
        with desk.store.write() as connection:
            connection.execute(insert(tables.dossier), [row for row, _ in made])
            connection.execute(insert(tables.party), [owner for _, owner in made])
            connection.execute(
                text(f"INSERT INTO {SEARCH_TABLE} (rowid, body) VALUES (:row, :body)"),
                [{"row": row["row_no"], "body": search_body(row, [owner])} for row, owner in made],
            )


def _dossier(rng: random.Random, n: int, count: int, officer_id: str) -> tuple[Row, Row]:
    """Row ``n`` of ``count``: spread evenly over two years, the last days still open."""
    received = NOW - timedelta(days=730) * (count - n) / count
    due = (received + timedelta(days=rng.choice((0, 1, 3, 5, 10)))).replace(hour=17, minute=0)
    open_still = due > NOW - timedelta(days=3)
    status = rng.choice((2, 4, 4, 4, 5, 9)) if open_still else rng.choice((10,) * 40 + (7, 8, 9, 5))
    code, name = rng.choice(PROCEDURES)
    person = " ".join(filter(None, (rng.choice(FAMILY), rng.choice(MIDDLE), rng.choice(GIVEN))))
    dossier_id = f"00000000-0000-7000-8000-{n:012d}"
    return {
        "row_no": n + 1,
        "id": dossier_id,
        "request_id": f"r{n}",
        "number": f"H60.12-{received:%y%m%d}-{n % 100_000:05d}" if n % 7 else None,
        "provisional_number": f"TN-02221-{received:%y%m%d}-2{n:07d}",
        "procedure_code": code,
        "procedure_version": 1,
        "procedure_name": name,
        "procedure_detail": "full",
        "form_set": "tt-03-2025",
        "tariff_version": "danh-muc-2026-09-21",
        "calendar_version": "2025.1+2026.2+2027.0+mac-dinh#0123456789",
        "channel": "counter",
        "status": status,
        "submitted_at": received,
        "received_at": received,
        "recorded_at": received,
        "due_at": due,
        "due_reason": "Nhận trước 15 giờ, trong giờ làm việc: trả ngay trong ngày, đến giờ đóng cửa.",
        "due_confirmed": True,
        "due_manual": False,
        "copies": 1,
        "return_method": "counter",
        "receiving_unit": "02221",
        "receiving_unit_name": "UBND xã Nà Hang",
        "handling_unit": "02221",
        "handling_unit_name": "UBND xã Nà Hang",
        "custodian_unit": "02221",
        "officer_id": officer_id,
        "owner_name": person,
        "owner_sort": sort_key(person),
        "fee_total": rng.choice((0, 0, 8000, 16000, 50000, None)),
        "facts": ["paper_channel"],
        "answers": {},
        "register_book": f"02/{received.year}",
        "register_no": n + 1,
        "ended_at": due + timedelta(minutes=rng.choice((-90, -30, -5, 20))) if status >= 7 else None,
        "returned_at": due if status == 10 else None,
        "supplement_rounds": 0,
        "sync_state": "waiting" if open_still else "accepted",
    }, {
        "id": f"p{n}",
        "dossier_id": dossier_id,
        "role": "owner",
        "full_name": person,
        "id_kind": "personal_number",
        "id_value": f"008198{n % 1_000_000:06d}",
        "old_id": None,
        "phone": f"0900{n % 1_000_000:06d}",
        "address": {"as_written": "Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang"},
        "source": "card",
    }


def _twin(desk: Desk, plain: sqlite3.Connection) -> None:
    """The same dossier rows, indices and full-text rows in a plain file."""
    with desk.store.read() as connection:
        schema = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE tbl_name = 'dossier' AND sql IS NOT NULL")
        ).scalars()
        statements = list(schema)
        rows = [tuple(row) for row in connection.execute(text("SELECT * FROM dossier"))]
        owners = connection.execute(
            text("SELECT dossier_id, full_name, id_value, phone FROM party")
        ).mappings()
        people = {row["dossier_id"]: {**row, "old_id": None} for row in owners}
    plain.executescript(";\n".join(statements))
    marks = ",".join("?" * len(rows[0]))
    plain.executemany(f"INSERT INTO dossier VALUES ({marks})", rows)
    plain.execute(
        f"CREATE VIRTUAL TABLE {SEARCH_TABLE} USING fts5(body, content='',"
        " tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')"
    )
    names = [column.name for column in tables.dossier.columns]
    folded = (dict(zip(names, row, strict=True)) for row in rows)
    plain.executemany(
        f"INSERT INTO {SEARCH_TABLE} (rowid, body) VALUES (?, ?)",
        ((row["row_no"], search_body(row, [people[row["id"]]])) for row in folded),
    )
    plain.commit()


if __name__ == "__main__":
    main()
