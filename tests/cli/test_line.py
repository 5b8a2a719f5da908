"""``outbox``, ``sync`` and ``enrol`` without a province; ``assist``; ``audit verify``; ``demo fill``."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import BIRTH, CARD, MONDAY, Motcua
from tests.support.desk import demo_password


def test_the_outbox_holds_what_waits(motcua: Motcua) -> None:
    received = motcua.json("receive", *BIRTH)
    outbox = motcua.json("outbox")
    assert outbox["count"] == len(outbox["items"]) == 2
    assert list(outbox["items"][0]) == ["event_id", "epoch", "desk_seq", "type", "number", "tries", "last"]
    assert [(item["desk_seq"], item["type"], item["number"]) for item in outbox["items"]] == [
        (1, "stream.opened", None),
        (2, "dossier.received", received["number"]),
    ]


def test_sync_before_enrolment(motcua: Motcua) -> None:
    assert motcua.error(6, "sync")["code"] == "never-enrolled"
    motcua.patch.setenv("MOTCUA_PASSWORD", demo_password())
    assert motcua.error(6, "--as", "quantri", "renew-keys")["code"] == "never-enrolled"


def test_enrolment_needs_a_safe_address(motcua: Motcua, tmp_path: Path) -> None:
    code = "abcd-efgh-1234"
    assert motcua.error(3, "enrol", "--url", "http://gateway.example", "--code", code)["field"] == "url"
    missing = str(tmp_path / "missing.pem")
    argv = ("enrol", "--url", "https://gateway.example", "--code", code, "--ca", missing)
    assert motcua.error(2, *argv)["field"] == "ca"
    assert motcua.error(6, "enrol", "--url", "http://127.0.0.1:9", "--code", code)["code"]


def test_help_with_an_account(motcua: Motcua) -> None:
    opened = motcua.json("assist", "open", "--card", CARD, "--phone", "0900000123", "--consent", "tracking")
    assert set(opened) == {"id", "state"}
    step = ("--to", "thieu_dieu_kien", "--obstacle", "sim_not_owner", "--next", "2099-01-05")
    stepped = motcua.json("assist", "step", opened["id"], *step)
    assert stepped == {"id": opened["id"], "state": "thieu_dieu_kien"}
    listed = motcua.json("assist", "list")
    assert (listed["count"], listed["cases"][0]["id"]) == (1, opened["id"])
    assert "008198000000" not in str(listed)


def test_without_consent_no_identity_is_kept(motcua: Motcua) -> None:
    opened = motcua.json("assist", "open", "--card", "-", stdin=CARD.encode())
    assert opened["id"] is None
    assert motcua.json("assist", "list")["count"] == 0
    assert [item["type"] for item in motcua.json("outbox")["items"]] == ["stream.opened"]


@pytest.mark.parametrize(
    "argv",
    [
        ("assist", "open", "--card", CARD, "--consent", "everything"),
        ("assist", "step", "{id}", "--to", "da_duyet"),
        ("assist", "step", "{id}", "--to", "du_dieu_kien", "--note", "mã 12 34 56"),
        ("assist", "step", "{id}", "--to", "du_dieu_kien", "--obstacle", "nope"),
    ],
)
def test_what_account_help_refuses(motcua: Motcua, argv: tuple[str, ...]) -> None:
    opened = motcua.json("assist", "open", "--card", CARD, "--consent", "tracking")
    motcua.error(3, *(each.format(id=opened["id"]) for each in argv))


def test_the_audit_chain_is_whole(motcua: Motcua) -> None:
    motcua.json("receive", *BIRTH)
    verdict = motcua.json("audit", "verify")
    assert verdict["ok"] is True
    assert verdict["first_broken"] is None
    assert verdict["rows"] >= 2


def test_a_changed_audit_row_is_named(motcua: Motcua) -> None:
    from sqlalchemy import text

    from app import keys
    from app.models.opening import open_store
    from tests.support.desk import ENVIRON

    motcua.json("receive", *BIRTH)
    store = open_store(motcua.data, keys.open_key(motcua.data, ENVIRON))
    with store.write() as connection:
        guards = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
        )
        for name in guards.scalars().all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text("UPDATE audit SET act = 'read' WHERE seq = 2"))
    store.dispose()
    said = motcua("--json", "audit", "verify")
    assert (said.exit, said.json["ok"], said.json["first_broken"]) == (5, False, 2)


def test_the_store_is_no_plain_database(motcua: Motcua) -> None:
    motcua.json("receive", *BIRTH)
    with pytest.raises(sqlite3.DatabaseError), sqlite3.connect(motcua.data / "desk.db") as plain:
        plain.execute("SELECT count(*) FROM sqlite_master")


def test_demo_fill_adds_dossiers_that_can_be_found(motcua: Motcua) -> None:
    filled = motcua.json("demo", "fill", "--dossiers", "40", "--seed", "3", "--at", MONDAY)
    assert set(filled) == {"dossiers", "seconds"}
    assert filled["dossiers"] == 40
    assert motcua.json("audit", "verify")["ok"] is True
    assert motcua.json("outbox")["count"] > 60


@pytest.mark.parametrize(
    "argv", [("--dossiers", "0"), ("--dossiers", "x"), (), ("--dossiers", "1", "--seed", "-1")]
)
def test_demo_fill_with_wrong_numbers(motcua: Motcua, argv: tuple[str, ...]) -> None:
    assert motcua.error(2, "demo", "fill", *argv)["code"]
