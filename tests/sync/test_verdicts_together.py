"""Verdicts stored together leave the same desk as verdicts stored one by one."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.models import tables
from app.protocol import messages as m
from app.protocol.parts import FileRef
from app.sync.verdicts import apply_verdict, apply_verdicts
from tests.support.desk_store import act, make_sync_desk, receive

AT = "2026-11-23T09:00:00+07:00"


def said(row: Any, word: str, version: int) -> m.Verdict:
    body: dict[str, Any] = {"event_id": row.event_id, "desk_seq": row.desk_seq, "received_at": AT}
    match word:
        case "deferred":
            body |= {"verdict": "deferred", "waiting_for": [{"kind": "event", "ref": row.event_id}]}
        case "rejected":
            problem = {"type": "/p", "code": "conflict", "title": "Không khớp", "status": 409}
            body |= {"verdict": "rejected", "problem": problem}
        case "duplicate":
            body |= {"verdict": "duplicate", "original": "accepted", "dossier_version": version}
        case _:
            body |= {"verdict": "accepted", "dossier_version": version}
    return m.Verdict.model_validate(body)


@pytest.mark.parametrize("seed", range(6))
def test_the_same_as_one_by_one(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    desk = make_sync_desk(tmp_path / "desk")
    steps = (
        ("dossier.progress", {"note": "x"}),
        ("dossier.fee_requested", {}),
        ("fee.collected", {}),
        ("dossier.completed", {}),
    )
    content = b"%PDF-1.7 made up"
    scan = FileRef(desk.files.put(content), len(content), "application/pdf", "a.pdf")
    for n in range(1, 9):
        dossier = receive(desk, n, files=(scan,) if n == 3 else ())
        for kind, payload in chance.sample(steps, chance.randrange(4)):
            act(desk, dossier, kind, payload)
    c = tables.event.c
    with desk.store.read() as connection:
        rows = connection.execute(select(c.event_id, c.desk_seq).order_by(c.desk_seq)).all()
    words = chance.choices(("accepted", "duplicate", "deferred", "rejected"), (12, 2, 1, 1), k=len(rows))
    verdicts = [said(row, word, chance.randrange(1, 6)) for row, word in zip(rows, words, strict=True)]
    unknown = verdicts[0].model_copy(update={"event_id": "0199a2f0-7c11-7d5e-9c5b-0d8f6a1b2c3d"})
    verdicts.append(unknown)
    now = desk.clock.now()
    outcomes = []
    for together in (False, True):
        with desk.store.write() as connection:
            savepoint = connection.begin_nested()
            for _ in range(2):
                if together:
                    apply_verdicts(connection, verdicts, now)
                else:
                    for verdict in verdicts:
                        apply_verdict(connection, verdict, now)
            outcomes.append(
                [
                    [tuple(row) for row in connection.execute(select(table).order_by(table.c[0]))]
                    for table in (tables.event, tables.dossier, tables.stream, tables.sync_mark)
                ]
            )
            savepoint.rollback()
    assert outcomes[0] == outcomes[1]
    assert {row.sync_state for row in _dossiers(desk)} == {"waiting"}, "nothing was kept"
    desk.store.dispose()


def _dossiers(desk: Any) -> list[Any]:
    with desk.store.read() as connection:
        return list(connection.execute(select(tables.dossier)))
