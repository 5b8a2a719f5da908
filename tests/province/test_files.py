"""Resumable uploads: every chunk checked, every file checked, nothing of another commune shown."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.province.verdicts import patch, upload
from tests.support.gateway import Gateway
from tests.support.wire_desk import WireDesk

CONTENT = bytes(range(256)) * 200
SHA = hashlib.sha256(CONTENT).hexdigest()


def create(desk: WireDesk, **changed: Any) -> Any:
    body = {"sha256": SHA, "size": len(CONTENT), "media_type": "text/plain", "purpose": "component"}
    return desk.call("POST", "/v1/files", json_body={**body, **changed})


def offset(desk: WireDesk, url: str) -> int:
    answer = desk.call("HEAD", url)
    assert answer.status_code == 204 and answer.headers["upload-complete"] == "?0"
    return int(answer.headers["upload-offset"])


def test_in_chunks_with_a_break_between(desk: WireDesk) -> None:
    made = create(desk)
    assert made.status_code == 201 and made.headers["upload-offset"] == "0"
    url = made.json()["upload_url"]
    assert patch(desk, url, 0, CONTENT[:20_000], last=False).json()["offset"] == 20_000
    again = create(desk)
    assert (again.status_code, again.json()["upload_url"], again.json()["offset"]) == (200, url, 20_000)
    assert offset(desk, url) == 20_000
    done = patch(desk, url, 20_000, CONTENT[20_000:], last=True)
    assert done.json()["complete"] is True and done.headers["upload-complete"] == "?1"
    assert done.headers["repr-digest"] == f"sha-256=:{base64.b64encode(bytes.fromhex(SHA)).decode()}:"
    assert create(desk).json()["complete"] is True
    assert desk.call("HEAD", url).status_code == 404
    assert desk.call("HEAD", f"/v1/files/{SHA}").status_code == 204
    assert desk.call("GET", f"/v1/files/{SHA}").content == CONTENT
    part = desk.call("GET", f"/v1/files/{SHA}", headers={"Range": "bytes=50000-"})
    assert part.status_code == 206 and part.content == CONTENT[50_000:]
    assert desk.call("GET", f"/v1/files/{SHA}", headers={"Range": "bytes=90000-"}).status_code == 416


def test_a_wrong_offset_tells_the_true_one(desk: WireDesk) -> None:
    url = create(desk).json()["upload_url"]
    patch(desk, url, 0, CONTENT[:100], last=False)
    answer = patch(desk, url, 50, CONTENT[50:200], last=False)
    assert (answer.status_code, answer.json()["code"]) == (409, "mismatching-upload-offset")
    assert answer.headers["upload-offset"] == "100" and answer.json()["expected-offset"] == 100
    assert offset(desk, url) == 100


def test_a_flipped_bit_in_a_chunk_is_named_and_dropped(desk: WireDesk) -> None:
    url = create(desk).json()["upload_url"]
    digest = base64.b64encode(hashlib.sha256(CONTENT[:100]).digest()).decode()
    answer = patch(desk, url, 0, b"x" + CONTENT[1:100], last=False, digest=f"sha-256=:{digest}:")
    assert (answer.status_code, answer.json()["code"]) == (422, "chunk-digest-mismatch")
    assert offset(desk, url) == 0


def test_a_wrong_file_is_removed(desk: WireDesk) -> None:
    url = create(desk).json()["upload_url"]
    answer = patch(desk, url, 0, bytes(len(CONTENT)), last=True)
    assert (answer.status_code, answer.json()["code"]) == (422, "file-digest-mismatch")
    assert desk.call("HEAD", url).status_code == 404
    assert create(desk).status_code == 201


@pytest.mark.parametrize(("chunk", "last"), [(CONTENT + b"x", True), (CONTENT[:10], True)])
def test_a_size_that_does_not_fit_is_400(desk: WireDesk, chunk: bytes, last: bool) -> None:
    url = create(desk).json()["upload_url"]
    assert patch(desk, url, 0, chunk, last=last).status_code == 400


def test_limits(desk: WireDesk) -> None:
    assert create(desk, size=104_857_601).json()["code"] == "too-large"
    assert create(desk, size=0).json()["code"] == "schema-invalid"
    url = create(desk, size=5_000_000).json()["upload_url"]
    assert patch(desk, url, 0, bytes(4_194_305), last=False).status_code == 413


def test_another_commune_sees_nothing(desk: WireDesk, new_desk: Callable[..., WireDesk]) -> None:
    stranger = new_desk("H60.3.3")
    sha256 = upload(desk, b"ours alone")
    url = create(desk).json()["upload_url"]
    assert stranger.call("HEAD", f"/v1/files/{sha256}").status_code == 404
    assert stranger.call("GET", f"/v1/files/{sha256}").status_code == 404
    assert stranger.call("HEAD", url).status_code == 404
    assert patch(stranger, url, 0, b"x", last=False).status_code == 404
    assert stranger.call("DELETE", url).status_code == 204
    assert offset(desk, url) == 0


def test_giving_up_now_or_already(desk: WireDesk) -> None:
    url = create(desk).json()["upload_url"]
    assert [desk.call("DELETE", url).status_code for _ in range(2)] == [204, 204]
    assert desk.call("HEAD", url).status_code == 404


def test_a_path_is_no_path(desk: WireDesk, gateway: Gateway) -> None:
    for name in ("..%2F..%2Fgateway.db", "..", "%00", "a" * 64 + "%2F.."):
        assert desk.call("GET", f"/v1/files/{name}").status_code in (400, 404)
    assert desk.call("HEAD", "/v1/uploads/..%2Fx").status_code == 404
