"""``bundle export``, ``gateway import``, ``bundle receipt`` as commands: a desk that never had a line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import BIRTH, Motcua
from tests.support.gateway import running_gateway


def test_the_courier_carries_everything(motcua: Motcua, tmp_path: Path) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    bundle = str(stick / "goi.bundle")
    assert motcua.error(6, "bundle", "export", bundle)["code"] == "never-enrolled"
    with running_gateway(tmp_path / "gateway") as gateway:
        code = gateway.enrolment_code("quay-1", "H60.14.3")
        assert motcua.json("enrol", "--url", gateway.url, "--code", code)["ok"]
        db = gateway.db_url
    number = motcua.json("receive", *BIRTH)["number"]
    made = motcua.json("bundle", "export", bundle)
    assert made == {"ok": True, "files": [bundle], "events": 2}
    assert motcua.error(3, "bundle", "export", bundle)["code"] == "bundle-exists"
    assert motcua.json("outbox")["count"] == 2
    taken = motcua.json("gateway", "import", "--db", db, bundle)
    assert (taken["events"], taken["accepted"], taken["rejected"]) == (2, 2, 0)
    back = motcua.json("bundle", "receipt", taken["receipt"])
    assert (back["ok"], back["events"]) == (True, 2)
    assert motcua.json("outbox")["count"] == 0
    assert motcua.json("show", number)["sync"] == "accepted"
    assert motcua.json("bundle", "receipt", taken["receipt"])["events"] == 2
    assert motcua.error(4, "gateway", "import", "--db", db, str(stick / "none"))["code"] == "no-bundle"
    (stick / "cut.bundle").write_bytes(Path(bundle).read_bytes()[:-9])
    failed = motcua.error(5, "gateway", "import", "--db", db, str(stick / "cut.bundle"))
    assert failed["code"] == "bundle-damaged" and "USB" in failed["title"]
