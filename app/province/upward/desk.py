"""``gateway upward …``: what the command line calls for a gateway that stands below another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.clock import SystemClock
from app.province.server import open_store
from app.province.start_failures import nothing_above, told_to_operator
from app.province.times import wire_ms
from app.province.upward import enrol, relay
from app.province.upward.links import all_links
from app.province.upward.rounds import run_round
from app.province.upward.tables import upward_links


def enroll(
    db_url: str,
    url: str,
    code: str,
    unit: str,
    name: str,
    ca_pem: str | None = None,
    *,
    key: bytes | None = None,
) -> Mapping[str, Any]:
    """Make this gateway known to the one above: ``{unit, unit_name, gateway, desk}``.

    Raises what ``enrol.enroll`` and ``start_failures`` raise.
    """
    with told_to_operator():
        store = open_store(db_url, key=key)
    try:
        link = enrol.enroll(store, SystemClock(), url, code, unit, name=name, ca_pem=ca_pem)
    finally:
        store.dispose()
    return {"unit": link.unit_code, "unit_name": link.unit_name, "gateway": link.url, "desk": link.client_id}


def run(db_url: str, files: Path | None = None, *, key: bytes | None = None) -> list[Mapping[str, Any]]:
    """One round of every line, now: how each ended. Raises ``RuleError`` "upper-none"."""
    with told_to_operator():
        store = open_store(db_url, key=key, files=files)
    try:
        with store.read() as db:
            links = all_links(db)
        if not links:
            raise nothing_above()
        reports = [run_round(store, SystemClock(), link) for link in links]
    finally:
        store.dispose()
    return [
        {
            "unit": each.unit,
            "reconciled": each.trouble in (None, "files-waiting"),
            "trouble": each.trouble,
            "waiting": each.waiting,
            "answered": each.counts.answered,
            "changes": each.counts.changes,
            "files_sent": each.counts.files_sent,
            "files_taken": each.counts.files_taken,
        }
        for each in reports
    ]


def status(db_url: str, *, key: bytes | None = None) -> list[Mapping[str, Any]]:
    """Every line upward as it stands: what waits, when it last answered, what is wrong."""
    with told_to_operator():
        store = open_store(db_url, key=key)
    try:
        with store.read() as db:
            rows = db.execute(select(upward_links).order_by(upward_links.c.unit_code)).all()
            return [
                {
                    "unit": row.unit_code,
                    "gateway": row.url,
                    "desk": row.client_id,
                    "waiting": relay.waiting(db, row.unit_code),
                    "tried_at": _moment(row.tried_at),
                    "answered_at": _moment(row.answered_at),
                    "complete_at": _moment(row.complete_at),
                    "trouble": row.trouble,
                    "streams_in_trouble": [
                        {"epoch": epoch, "code": code} for epoch, code in relay.troubles(db, row.unit_code)
                    ],
                }
                for row in rows
            ]
    finally:
        store.dispose()


def _moment(ms: int | None) -> str | None:
    return None if ms is None else wire_ms(ms)
