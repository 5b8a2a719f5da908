"""Every answer of the gateway fits the contract: status, media type, schema, headers."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import requests

from app.clock import VIETNAM
from app.protocol import contract, payloads
from app.protocol.bundles import EVENTS, TO_GATEWAY, bytes_part, write_bundle
from app.protocol.ids import new_id
from app.province import operator
from tests.province.test_catalogue import version
from tests.province.verdicts import upload
from tests.support.gateway import running_gateway
from tests.support.postgres import running_postgres
from tests.support.wire_desk import WireDesk

PATHS: dict[str, Any] = contract.document()["paths"]


class Checked(requests.Session):
    """Checks every answer against the contract and remembers which were seen."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[tuple[str, str]] = set()

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        answer = super().request(method, url, *args, **kwargs)
        self._check(str(method), str(url), answer)
        return answer

    def _check(self, method: str, url: str, answer: requests.Response) -> None:
        operation = _operation(method, "/" + url.split("/", 3)[3].partition("?")[0])
        if operation is None:
            assert answer.headers["content-type"] == "application/problem+json"
            _validate({"$ref": "#/components/schemas/Problem"}, answer.json())
            return
        status = str(answer.status_code)
        name = operation["operationId"]
        assert status in operation["responses"], f"{name} answered {status}: {answer.text[:300]}"
        self.seen.add((name, status))
        assert answer.headers["date"]
        response = _resolved(operation["responses"][status])
        content = response.get("content")
        if not content or method == "HEAD":
            assert answer.content == b""
            return
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type in content, (name, status, media_type)
        if "json" in media_type:
            _validate(content[media_type]["schema"], answer.json())


def _operation(method: str, path: str) -> Any:
    for template, methods in PATHS.items():
        wanted, given = template.split("/"), path.split("/")
        if len(wanted) == len(given) and all(
            a == b or a.startswith("{") for a, b in zip(wanted, given, strict=True)
        ):
            return methods.get(method.lower())
    return None


def _resolved(response: dict[str, Any]) -> dict[str, Any]:
    name = response.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = contract.document()["components"]["responses"][name] if name else response
    return found


