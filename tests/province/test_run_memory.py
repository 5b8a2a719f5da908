"""A run judged with one look ahead and one write is judged as its events would be one by one."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from app.clock import VIETNAM
from app.protocol.parts import Subject
from tests.province.verdicts import push
from tests.support.wire_desk import WireDesk

NOON = datetime(2026, 11, 23, 12, tzinfo=VIETNAM)


def shape(verdicts: list[dict[str, Any]], ids: dict[str, int]) -> list[Any]:
    """What verdicts say, with events by their place in the run."""
    return [
        (
            each["verdict"],
            each.get("dossier_version"),
            each.get("problem", {}).get("code"),
            [ids.get(wait["ref"], wait["ref"]) for wait in each.get("waiting_for", [])],
            [warning["code"] for warning in each.get("warnings", [])],
        )
        for each in verdicts
    ]


def story(desk: WireDesk, seed: int) -> list[dict[str, Any]]:
    """New dossiers, steps of them, broken ones, corrections, voids, ids used twice, all mixed."""
    chance = random.Random(seed)
    events, known = [desk.opened()], list[dict[str, Any]]()
    scan = f"{seed:064x}"
    for _ in range(40):
        about = chance.choice(known) if known else None
        corrects = about["event_id"] if about and chance.random() < 0.2 else None
        match chance.choice(("received",) * 4 + ("progress",) * 3 + ("withdrawn", "voided")):
            case "received" if about and chance.random() < 0.3:
                event = desk.received(dossier_id=about["subject"]["id"], corrects=corrects)
            case "received":
                number = chance.choice(("038199000001", "038199000001", "111111111111"))
                filing = desk.filing(NOON, personal_number=number)
                event = desk.received(filing=filing, scan=chance.choice((None, None, scan)))
                known.append(event)
            case "voided" if about:
                payload = {"voids": about["event_id"], "reason": "Nhập nhầm"}
                event = desk.event("event.voided", payload, Subject("event", about["event_id"]))
            case step if about and step in ("progress", "withdrawn"):
                words = {"note": "Thẩm tra"} if step == "progress" else {"reason": "Không làm nữa"}
                subject = Subject("dossier", about["subject"]["id"])
                event = desk.event(f"dossier.{step}", words, subject, corrects=corrects)
                if chance.random() < 0.2:
                    known.append({**about, "event_id": event["event_id"]})
            case _:
                event = desk.received()
                known.append(event)
        events.append(event)
    return events


@pytest.mark.parametrize("seed", range(4))
def test_one_run_is_judged_as_many(new_desk: Callable[..., WireDesk], seed: int) -> None:
    """On either store."""
    whole, single = new_desk(f"H61.{seed}1"), new_desk(f"H61.{seed}2")
    said = []
    for desk, size in ((whole, 100), (single, 1)):
        events = story(desk, seed)
        ids = {event["event_id"]: n for n, event in enumerate(events)}
        verdicts: list[dict[str, Any]] = []
        for start in range(0, len(events), size):
            verdicts += push(desk, *events[start : start + size])
        said.append(shape(verdicts, ids))
    assert said[0] == said[1]
    words = {verdict[0] for verdict in said[0]}
    assert {"accepted", "rejected"} <= words
