"""The JSON the program reads is the YAML that is published."""

from __future__ import annotations

from app.protocol import contract
from app.resources import resource
from tools.build_contract import contract_json


def test_json_is_made_from_the_yaml() -> None:
    folder = resource("protocol")
    yaml_text = (folder / "province-api.v1.yaml").read_text(encoding="utf-8")
    assert (folder / "province-api.v1.json").read_text(encoding="utf-8") == contract_json(yaml_text)


def test_schemas_stand_alone() -> None:
    for name in contract.document()["components"]["schemas"]:
        assert contract.schema(name)["$ref"].endswith(name)
