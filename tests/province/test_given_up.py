"""Keys and numbers that were given up stay so: of a key that was replaced, of a desk that was revoked."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.protocol.ids import new_id
from app.province import server
from tests.province.conftest import ClockedGateway
from tests.support.wire_desk import WireDesk


def change(desk: WireDesk, key: Ed25519PrivateKey, kid: str) -> int:
    """Ask for this key under this name with the token in hand; the status of the answer."""
    desk.key, desk.kid = key, kid
    keys = {"signing_key": desk.jwk(), "bundle_recipient": desk.recipient}
    return desk.call("PUT", "/v1/desk/keys", json_body=keys).status_code


def test_a_name_is_one_key_for_ever_and_a_replaced_key_does_not_come_back(clocked: ClockedGateway) -> None:
    desk = clocked.new_desk()
    first, first_kid, second = desk.key, desk.kid, Ed25519PrivateKey.generate()
    assert change(desk, second, first_kid) == 400, "the name of the first is taken"
    assert change(desk, second, "second") == 200
    assert change(desk, first, first_kid) == 400, "the first was replaced"
    assert change(desk, Ed25519PrivateKey.generate(), "second") == 400
    desk.key, desk.kid = second, "second"
    assert desk.ask_token().status_code == 200, "what was refused changed nothing"


def test_the_numbers_of_a_revoked_desk_end_with_it(clocked: ClockedGateway) -> None:
    gone, other = clocked.new_desk("quay-1"), clocked.new_desk("quay-2")
    today = clocked.clock.now().date()
    for each in (gone, other):
        asked = {"kind": "dossier_code", "unit_code": each.unit, "per": "day", "size": 999}
        asked |= {"valid_from": str(today), "valid_to": str(today + timedelta(days=9))}
        headers = {"Idempotency-Key": f'"{new_id()}"'}
        assert each.call("POST", "/v1/number-blocks", json_body=asked, headers=headers).status_code < 300
    server.set_desk(clocked.db_url, gone.desk_id, "revoked")
    with sqlite3.connect(clocked.db_url.removeprefix("sqlite:///")) as db:
        blocks = set(db.execute("SELECT desk_id, state FROM number_blocks"))
    db.close()
    assert blocks == {(gone.desk_id, "ended"), (other.desk_id, "active")}
