"""Setting a value in a JSON document by JSON Pointer (RFC 6901). Pure."""

from __future__ import annotations

import copy
from typing import Any

MAX_LIST_INDEX = 10_000


class NoSuchPlace(ValueError):  # noqa: N818
    """The pointer leads nowhere in this document."""


def with_value(document: dict[str, Any], pointer: str, value: object) -> dict[str, Any]:
    """A copy of the document where ``pointer`` holds ``value``; ``-`` appends to a list.

    Raises ``NoSuchPlace``.
    """
    if not pointer.startswith("/"):
        raise NoSuchPlace(pointer)
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]
    changed = copy.deepcopy(document)
    place: Any = changed
    for part in parts[:-1]:
        place = _step(place, part)
    _put(place, parts[-1], value)
    return changed


def _step(place: Any, part: str) -> Any:
    if isinstance(place, dict):
        return place.setdefault(part, {})
    if isinstance(place, list):
        return place[_index(part, len(place) - 1)]
    raise NoSuchPlace(part)


def _put(place: Any, part: str, value: object) -> None:
    if isinstance(place, dict):
        place[part] = value
    elif isinstance(place, list) and part == "-":
        place.append(value)
    elif isinstance(place, list):
        place[_index(part, len(place) - 1)] = value
    else:
        raise NoSuchPlace(part)


def _index(part: str, last: int) -> int:
    if not part.isascii() or not part.isdigit() or int(part[:6]) > min(last, MAX_LIST_INDEX):
        raise NoSuchPlace(part)
    return int(part)
