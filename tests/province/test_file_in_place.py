"""The gateway dies between putting a whole file in its place and the commit that names it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import requests

from tests.province.verdicts import patch
from tests.support.gateway import running_gateway
from tests.support.wire_desk import WireDesk

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 300
SHA = hashlib.sha256(CONTENT).hexdigest()
CUT = 60_000


@pytest.mark.parametrize("first", [0, CUT], ids=["one chunk", "two chunks"])
def test_a_kill_before_the_commit_costs_one_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    monkeypatch.setenv("MOTCUA_FAILPOINT", "file_in_place:kill")
    with running_gateway(tmp_path) as gateway:
        monkeypatch.delenv("MOTCUA_FAILPOINT")
        desk = WireDesk(gateway.url)
        assert desk.enrol(gateway.enrolment_code("quay-1", desk.unit)).status_code == 201
        desk.sign_in()
        body = {"sha256": SHA, "size": len(CONTENT), "media_type": "application/pdf", "purpose": "component"}
        url = desk.call("POST", "/v1/files", json_body=body).json()["upload_url"]
        if first:
            assert patch(desk, url, 0, CONTENT[:first], last=False).status_code == 200
        with pytest.raises(requests.ConnectionError):
            patch(desk, url, first, CONTENT[first:], last=True)
        assert gateway.process is not None and gateway.process.wait(10) == -9
        found = list(gateway.folder.rglob(SHA))
        assert found, "the file is in its place before its row"
        gateway.start()
        assert desk.call("HEAD", f"/v1/files/{SHA}").status_code == 404, "without a row it does not count"
        assert desk.call("HEAD", url).headers["upload-offset"] == str(first)
        done = patch(desk, url, first, CONTENT[first:], last=True)
        assert done.status_code == 200 and done.json()["complete"] is True
        assert desk.call("GET", f"/v1/files/{SHA}").content == CONTENT