def _validate(schema: dict[str, Any], value: Any) -> None:
    whole = {**schema, "components": {"schemas": contract.document()["components"]["schemas"]}}
    errors = list(jsonschema_rs.Draft202012Validator(whole, validate_formats=True).iter_errors(value))
    assert not errors, [(list(each.instance_path), each.message) for each in errors]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The store of the gateway under test: its own SQLite file, or a PostgreSQL."""
    if request.param == "sqlite":
        yield None
        return
    with running_postgres() as postgres:
        yield postgres.new_database()


@pytest.fixture(scope="module")
def session(db: str | None) -> Checked:
    return Checked()


@pytest.fixture(scope="module")
def desk(db: str | None, tmp_path_factory: pytest.TempPathFactory, session: Checked) -> Iterator[WireDesk]:
    folder: Path = tmp_path_factory.mktemp("contract")
    with running_gateway(folder, db=db) as gateway:
        made = WireDesk(gateway.url, session=session)
        assert made.enrol("WRONG-CODE-HERE").status_code == 403
        made.call("POST", "/v1/enrolments", json_body={}, signed_in=False)
        made.enrol(gateway.enrolment_code("quay-1", made.unit))
        made.sign_in()
        with gateway.store() as store:
            now = datetime.now(VIETNAM)
            operator.publish_procedure(store, now, version(2, "1.001193"))
            operator.notice(store, now, "Chào")
        yield made


def test_every_operation_offered(desk: WireDesk, session: Checked) -> None:
    desk.call("GET", "/v1/meta", signed_in=False)
    desk.ask_token("x")
    desk.call("POST", "/oauth2/token", raw=b"", headers={"Content-Type": "application/x-www-form-urlencoded"})
    _push(desk)
    _pull(desk)
    _reconcile(desk)
    _files(desk)
    _rest(desk)
    _bundles(desk)
    offered = {operation["operationId"] for path, methods in PATHS.items() for operation in methods.values()}
    good = {name for name, status in session.seen if status.startswith("2")}
    assert good == offered


def _bundles(desk: WireDesk) -> None:
    """A bundle of the next event, over the line: uploaded, handed in twice, its receipt fetched."""
    meta = desk.call("GET", "/v1/meta").json()
    before, event = desk.chain, desk.received()
    file, bundle_id = io.BytesIO(), new_id()
    head = {
        "bundle_id": bundle_id,
        "direction": TO_GATEWAY,
        "origin": desk.desk_id,
        "recipient": meta["server_id"],
        "created_at": datetime.now(VIETNAM).isoformat(timespec="milliseconds"),
        "epoch": desk.epoch,
        "first_seq": desk.seq,
        "last_seq": desk.seq,
        "chain_before": before,
        "chain_after": desk.chain,
        "signing_kid": desk.kid,
    }
    part = bytes_part(EVENTS, json.dumps(event).encode() + b"\n")
    write_bundle(file, meta["bundle_recipients"][0], desk.key.private_bytes_raw(), head, [part])
    content = file.getvalue()
    sha256 = hashlib.sha256(content).hexdigest()
    kind = "application/octet-stream"
    named = {"sha256": sha256, "size": len(content), "media_type": kind, "name": "goi.bundle"}
    asked = {"bundle_id": bundle_id, "origin_desk_id": desk.desk_id, "file": named}
    key = {"Idempotency-Key": f'"{new_id()}"'}
    missing = desk.call("POST", "/v1/bundles", json_body=asked, headers={"Idempotency-Key": f'"{new_id()}"'})
    assert (missing.status_code, missing.json()["code"]) == (409, "file-not-uploaded")
    assert desk.call("GET", f"/v1/bundles/{bundle_id}").status_code == 404
    upload(desk, content)
    for _ in range(2):
        answer = desk.call("POST", "/v1/bundles", json_body=asked, headers=key)
        assert (answer.json()["state"], answer.json()["counts"]["accepted"]) == ("processed", 1)
    other = {**asked, "file": {**named, "sha256": "ab" * 32}}
    again = desk.call("POST", "/v1/bundles", json_body=other, headers={"Idempotency-Key": f'"{new_id()}"'})
    assert again.json()["code"] == "bundle-id-reuse"
    assert desk.call("GET", f"/v1/bundles/{bundle_id}").json()["state"] == "processed"
    receipt = desk.call("GET", f"/v1/bundles/{bundle_id}/receipt")
    assert receipt.content.startswith(b"age-encryption.org/v1")


def _push(desk: WireDesk) -> None:
    opened, received = desk.opened(), desk.received(scan="d" * 64)
    plain = desk.received()
    progress = desk.about(plain, "dossier.progress", payloads.Progress(), base_version=0)
    bad = desk.about(plain, "dossier.custody_accepted", payloads.Progress())
    late = desk.about(plain, "dossier.returned", payloads.Returned("counter", "x"))
    answer = desk.push([opened, received, plain, progress, bad, late])
    assert [each["verdict"] for each in answer.json()["verdicts"]] == [
        "accepted",
        "deferred",
        "accepted",
        "accepted",
        "rejected",
        "rejected",
    ]
    desk.push([opened, received])
    desk.push([{**opened, "desk_seq": 99}])
    desk.push([{**opened, "payload": {}}])
    desk.call(
        "POST", "/v1/push", raw=b"{}", headers={"Content-Encoding": "br", "Idempotency-Key": f'"{new_id()}"'}
    )
    desk.call("POST", "/v1/push", raw=b"{}")
    desk.call("GET", f"/v1/stream?epoch={desk.epoch}")
    for event in (received, plain, late):
        desk.call("GET", f"/v1/events/{event['event_id']}")
    desk.call("GET", f"/v1/events/{new_id()}")
    desk.call("GET", f"/v1/streams/{desk.epoch}/events?from_seq=1&limit=3")
    desk.call("GET", f"/v1/streams/{new_id()}/events?from_seq=1")
    desk.call("GET", f"/v1/dossiers/{plain['subject']['id']}")
    desk.call("GET", f"/v1/dossiers/{new_id()}")


def _pull(desk: WireDesk) -> None:
    page = desk.call("GET", "/v1/changes?limit=2").json()
    desk.call("GET", "/v1/changes?limit=0")
    desk.call("GET", "/v1/changes?cursor=Zm9vOjE")
    desk.call("PUT", "/v1/changes/ack", json_body={"cursor": page["next_cursor"]})
    desk.call("PUT", "/v1/changes/ack", json_body={})
    desk.call("GET", "/v1/snapshot")


def _reconcile(desk: WireDesk) -> None:
    body = {"epoch": desk.epoch, "through_seq": desk.seq, "count": desk.seq, "chain": desk.chain}
    part = {"count": 1, "digest": "0" * 64}
    desk.call("POST", "/v1/reconcile", json_body={**body, "files": part, "dossiers": part})
    desk.call("POST", "/v1/reconcile", json_body={})
    desk.call("POST", "/v1/reconcile/dossiers", json_body={"after_id": None, "last": True, "dossiers": []})
    desk.call("POST", "/v1/reconcile/dossiers", json_body=[])


def _files(desk: WireDesk) -> None:
    sha256 = upload(desk, b"some bytes")
    again = {"sha256": sha256, "size": 10, "media_type": "text/plain", "purpose": "component"}
    desk.call("POST", "/v1/files", json_body=again)
    url = desk.call("POST", "/v1/files", json_body={**again, "sha256": "e" * 64}).json()["upload_url"]
    desk.call("HEAD", url)
    desk.call("PATCH", url, raw=b"x")
    desk.call("DELETE", url)
    desk.call("HEAD", url)
    for name in (sha256, "f" * 64):
        desk.call("HEAD", f"/v1/files/{name}")
        desk.call("GET", f"/v1/files/{name}")
    desk.call("GET", f"/v1/files/{sha256}", headers={"Range": "bytes=2-"})


def _rest(desk: WireDesk) -> None:
    tag = desk.call("GET", "/v1/catalogue").headers["etag"]
    desk.call("GET", "/v1/catalogue", headers={"If-None-Match": tag})
    desk.call("GET", "/v1/catalogue/procedures/1.001193/versions/2")
    desk.call("GET", "/v1/catalogue/procedures/1.001193/versions/9")
    today = datetime.now(VIETNAM).date()
    body = {"kind": "dossier_code", "unit_code": desk.unit, "per": "day", "size": 999}
    body |= {"valid_from": str(today), "valid_to": str(today + timedelta(days=9))}
    key = {"Idempotency-Key": f'"{new_id()}"'}
    desk.call("POST", "/v1/number-blocks", json_body=body, headers=key)
    assert (
        desk.call("POST", "/v1/number-blocks", json_body=body, headers=key).headers["idempotency-replayed"]
        == "true"
    )
    key = {"Idempotency-Key": f'"{new_id()}"'}
    assert desk.call("POST", "/v1/number-blocks", json_body=body, headers=key).status_code == 409
    assert (
        desk.call(
            "POST", "/v1/number-blocks", json_body={**body, "unit_code": "H60"}, headers=key
        ).status_code
        == 403
    )
    desk.call("GET", "/v1/number-blocks")
    keys = {"signing_key": desk.jwk(), "bundle_recipient": desk.recipient}
    desk.call("PUT", "/v1/desk/keys", json_body=keys)
    desk.call("PUT", "/v1/desk/keys", json_body={})
    token, desk.token = desk.token, "gone"
    for path in ("/v1/stream?epoch=" + desk.epoch, "/v1/changes", "/v1/snapshot", "/v1/catalogue"):
        assert desk.call("GET", path).status_code == 401
    desk.token = token


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/nothing"), ("DELETE", "/v1/meta"), ("GET", "/v1/bundles")]
)
def test_what_is_not_offered_is_a_problem(desk: WireDesk, method: str, path: str) -> None:
    answer = desk.call(method, path)
    assert answer.status_code in (404, 405)
    assert "bundles" in desk.call("GET", "/v1/meta").json()["features"]
