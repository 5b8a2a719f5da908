"""What a keyboard scanner, a keyboard layout and an input method do to a card, undone where it is certain.

A scanner that types meets UniKey. What arrives differs from the card in these ways:

- **Layout.** Under the Windows layout "Vietnamese" the number row gives ``ă â ê ô`` and the tone marks:
  one key, one character, so the digit fields are read back. Under other layouts, or with Shift lost, the
  bar ``|`` arrives as another sign: accepted only where the fields then prove themselves.
- **Bytes.** A scanner that sends UTF-8 bytes one by one gives ``Ná»¯`` for ``Nữ``: read back where every
  byte is there (Windows 1252, 1258, Latin-1), left alone where one is missing.
- **Keys.** A scanner that sends Telex or VNI keys into a PC with the input method off gives ``Nuwx`` or
  ``Nu74``. The sex field has two possible words, so it proves which; a name has no digits, so VNI shows.
- **Caps Lock** turns the case of what is typed: ``nAM`` in the sex field proves it.
- **Input method on.** Telex leaves digits alone; a bar ends the word, so VNI cannot reach the digits of
  another field either. Inside an address VNI makes ``Â`` of ``A6`` and Telex a ``Sỏ`` of ``Sor``: the
  card cannot be known from that, so nothing is undone here and ``card_doubts`` asks.

Every change is reported by the field it touched; what is not certain is not done (I27).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.domain.raw_typing import read_telex, read_vni
from app.domain.vietnamese import nfc, tidy_name

FIELDS = ("personal_id", "old_id", "name", "birth_date", "sex", "address", "issue_date")
"""The seven fields in the order of the card (DOMAIN §6)."""

BAR = "|"
OTHER_BARS = "¦│｜∣ǀ\\~#;*!^°"
"""Signs that a bar may become under another layout; none separates anything in an address."""

_LAYOUT = {
    "ă": "1",
    "â": "2",
    "ê": "3",
    "ô": "4",
    "\u0300": "5",
    "\u0309": "6",
    "\u0303": "7",
    "\u0301": "8",
    "\u0323": "9",
    "đ": "0",
}
_DIGITISH = f"0-9{''.join(_LAYOUT)}"
_SYMBOLOGY = re.compile(rf"^(?P<sign>[\]ươƯƠ])[Qq][{_DIGITISH}](?=[{_DIGITISH}]{{12}})")
_SHAPE = re.compile(rf"[{_DIGITISH}]{{12}}[{re.escape(BAR + OTHER_BARS)}]")
_DATE_OR_EMPTY = re.compile(rf"(?:[{_DIGITISH}]{{8}})?")
_TELEX_SEX = frozenset({"nuwx", "nuxw", "nwx"})
_VNI_SEX = frozenset({"nu74", "nu47"})
_MARKLESS_SEX = frozenset({"nu", "n?", "nu?"})
_EDGES = " \t\r\n\ufeff"


@dataclass(frozen=True)
class ScannedFields:
    """The seven raw fields and what was done to them; extra fields of the card are not kept."""

    values: tuple[str, ...]
    repaired: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()

    def get(self, field: str) -> str:
        """The value of a field of ``FIELDS``."""
        return self.values[FIELDS.index(field)]

    def repair(self, field: str, value: str) -> ScannedFields:
        """The same with a changed field marked as repaired."""
        if value == self.get(field):
            return self
        values = tuple(value if f == field else v for f, v in zip(FIELDS, self.values, strict=True))
        return replace(self, values=values, repaired=self.repaired | {field})

    def doubt(self, *fields: str) -> ScannedFields:
        """The same with fields marked as doubtful."""
        return replace(self, doubtful=self.doubtful | set(fields))


def strip_frame(text: str) -> str:
    """The text without line ends, byte order mark and the scanner's symbology prefix (``]Q1``)."""
    return _SYMBOLOGY.sub("", text.strip(_EDGES).removeprefix("ï»¿"))


def has_card_shape(text: str) -> bool:
    """Twelve digits and a bar at the start, also as another layout shows them."""
    return _SHAPE.match(strip_frame(text)) is not None


