"""JSON from the other side, read strictly and without trust.

Refused: more bytes than allowed, invalid UTF-8, deep nesting, repeated member names, numbers that are
not whole or lie beyond 2^53-1, NaN and Infinity, lone surrogates.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from app.protocol.canonical import MAX_SAFE_INTEGER

# An unfinished string runs to the end: a closing quote that were required would make hostile input
# (many quotes, no end) cost quadratic time.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_INTEGER_DIGITS = 17


class BadJson(ValueError):  # noqa: N818
    """The bytes are not JSON this protocol takes; the message is technical and holds no content."""


def loads_strict(data: bytes, *, max_bytes: int, max_depth: int = 32) -> Any:
    """The JSON value of ``data``. Raises ``BadJson``; never recurses deeper than ``max_depth``."""
    if len(data) > max_bytes:
        raise BadJson(f"more than {max_bytes} bytes")
    _check_depth(data, max_depth)
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except BadJson:
        raise
    except UnicodeDecodeError as error:
        raise BadJson("not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BadJson("not JSON") from error
    if _ESCAPED_SURROGATE.search(data):
        _check_surrogates(value)
    return value


def _check_depth(data: bytes, max_depth: int) -> None:
    depth = 0
    for byte in _STRING.sub(b"", data).translate(None, _NOT_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        if depth > max_depth:
            raise BadJson(f"nested deeper than {max_depth}")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadJson("a member name is repeated")
    return members


def _integer(digits: str) -> int:
    if len(digits) > _INTEGER_DIGITS:
        raise BadJson("an integer lies beyond 2^53-1")
    number = int(digits)
    if abs(number) > MAX_SAFE_INTEGER:
        raise BadJson("an integer lies beyond 2^53-1")
    return number


def _refuse_number(_text: str) -> NoReturn:
    raise BadJson("a number is not whole")


def _check_surrogates(value: Any) -> None:
    if isinstance(value, str):
        if _LONE_SURROGATE.search(value):
            raise BadJson("text with a lone surrogate")
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_surrogates(name)
            _check_surrogates(item)
    elif isinstance(value, list):
        for item in value:
            _check_surrogates(item)
