"""Identifiers: UUID version 7 (RFC 9562) for everything a desk creates."""

from __future__ import annotations

import re

from uuid_utils.compat import uuid7

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """A new UUIDv7 as lower-case text; within one process each is greater than the one before."""
    return str(uuid7())


def is_uuid(text: object) -> bool:
    """Whether ``text`` is a UUID as the protocol writes it: lower case, with hyphens."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None