def split_fields(text: str) -> list[str] | None:
    """The fields of a framed text; ``None`` where another sign stands for the bar without proof."""
    if BAR in text:
        return text.split(BAR)
    fields = text.split(text[12]) if len(text) > 12 and text[12] in OTHER_BARS else []
    return fields if _prove_themselves(fields) else None


def _prove_themselves(fields: list[str]) -> bool:
    if len(fields) < len(FIELDS):
        return False
    dates = all(_DATE_OR_EMPTY.fullmatch(fields[place]) for place in (3, 6))
    sex = nfc(_undo_bytes(fields[4]) or fields[4]).lower()
    return dates and sex in {"nam", "nữ"} | _TELEX_SEX | _VNI_SEX


def repair(fields: list[str], *, other_bar: bool) -> ScannedFields:
    """Undo what is certain in the first seven of ``fields`` (at least seven)."""
    scanned = ScannedFields(tuple(fields[: len(FIELDS)]))
    if other_bar:
        scanned = replace(scanned, repaired=frozenset({"card"}))
    for step in (_repair_layout, _repair_bytes, _repair_caps, _repair_keys):
        scanned = step(scanned)
    return scanned


def _repair_layout(scanned: ScannedFields) -> ScannedFields:
    for field in ("personal_id", "old_id", "birth_date", "issue_date"):
        value = scanned.get(field)
        if value and all(c in _LAYOUT for c in value):
            scanned = scanned.repair(field, "".join(_LAYOUT[c] for c in value)).doubt("address")
    return scanned


def _repair_bytes(scanned: ScannedFields) -> ScannedFields:
    for field in ("name", "sex", "address"):
        read = _undo_bytes(scanned.get(field))
        if read is not None:
            scanned = scanned.repair(field, read)
    return scanned


def _undo_bytes(value: str) -> str | None:
    """The UTF-8 text whose bytes were typed one by one, ``None`` unless there is exactly one reading."""
    if value.isascii():
        return None
    readings = {read for codec in ("cp1252", "cp1258") if (read := _decode(value, codec)) is not None}
    return readings.pop() if len(readings) == 1 else None


def _decode(value: str, codec: str) -> str | None:
    try:
        return b"".join(_byte(char, codec) for char in value).decode("utf-8")
    except UnicodeError:
        return None


def _byte(char: str, codec: str) -> bytes:
    try:
        return char.encode(codec)
    except UnicodeEncodeError:
        return char.encode("latin-1")


def _repair_caps(scanned: ScannedFields) -> ScannedFields:
    sex, name = nfc(scanned.get("sex").strip()), scanned.get("name").strip()
    if sex not in ("nAM", "nỮ", "nữ") or not name[:1].islower():
        return scanned
    scanned = scanned.repair("sex", sex.capitalize())
    scanned = scanned.repair("name", tidy_name(name.lower()))
    return scanned.repair("address", "".join(_turn_case(nfc(scanned.get("address")))))


def _turn_case(text: str) -> list[str]:
    return [_turned(char, first=not text[place - 1 : place].isalpha()) for place, char in enumerate(text)]


def _turned(char: str, *, first: bool) -> str:
    if char.isascii():
        return char.swapcase()
    return char.upper() if first else char.lower()


def _repair_keys(scanned: ScannedFields) -> ScannedFields:
    sex = nfc(scanned.get("sex").strip()).lower()
    if sex in _TELEX_SEX:
        return _read_keys(scanned.repair("sex", "Nữ"), read_telex)
    if sex in _VNI_SEX:
        return _read_keys(scanned.repair("sex", "Nữ"), read_vni)
    if sex in _MARKLESS_SEX:
        return scanned.repair("sex", "Nữ").doubt("name", "address")
    name = scanned.get("name")
    if any(c in "123456789" for c in name) and name.isascii():
        return _read_keys(scanned, read_vni)
    return scanned


def _read_keys(scanned: ScannedFields, read: Callable[[str], str | None]) -> ScannedFields:
    name = read(scanned.get("name"))
    if name is None or any(c.isdigit() for c in name):
        return scanned.doubt("name", "address")
    scanned = scanned.repair("name", name)
    address = read(scanned.get("address"))
    return scanned.doubt("address") if address is None else scanned.repair("address", address)
