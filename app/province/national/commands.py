"""What the operator asks of the adapter by command; plain data for the command line. No citizen data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, or_, select

from app.clock import SystemClock, to_wire
from app.errors import NotFoundError, UsageError
from app.province.national import mapping_check, overview, queue
from app.province.national.history import acts_of
from app.province.national.overview import Standing
from app.province.national.settings import load_settings
from app.province.national.setup import make_worker
from app.province.problems import JsonObject
from app.province.start_failures import told_to_operator
from app.province.store import Store
from app.province.tables import dossiers
from app.province.times import to_ms
from app.text import t


def status(db_url: str) -> JsonObject:
    """Counts, what is held and why, what is being tried again."""
    with _opened(db_url) as store, store.read() as db:
        return _status(db)


def run(db_url: str, config: Path, files: Path | None = None) -> JsonObject:
    """Tell onward until nothing is due; answers how things stand then. Raises ``UsageError``."""
    with _opened(db_url, files) as store:
        worker = make_worker(store, SystemClock(), config)
        try:
            turns = worker.drain()
        finally:
            worker.adapter.close()
        with store.read() as db:
            return {"turns": turns, **_status(db)}


def retry(
    db_url: str, number: str | None = None, steps: str | None = None, again: bool = False
) -> JsonObject:
    """Free what is held, all or one dossier, and try now.

    ``steps``: what the operator saw at the portal of steps in doubt, ``there`` or ``missing``; ``again``: the
    portal has lost the dossier, make it anew. Both need a number. Raises ``UsageError``, ``NotFoundError``.
    """
    if number is None and (steps is not None or again):
        raise UsageError(
            "national-number",
            t("Cần nêu một hồ sơ khi báo các bước đã có, còn thiếu, hoặc khi tạo lại."),
            t("Thêm --dossier và mã hồ sơ."),
            field="dossier",
        )
    now_ms = to_ms(SystemClock().now())

    def work(db: Connection) -> int:
        if number is None:
            queue.release_pause(db)
            return queue.free(db)
        dossier_id = _find(db, number)
        if again:
            queue.forget_creation(db, dossier_id)
        elif steps is not None:
            seen = [act.event_id for act in acts_of(db, dossier_id)] if steps == "there" else []
            queue.settle_doubt(db, now_ms, dossier_id, seen)
        else:
            return queue.free(db, dossier_id)
        return 1

    with _opened(db_url) as store:
        return {"freed": store.do(work)}


def map_check(config: Path, db_url: str | None = None) -> JsonObject:
    """What the province's file still lacks; with a store, also for its dossiers. Raises ``UsageError``."""
    settings = load_settings(config)
    if db_url is None:
        return mapping_check.check(settings, None)
    with _opened(db_url) as store, store.read() as db:
        return mapping_check.check(settings, db)


def _status(db: Connection) -> JsonObject:
    now = SystemClock().now()
    standing = overview.standing(db, now)
    return {
        **_plain(standing),
        "reasons": [
            {"code": reason.code, "place": reason.place, "words": reason.words(), "dossiers": count}
            for reason, count in overview.reason_counts(db).items()
        ],
        "held_dossiers": [
            {"dossier": line.code, "unit": line.unit_code, "reasons": [each.words() for each in line.reasons]}
            for line in overview.held_lines(db)
        ],
        "retrying_dossiers": [
            {
                "dossier": line.code,
                "unit": line.unit_code,
                "trouble": line.trouble,
                "tries": line.tries,
                "next_try": to_wire(line.next_try),
            }
            for line in overview.retry_lines(db)
        ],
    }


def _plain(standing: Standing) -> JsonObject:
    times = ("last_success", "paused_until", "oldest_waiting")
    return {
        "waiting": standing.waiting,
        "retrying": standing.retrying,
        "held": standing.held,
        "done": standing.done,
        **{name: None if (at := getattr(standing, name)) is None else to_wire(at) for name in times},
    }


def _find(db: Connection, number: str) -> str:
    named = or_(dossiers.c.code == number, dossiers.c.dossier_id == number)
    found: str | None = db.execute(select(dossiers.c.dossier_id).where(named)).scalars().first()
    if found is None:
        raise NotFoundError(
            "dossier-unknown",
            t("Cổng không có hồ sơ mang mã này."),
            t("Xem mã ở trang điều hành hoặc lệnh “motcua gateway national status”."),
            field="dossier",
        )
    return found


@contextmanager
def _opened(db_url: str, files: Path | None = None) -> Iterator[Store]:
    with told_to_operator():
        store = Store(db_url, files=files)
        store.migrate()
    try:
        yield store
    finally:
        store.dispose()
