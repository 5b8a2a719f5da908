"""JSON from the other side, read strictly and without trust.

Refused: more bytes than allowed, invalid UTF-8, deep nesting, more values than any message has, repeated
member names, numbers that are not whole or lie beyond 2^53-1, NaN and Infinity, lone surrogates.
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
MAX_MARKS = 400_000
"""Commas, colons and opening brackets of one message. Four MiB of ``{"a":""}`` would be 160 MB in memory;
the densest message of the contract, a manifest of procedures, reaches this at five MiB."""


class BadJson(ValueError):  # noqa: N818
    """The bytes are not JSON this protocol takes; the message is technical and holds no content."""


def loads_strict(data: bytes, *, max_bytes: int, max_depth: int = 32, max_marks: int = MAX_MARKS) -> Any:
    """The JSON value of ``data``. Raises ``BadJson``; never recurses deeper than ``max_depth``, and what it
    makes in memory is bounded by ``max_marks``."""
    if len(data) > max_bytes:
        raise BadJson(f"more than {max_bytes} bytes")
    _check_shape(data, max_depth, max_marks)
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


def _check_shape(data: bytes, max_depth: int, max_marks: int) -> None:
    if data.count(b'"') > 2 * max_marks:
        raise BadJson(f"more than {max_marks} texts")
    plain = _without_strings(data)
    if sum(plain.count(mark) for mark in (b",", b":", b"[", b"{")) > max_marks:
        raise BadJson(f"more than {max_marks} values")
    depth = 0
    for byte in plain.translate(None, _NOT_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        if depth > max_depth:
            raise BadJson(f"nested deeper than {max_depth}")


def _without_strings(data: bytes) -> bytes:
    """Piece by piece: all pieces at once would be many times the text where strings are short."""
    plain, end = bytearray(), 0
    for match in _STRING.finditer(data):
        plain += data[end : match.start()]
        end = match.end()
    return bytes(plain + data[end:])


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
