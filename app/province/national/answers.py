"""What the portal answered, read without trust (NWF 2.2, 3, 4). Pure.

The façade wraps the real answer once more: ``{"message": "<JSON as text>"}``, or a JSON text whose value is
JSON again. ``error_code`` comes as a number or as text ("0", "00"). An answer that is not of these shapes
says nothing: it is neither success nor refusal. The portal's own words are used for one comparison and
then forgotten: they may repeat what we sent.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

MAX_BYTES: Final = 4 * 1024 * 1024
_WRAPS: Final = 3
_EXISTS: Final = "đã tồn tại"


class Unreadable(ValueError):  # noqa: N818
    """The answer says nothing that can be believed: a login page, a fragment, another shape."""


@dataclass(frozen=True)
class Envelope:
    """``code`` 0 is success."""

    code: int
    already_exists: bool
    result: Any

    @property
    def is_done(self) -> bool:
        """Whether what was asked is so."""
        return self.code == 0


def read_envelope(body: bytes) -> Envelope:
    """The inner answer. Raises ``Unreadable``."""
    value = _json(body)
    for _ in range(_WRAPS):
        if isinstance(value, str):
            value = _json(value.encode("utf-8", "surrogatepass"))
        elif isinstance(value, dict) and "error_code" not in value and isinstance(value.get("message"), str):
            value = _json(value["message"].encode("utf-8", "surrogatepass"))
        else:
            break
    if not isinstance(value, dict) or "error_code" not in value:
        raise Unreadable("no error_code")
    said = _folded(value.get("message"))
    code = _whole(value["error_code"])
    return Envelope(
        code=code,
        already_exists=code != 0 and _EXISTS in said,
        result=value.get("result"),
    )


def read_object(body: bytes) -> dict[str, Any]:
    """A plain JSON object. Raises ``Unreadable``."""
    value = _json(body)
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    return value


def says_exists(message: object) -> bool:
    """Whether a refusal means that the dossier is there already."""
    return _EXISTS in _folded(message)


def _json(body: bytes) -> Any:
    if len(body) > MAX_BYTES:
        raise Unreadable("too large")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None


def _whole(value: object) -> int:
    """``0``, ``"0"`` and ``"00"`` alike. Raises ``Unreadable``."""
    if isinstance(value, bool):
        raise Unreadable("error_code is no number")
    try:
        return int(str(value).strip())
    except ValueError:
        raise Unreadable("error_code is no number") from None


def _folded(message: object) -> str:
    return unicodedata.normalize("NFC", message).casefold() if isinstance(message, str) else ""
