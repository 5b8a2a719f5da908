"""The portal's code lists: the shipped ones, each value with how sure it is, and the province's own.

A value that is only inferred counts as unknown until the province's file confirms it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.province.national.reasons import Reason
from app.resources import resource

_FILE: Final = "codes-2026-11-22.json"
_UNSURE: Final = "inf"


@dataclass(frozen=True)
class Code:
    """One value of a list. ``mark``: 2+, doc, 1, inf, or province."""

    list_name: str
    name: str
    code: str
    mark: str

    @property
    def is_sure(self) -> bool:
        """Whether it may be sent."""
        return self.mark != _UNSURE


@dataclass(frozen=True)
class Codes:
    """The lists of one generation."""

    generation: str
    lists: Mapping[str, Mapping[str, Code]]

    def find(self, list_name: str, name: str) -> Code | Reason:
        """The value for one of our names, or why there is none."""
        code = self.lists.get(list_name, {}).get(name)
        if code is None:
            is_status = list_name == "status"
            return Reason("status", name) if is_status else Reason("code", f"{list_name}: {name}")
        return code if code.is_sure else Reason("code-unsure", f"{list_name}: {name}")

    def unsure(self) -> list[Code]:
        """Values that stand on one source or none: the province should confirm them."""
        every = (code for codes in self.lists.values() for code in codes.values())
        return [code for code in every if code.mark in ("1", _UNSURE)]


def load_codes(generation: str, own: Mapping[str, Mapping[str, str]]) -> Codes:
    """The shipped lists of a generation with the province's own values in their place."""
    shipped: dict[str, dict[str, Code]] = {}
    for list_name, values in _shipped()[generation].items():
        shipped[list_name] = {
            name: Code(list_name, name, each["code"], each["mark"]) for name, each in values.items()
        }
    for list_name, names in own.items():
        values_of = shipped.setdefault(list_name, {})
        for name, code in names.items():
            if code:
                values_of[name] = Code(list_name, name, code, "province")
    return Codes(generation, shipped)


@cache
def _shipped() -> dict[str, dict[str, dict[str, dict[str, str]]]]:
    text = resource("national", _FILE).read_text(encoding="utf-8")
    lists: dict[str, dict[str, dict[str, dict[str, str]]]] = json.loads(text)
    return lists
