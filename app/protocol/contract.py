"""The contract province-api.v1 as data, read from ``resources/protocol``."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from app.resources import resource


@cache
def document() -> dict[str, Any]:
    """The whole OpenAPI document; treat it as read only."""
    file = resource("protocol", "province-api.v1.json")
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def schema(name: str) -> dict[str, Any]:
    """A self-contained JSON Schema (2020-12) of one component. Raises ``KeyError`` for an unknown name."""
    components = document()["components"]
    if name not in components["schemas"]:
        raise KeyError(name)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"#/components/schemas/{name}",
        "components": {"schemas": components["schemas"]},
    }


def event_types() -> tuple[str, ...]:
    """Every event type of the contract."""
    return tuple(document()["components"]["schemas"]["EventType"]["enum"])
