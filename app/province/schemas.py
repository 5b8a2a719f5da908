"""Checks JSON against the contract and says in Vietnamese what is wrong and where, without the value."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jsonschema_rs

from app.protocol import contract
from app.province.problems import JsonObject, at
from app.text import t

_MAX_PLACES = 20
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)")


@cache
def _validator(name: str) -> Any:
    return jsonschema_rs.Draft202012Validator(contract.schema(name), validate_formats=True)


def faults(name: str, value: object) -> list[JsonObject]:
    """Where ``value`` breaks schema ``name``; empty when it fits."""
    validator = _validator(name)
    if validator.is_valid(value):
        return []
    places: list[JsonObject] = []
    for error in validator.iter_errors(value):
        places.append(_place(error))
        if len(places) == _MAX_PLACES:
            break
    return places


def pointer(path: list[str | int]) -> str:
    """A JSON Pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _place(error: Any) -> JsonObject:
    path = list(error.instance_path)
    kind = str(error.kind.name)
    if kind == "required":
        return at(pointer([*path, error.kind.property]), t("còn thiếu mục này"), "required")
    return at(pointer(path), _words(kind), _code(kind))


def _words(kind: str) -> str:
    known = {
        "type": t("sai kiểu giá trị"),
        "enum": t("không thuộc danh sách được dùng"),
        "const": t("không thuộc danh sách được dùng"),
        "format": t("ngày giờ viết chưa đúng cách"),
        "pattern": t("viết chưa đúng mẫu"),
        "minLength": t("còn để trống hoặc quá ngắn"),
        "maxLength": t("dài quá mức cho phép"),
        "minimum": t("nhỏ quá mức cho phép"),
        "maximum": t("lớn quá mức cho phép"),
        "minItems": t("cần ít nhất một dòng"),
        "maxItems": t("quá nhiều dòng"),
        "uniqueItems": t("có dòng lặp lại"),
    }
    return known.get(kind, t("chưa đúng như quy ước"))


def _code(kind: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind).lower()
