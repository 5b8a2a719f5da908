"""The contract's own test vectors reproduce (SYNC-PROTOCOL-CHOICES 5, test 12)."""

from __future__ import annotations

from typing import Any

import pytest

from app.protocol import chain, contract

VECTORS: dict[str, Any] = contract.document()["x-test-vectors"]
PUSH: dict[str, Any] = contract.document()["paths"]["/v1/push"]["post"]["requestBody"]["content"][
    "application/json"
]
EVENTS: list[dict[str, Any]] = PUSH["examples"]["one-new-dossier"]["value"]["events"]


def test_chain_before_event_1() -> None:
    assert chain.chain_start(VECTORS["epoch"]) == VECTORS["chain_before_event_1"]


def test_digest_and_chain_of_the_example_events() -> None:
    previous = VECTORS["chain_before_event_1842"]
    for event in EVENTS:
        assert chain.event_digest(event) == event["digest"]
        previous = chain.chain_next(previous, event["digest"])
        assert previous == event["chain"]


def test_files_digest() -> None:
    vector = VECTORS["files_digest_of_one_file"]
    assert chain.files_digest([vector["file"]]) == vector["digest"]
    assert chain.files_digest([vector["file"], vector["file"]]) == vector["digest"]


def test_dossiers_digest() -> None:
    vector = VECTORS["dossiers_digest_of_one_line"]
    dossier_id, version = vector["line"].split(" ")
    assert chain.dossiers_digest([(dossier_id, int(version))]) == vector["digest"]


def test_digests_do_not_depend_on_the_order_given() -> None:
    one, two = ("a" * 64, "b" * 64)
    assert chain.files_digest([two, one]) == chain.files_digest([one, two])
    assert chain.dossiers_digest([("b", 1), ("a", 2)]) == chain.dossiers_digest([("a", 2), ("b", 1)])


@pytest.mark.parametrize("member", ["payload", "actor", "occurred_at", "event_id"])
def test_any_change_of_content_changes_the_digest(member: str) -> None:
    changed = {**EVENTS[0], member: {"x": 1}}
    assert chain.event_digest(changed) != EVENTS[0]["digest"]
