"""``renew-keys`` as a command; a receipt made for the old keys is read all the same."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import BIRTH, Motcua
from tests.support.desk import demo_password
from tests.support.gateway import running_gateway


def test_new_keys_and_a_receipt_still_on_its_way(motcua: Motcua, tmp_path: Path) -> None:
    bundle = str(tmp_path / "goi.bundle")
    with running_gateway(tmp_path / "gateway") as gateway:
        code = gateway.enrolment_code("quay-1", "H60.14.3")
        assert motcua.json("enrol", "--url", gateway.url, "--code", code)["ok"]
        motcua.json("receive", *BIRTH)
        motcua.json("bundle", "export", bundle)
        receipt = motcua.json("gateway", "import", "--db", gateway.db_url, bundle)["receipt"]
        assert motcua.error(3, "renew-keys")["code"] == "not-permitted"
        motcua.patch.setenv("MOTCUA_PASSWORD", demo_password())
        first = motcua.json("--as", "quantri", "renew-keys")
        second = motcua.json("--as", "quantri", "renew-keys")
        assert first["ok"]
        assert first["key"] != second["key"]
        assert motcua.json("sync")["reconciled"]
    assert motcua.json("bundle", "receipt", receipt)["events"] == 2
    assert motcua.error(6, "--as", "quantri", "renew-keys")["code"]
