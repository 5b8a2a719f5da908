"""The end check names every difference and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.protocol import payloads
from app.protocol.chain import chain_start, dossiers_digest, files_digest
from app.protocol.ids import new_id
from tests.province.verdicts import accepted, push, state, upload
from tests.support.wire_desk import WireDesk

EMPTY: tuple[str, ...] = ()


def check(desk: WireDesk, **changed: Any) -> dict[str, Any]:
    body = {"epoch": desk.epoch, "through_seq": desk.seq, "count": desk.seq, "chain": desk.chain, **changed}
    answer = desk.call("POST", "/v1/reconcile", json_body=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_match(opened: WireDesk) -> None:
    received = opened.received()
    accepted(opened, received)
    pairs = [(received["subject"]["id"], state(opened, received)["version"])]
    answer = check(
        opened,
        files={"count": 0, "digest": files_digest(EMPTY)},
        dossiers={"count": 1, "digest": dossiers_digest(pairs)},
    )
    assert answer["match"] is True and answer["stream"]["first_difference_seq"] is None


def test_an_unknown_epoch_matches_nothing_sent(desk: WireDesk) -> None:
    assert check(desk)["match"] is True
    assert check(desk, chain="0" * 64)["match"] is False


def test_where_to_push_again(opened: WireDesk) -> None:
    accepted(opened, opened.received())
    kept = opened.chain
    opened.received()
    assert check(opened)["stream"]["first_difference_seq"] == 3
    older = check(opened, through_seq=2, count=2, chain=kept)
    assert older["match"] is True
    assert check(opened, through_seq=2, count=2, chain="0" * 64)["stream"]["first_difference_seq"] == 1
    restored = check(opened, through_seq=0, count=0, chain=chain_start(opened.epoch))
    assert (restored["match"], restored["stream"]["first_difference_seq"]) == (False, 1)


def test_files_that_are_missing_are_named(opened: WireDesk) -> None:
    sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    push(opened, opened.received(scan=sha256))
    named = {"count": 1, "digest": files_digest([sha256])}
    answer = check(opened, files=named)
    assert answer["files"] == {"match": False, "count": 0, "missing": [sha256]} and answer["deferred"] == 1
    upload(opened, b"hello")
    assert check(opened, files=named)["match"] is True
    assert check(opened, files={"count": 0, "digest": files_digest(EMPTY)})["files"]["match"] is False


def test_differing_dossiers_are_found_by_runs(opened: WireDesk) -> None:
    events = sorted((opened.received() for _ in range(4)), key=lambda each: each["desk_seq"])
    accepted(opened, *events)
    ids = sorted(each["subject"]["id"] for each in events)
    assert check(opened, dossiers={"count": 4, "digest": dossiers_digest([])})["dossiers"]["match"] is False
    unknown = new_id()
    run = [{"dossier_id": ids[0], "version": 2}, {"dossier_id": ids[2], "version": 1}]
    body = {"after_id": None, "last": False, "dossiers": run}
    assert opened.call("POST", "/v1/reconcile/dossiers", json_body=body).json() == {
        "stale": [{"dossier_id": ids[2], "version": 2}],
        "unknown_to_server": [],
        "missing_at_desk": [{"dossier_id": ids[1], "version": 2}],
    }
    body = {"after_id": ids[2], "last": True, "dossiers": [{"dossier_id": unknown, "version": 1}]}
    assert opened.call("POST", "/v1/reconcile/dossiers", json_body=body).json() == {
        "stale": [],
        "unknown_to_server": [unknown],
        "missing_at_desk": [{"dossier_id": ids[3], "version": 2}],
    }
    body = {"after_id": None, "last": True, "dossiers": list(reversed(run))}
    assert opened.call("POST", "/v1/reconcile/dossiers", json_body=body).status_code == 400


def test_closed_dossiers_do_not_count(opened: WireDesk) -> None:
    received = opened.received()
    accepted(opened, received)
    accepted(opened, opened.about(received, "dossier.withdrawn", payloads.EndWithReason("xin rút")))
    assert check(opened, dossiers={"count": 0, "digest": dossiers_digest([])})["match"] is True


def test_rejected_counts_until_answered(opened: WireDesk, new_desk: Callable[..., WireDesk]) -> None:
    received = opened.received()
    broken = opened.broken(received, payload={})
    push(opened, broken)
    assert check(opened)["rejected_open"] == 1
    push(opened, opened.received(corrects=broken["event_id"]))
    assert check(opened)["rejected_open"] == 0
