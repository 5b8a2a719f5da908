"""``motcua gateway …`` on either store, as an operator types it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.province.verdicts import accepted
from tests.support.gateway import Gateway, free_port, running_gateway
from tests.support.postgres import Postgres
from tests.support.wire_desk import WireDesk


def motcua(*arguments: str) -> tuple[int, Any]:
    command = [sys.executable, "-m", "app", "--json", "gateway", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, json.loads(done.stdout)


def test_desks_revoke_suspend_resume(gateway: Gateway, opened: WireDesk) -> None:
    db, desk = gateway.db_url, opened.desk_id
    accepted(opened, opened.received())
    exit_code, listed = motcua("desks", "--db", db, "--unit", opened.unit)
    assert (exit_code, listed["count"]) == (0, 1)
    (line,) = listed["desks"]
    assert (line["desk_id"], line["state"], line["events"], line["unread"]) == (desk, "active", 2, 1)
    assert line["last_sent_at"].endswith("+07:00") and line["last_read_at"] is None
    assert motcua("suspend", "--db", db, "--desk", desk)[1]["state"] == "suspended"
    assert opened.push([opened.received()]).json()["code"] == "desk-suspended"
    assert motcua("resume", "--db", db, "--desk", desk)[0] == 0
    assert motcua("revoke", "--db", db, "--desk", desk) == (0, {"desk": desk, "state": "revoked"})
    assert opened.call("GET", "/v1/changes").json()["code"] == "forbidden"
    exit_code, said = motcua("resume", "--db", db, "--desk", desk)
    assert (exit_code, said["error"]["code"]) == (3, "desk-revoked")
    exit_code, said = motcua("revoke", "--db", db, "--desk", "nobody")
    assert (exit_code, said["error"]["field"]) == (4, "desk")


def test_the_token_of_the_page(gateway: Gateway) -> None:
    exit_code, said = motcua("operator-token", "--db", gateway.db_url)
    assert exit_code == 0
    page = requests.post(f"{gateway.url}/operator/login", data={"token": said["token"]})
    assert page.status_code == 200 and "Tổng quan" in page.text


def test_serve_on_postgresql_as_the_contract_writes_it(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    url, port = postgres.new_database(), free_port()
    command = [sys.executable, "-m", "app", "gateway", "serve", "--db", url]
    with subprocess.Popen([*command, "--listen", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL) as serving:
        try:
            _wait_for(f"http://127.0.0.1:{port}/v1/meta")
            exit_code, said = motcua("enrolment-code", "--db", url, "--desk", "quay-1", "--unit", "H60.14.3")
            desk = WireDesk(f"http://127.0.0.1:{port}")
            assert exit_code == 0 and desk.enrol(said["code"]).status_code == 201
            desk.sign_in()
            accepted(desk, desk.opened(), desk.received())
            assert requests.get(f"http://127.0.0.1:{port}/health/ready").status_code == 200
        finally:
            serving.terminate()
        assert serving.wait(timeout=15) == 0
    assert [each.name.endswith(".files") for each in (tmp_path / "motcua-gateway").iterdir()] == [True]


def test_a_database_that_may_lose_what_it_took_is_refused(postgres: Postgres) -> None:
    url = postgres.new_database()
    assert motcua("desks", "--db", url) == (0, {"count": 0, "desks": []})
    postgres.run(f"ALTER DATABASE {url.rpartition('/')[2]} SET synchronous_commit = off")
    exit_code, said = motcua("desks", "--db", url)
    assert (exit_code, said["error"]["code"]) == (5, "db-unsuitable")


def test_after_a_restore_no_old_cursor_is_believed(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway:
        desk = WireDesk(gateway.url)
        desk.enrol(gateway.enrolment_code("quay-1", desk.unit))
        desk.sign_in()
        accepted(desk, desk.opened(), desk.received())
        cursor = desk.changes()["next_cursor"]
        gateway.stop()
        assert motcua("restored", "--db", gateway.db_url) == (0, {"ok": True})
        gateway.start()
        assert desk.call("GET", f"/v1/changes?cursor={cursor}").json()["code"] == "cursor-expired"
        page = desk.call("GET", "/v1/snapshot").json()
        assert len(page["dossiers"]) == 1 and desk.changes(page["cursor"])["changes"] == []


def test_no_server_there(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://postgres:bi-mat@127.0.0.1:{free_port()}/province"
    exit_code, said = motcua("desks", "--db", url)
    assert (exit_code, said["error"]["code"]) == (5, "db-unreachable")
    assert "bi-mat" not in json.dumps(said)


def _wait_for(url: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if requests.get(url, timeout=1).status_code == 200:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError("it does not answer")
