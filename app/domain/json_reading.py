"""Reading JSON that others wrote: every value is checked and a fault names its place.

A place reads like ``procedures[3].components[1].mandatory``. Text is made NFC and loses control and
invisible characters (I26), so that nothing a package carries can hide on a screen or a paper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.text import t

E = TypeVar("E", bound=StrEnum)

MAX_TEXT = 4000
MAX_VND = 1_000_000_000_000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_ORDINARY = re.compile("[!-~À-ɏẠ-ỹ–…“”]+(?: [!-~À-ɏẠ-ỹ–…“”]+)*")
"""Words of letters and signs that are never hidden, one space between them: nothing to clean but NFC."""


@dataclass(frozen=True)
class Node:
    """A JSON value and where it stands."""

    value: Any
    place: str

    def refuse(self) -> NoReturn:
        """The rule error that names this place; ``field`` carries it."""
        raise RuleError(
            "catalogue-malformed",
            t("Tệp danh mục có chỗ không đọc được: {place}.").format(place=self.place),
            t("Danh mục đang dùng vẫn giữ nguyên. Xin lại tệp từ tỉnh rồi nạp lại."),
            field=self.place,
        )

    def get(self, key: str) -> Node:
        """The member, ``None`` where it is absent."""
        if not isinstance(self.value, Mapping):
            self.refuse()
        return Node(self.value.get(key), f"{self.place}.{key}" if self.place else key)

    def has(self, key: str) -> bool:
        """Whether the member is there and not null."""
        return self.get(key).value is not None

    def items(self) -> list[Node]:
        """The members of an array; absent is empty."""
        if self.value is None:
            return []
        if not isinstance(self.value, Sequence) or isinstance(self.value, str | bytes):
            self.refuse()
        return [Node(item, f"{self.place}[{n}]") for n, item in enumerate(self.value)]

    def text(self, default: str | None = None) -> str:
        """Clean text; without a default it must be there and not be empty."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str) or len(self.value) > MAX_TEXT:
            self.refuse()
        cleaned = _clean(self.value)
        if not cleaned and default is None:
            self.refuse()
        return cleaned

    def texts(self) -> tuple[str, ...]:
        """An array of texts; absent is empty."""
        return tuple(item.text() for item in self.items())

    def whole(self, default: int | None = None, least: int = 0, most: int = MAX_VND) -> int:
        """A whole number within bounds; true and 1.0 are none."""
        if self.value is None and default is not None:
            return default
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.refuse()
        return int(value)

    def whole_or_none(self, least: int = 0, most: int = MAX_VND) -> int | None:
        """As ``whole``; null stays null, for null is never zero."""
        return None if self.value is None else self.whole(least=least, most=most)

    def day(self) -> date:
        """An ISO day that exists."""
        if not isinstance(self.value, str) or not _DAY.fullmatch(self.value):
            self.refuse()
        try:
            return date.fromisoformat(self.value)
        except ValueError:
            self.refuse()

    def day_or_none(self) -> date | None:
        """As ``day``; null stays null."""
        return None if self.value is None else self.day()

    def time_or_none(self) -> time | None:
        """``HH:MM`` of the local clock; null stays null."""
        if self.value is None:
            return None
        if not isinstance(self.value, str) or not _TIME.fullmatch(self.value):
            self.refuse()
        return time.fromisoformat(self.value)

    def choice(self, kind: type[E], default: E | None = None) -> E:
        """One of the values of the enumeration."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str):
            self.refuse()
        try:
            return kind(self.value)
        except ValueError:
            self.refuse()

    def choice_or_none(self, kind: type[E]) -> E | None:
        """As ``choice``; null stays null."""
        return None if self.value is None else self.choice(kind)


def _clean(text: str) -> str:
    if _ORDINARY.fullmatch(text) and unicodedata.is_normalized("NFC", text):
        return text
    return clean_text(text)
