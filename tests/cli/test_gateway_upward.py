"""``gateway upward``: an office gateway made, enrolled, run and looked at by command; its store encrypted."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from app.bootstrap import main
from tests.support.gateway import Gateway, free_port, running_gateway
from tests.support.wire_desk import WireDesk

UNIT = "H60.14.3"
PHRASE = "mot hai ba bon nam"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with running_gateway(tmp_path_factory.mktemp("province")) as running:
        yield running


def motcua(*words: str, phrase: str = PHRASE) -> tuple[int, dict[str, Any]]:
    """One command in this process."""
    kept = io.BytesIO()
    said = io.TextIOWrapper(kept, encoding="utf-8")
    with mock.patch.dict(os.environ, MOTCUA_PASSPHRASE=phrase), redirect_stdout(said):
        code = main(["--json", *words])
    said.flush()
    return code, json.loads(kept.getvalue())


def test_an_office_is_made_enrolled_and_served_encrypted(province: Gateway, tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path / 'xa.db'}"
    code, refused = motcua("gateway", "upward", "run", "--db", f"sqlite:///{tmp_path / 'khac.db'}")
    assert (code, refused["error"]["code"]) == (3, "upper-none")
    asked = ("gateway", "upward", "enroll", "--db", db, "--url", province.url, "--unit", UNIT)
    code, made = motcua(*asked, "--code", province.enrolment_code("xa", UNIT), "--name", "UBND xã")
    assert code == 0, made
    assert made["unit"] == UNIT and len(made["recovery_words"].split()) == 9
    assert not (tmp_path / "xa.db").read_bytes().startswith(b"SQLite format 3")
    code, told = motcua("gateway", "enrolment-code", "--db", db, "--desk", "quay-1", "--unit", UNIT)
    assert code == 0, told

    port = free_port()
    listen = f"127.0.0.1:{port}"
    environ = {**os.environ, "MOTCUA_PASSPHRASE": PHRASE}
    serve = [sys.executable, "-m", "app", "gateway", "serve", "--db", db, "--listen", listen, "--upward"]
    with (tmp_path / "log").open("wb") as log:
        served = subprocess.Popen(serve, env=environ, stdout=log, stderr=log)
    office = Gateway(tmp_path, port, process=served)
    try:
        _wait(office)
        desk = WireDesk(office.url, unit=UNIT)
        assert desk.enrol(told["code"]).status_code == 201
        desk.sign_in()
        assert desk.push([desk.opened(), desk.received()]).status_code == 200
        _until(lambda: motcua("gateway", "upward", "status", "--db", db)[1]["lines"][0]["waiting"] == 0)
    finally:
        office.stop()
    code, status = motcua("gateway", "upward", "status", "--db", db)
    [line] = status["lines"]
    assert (line["waiting"], line["trouble"], line["streams_in_trouble"]) == (0, None, [])
    assert motcua("gateway", "upward", "run", "--db", db)[0] == 0
    code, refused = motcua("gateway", "upward", "status", "--db", db, phrase="sai")
    assert (code, refused["error"]["code"]) == (5, "wrong-passphrase")


def test_a_store_made_without_a_key_does_not_become_an_office(province: Gateway, tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path / 'plain.db'}"
    assert motcua("gateway", "enrolment-code", "--db", db, "--desk", "quay-1")[0] == 0
    asked = ("gateway", "upward", "enroll", "--db", db, "--url", province.url, "--unit", UNIT)
    code, refused = motcua(*asked, "--code", province.enrolment_code("xa-2", UNIT))
    assert (code, refused["error"]["code"]) == (3, "gateway-store-plain")
    code, refused = motcua("gateway", "serve", "--db", db, "--listen", "127.0.0.1:1", "--upward")
    assert (code, refused["error"]["code"]) == (3, "upper-none")


def _wait(office: Gateway) -> None:
    _until(office._answers)


def _until(holds: Any) -> None:
    end = time.monotonic() + 40
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)
