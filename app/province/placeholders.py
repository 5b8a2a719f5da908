"""Identity numbers that stand for "none": forbidden, the reason is said instead (schema Party). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_FILLERS = frozenset({"khong", "khongco", "chuaco", "none", "null", "na", "nil", "x", "xx", "xxx", "test"})
_NOT_ALNUM = re.compile(r"[\W_]+")
_RISING = "01234567890123456789"


def is_placeholder(value: str) -> bool:
    """Whether an identifier is one repeated sign, a counted-up row of digits or a filler word."""
    core = _NOT_ALNUM.sub("", value).casefold()
    if len(set(core)) <= 1:
        return True
    if len(core) >= 6 and core.isdigit() and (core in _RISING or core[::-1] in _RISING):
        return True
    plain = core.replace("ô", "o").replace("ó", "o").replace("ư", "u").replace("ư", "u")
    return plain in _FILLERS


def placeholder_pointers(payload: Mapping[str, object], root: str = "/payload") -> Iterator[str]:
    """Where a payload that fits its schema names a placeholder as somebody's identifier."""
    for name in ("owner", "submitter", "party"):
        party = payload.get(name)
        if isinstance(party, Mapping):
            yield from _in_identifiers(party.get("identifiers"), f"{root}/{name}/identifiers")
    recipient = payload.get("recipient_identifier")
    if isinstance(recipient, Mapping) and is_placeholder(str(recipient.get("value", ""))):
        yield f"{root}/recipient_identifier/value"
    filing = payload.get("filing")
    if isinstance(filing, Mapping):
        yield from placeholder_pointers(filing, f"{root}/filing")


def _in_identifiers(identifiers: object, root: str) -> Iterator[str]:
    if not isinstance(identifiers, list):
        return
    for index, identifier in enumerate(identifiers):
        if isinstance(identifier, Mapping) and is_placeholder(str(identifier.get("value", ""))):
            yield f"{root}/{index}/value"
