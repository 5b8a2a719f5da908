"""Published procedure versions: listed, immutable, told to every desk, and then known to verdicts."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from app.clock import VIETNAM
from app.protocol import contract
from app.province import operator
from tests.province.verdicts import accepted, rejected
from tests.support.gateway import Gateway, running_gateway
from tests.support.wire_desk import WireDesk

PATH = "/v1/catalogue/procedures/{procedure_code}/versions/{version}"
CONTENT = contract.document()["paths"][PATH]["get"]["responses"]["200"]["content"]["application/json"]
BIRTH: dict[str, Any] = CONTENT["examples"]["birth"]["value"]
NOW = datetime(2026, 11, 23, 8, tzinfo=VIETNAM)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway of this module's own: a publication is told to every desk of the province."""
    with running_gateway(tmp_path_factory.mktemp("catalogue")) as running:
        yield running


def version(number: int, code: str) -> dict[str, Any]:
    return {**copy.deepcopy(BIRTH), "version": number, "code": code}


def test_published_known_and_told(gateway: Gateway, opened: WireDesk) -> None:
    code = "1.000894"
    old = opened.call("GET", "/v1/catalogue")
    tag = old.headers["etag"]
    unchanged = opened.call("GET", "/v1/catalogue", headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    event = opened.received()
    newer = {**event["payload"], "procedure": {"code": code, "version": 2}}
    rejected(opened, opened.broken(event, payload=newer), "procedure-version-unknown")
    with gateway.store() as store:
        number = operator.publish_procedure(store, NOW, version(2, code))
        with pytest.raises(ValueError, match="newer"):
            operator.publish_procedure(store, NOW, version(2, code))
        with pytest.raises(ValueError, match="ProcedureVersion"):
            operator.publish_procedure(store, NOW, {"code": code})
    told = [each for each in opened.changes()["changes"] if each["change_type"] == "catalogue.published"]
    assert told[-1]["data"] == {"catalogue_version": number, "procedures": [{"code": code, "version": 2}]}
    manifest = opened.call("GET", "/v1/catalogue", headers={"If-None-Match": tag})
    entry = next(each for each in manifest.json()["procedures"] if each["code"] == code)
    package = opened.call("GET", f"/v1/catalogue/procedures/{code}/versions/2")
    assert hashlib.sha256(package.content).hexdigest() == entry["sha256"]
    assert len(package.content) == entry["size"] and json.loads(package.content) == version(2, code)
    assert opened.call("GET", f"/v1/catalogue/procedures/{code}/versions/3").status_code == 404
    again = opened.received()
    accepted(
        opened, opened.broken(again, payload={**again["payload"], "procedure": {"code": code, "version": 2}})
    )


def test_an_unknown_procedure_has_no_version_1(opened: WireDesk) -> None:
    event = opened.received()
    unknown = {**event["payload"], "procedure": {"code": "9.999999", "version": 1}}
    rejected(opened, opened.broken(event, payload=unknown), "procedure-version-unknown")
