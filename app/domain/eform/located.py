"""JSON whose every value knows its line, so that a malformed form file is refused with the line named.

The file is written by others: its size, depth, numbers, repeated members and hidden characters are bounded
before anything of it is believed (RELIABILITY, author of a file).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NoReturn, TypeAlias, TypeVar

from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.text import t

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_TEXT = 2000

Value: TypeAlias = "str | int | bool | Mapping[str, At] | Sequence[At] | None"
E = TypeVar("E", bound=StrEnum)

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?![0-9.eE])")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class At:
    """A value and the line it begins on, from 1."""

    value: Value
    line: int
    name: str = ""

    def fault(self, why: str) -> RuleError:
        """The rule error that names this line; ``field`` is the member's name."""
        return malformed(self.line, why, self.name or None)

    def refuse(self, why: str) -> NoReturn:
        """Raises it."""
        raise self.fault(why)

    def member(self, key: str) -> At:
        """The member; its value is ``None`` where it is absent."""
        found = self.members().get(key)
        return found if found is not None else At(None, self.line, key)

    def members(self) -> Mapping[str, At]:
        """The members of an object."""
        if not isinstance(self.value, Mapping):
            self.refuse(t("cần một nhóm trong ngoặc nhọn"))
        return self.value

    def only(self, *known: str) -> None:
        """Refuses a member whose name means nothing: a slip of the pen would else go unnoticed."""
        for key, item in self.members().items():
            if key not in known:
                item.refuse(t("không có mục nào tên “{name}”").format(name=key))

    def items(self) -> Sequence[At]:
        """The members of an array; absent is empty."""
        if self.value is None:
            return ()
        if not isinstance(self.value, Sequence) or isinstance(self.value, str):
            self.refuse(t("cần một danh sách trong ngoặc vuông"))
        return self.value

    def text(self, default: str | None = None) -> str:
        """Clean text; without a default it must be there and not be empty."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str):
            self.refuse(t("mục “{name}” cần chữ trong ngoặc kép").format(name=self.name))
        cleaned = clean_text(self.value)
        if len(cleaned) > MAX_TEXT:
            self.refuse(t("mục “{name}” dài quá").format(name=self.name))
        if not cleaned and default is None:
            self.refuse(t("mục “{name}” còn trống").format(name=self.name))
        return cleaned

    def texts(self) -> tuple[str, ...]:
        """An array of texts; absent is empty."""
        return tuple(item.text() for item in self.items())

    def flag(self) -> bool:
        """True or false; absent is false."""
        if self.value is not None and not isinstance(self.value, bool):
            self.refuse(t("mục “{name}” chỉ nhận true hoặc false").format(name=self.name))
        return self.value is True

    def whole(self, least: int, most: int) -> int:
        """A whole number within bounds."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.refuse(t("mục “{name}” cần một số nguyên").format(name=self.name))
        if not least <= self.value <= most:
            self.refuse(
                t("mục “{name}” cần số từ {least} đến {most}").format(name=self.name, least=least, most=most)
            )
        return self.value

    def day(self) -> date:
        """An ISO day that exists."""
        try:
            if isinstance(self.value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", self.value):
                return date.fromisoformat(self.value)
        except ValueError:
            pass
        raise self.fault(t("mục “{name}” cần ngày như 2027-03-01").format(name=self.name))

    def choice(self, kind: type[E], default: E | None = None) -> E:
        """One of the values of the enumeration."""
        if self.value is None and default is not None:
            return default
        if isinstance(self.value, str) and self.value in [each.value for each in kind]:
            return kind(self.value)
        known = ", ".join(each.value for each in kind)
        raise self.fault(t("mục “{name}” chỉ nhận: {known}").format(name=self.name, known=known))


def malformed(line: int, why: str, field: str | None = None) -> RuleError:
    """A form file that cannot be taken."""
    return RuleError(
        "eform-malformed",
        t("Dòng {line} của tệp mẫu tờ khai: {why}.").format(line=line, why=why),
        t("Chưa nạp gì, các mẫu đang dùng giữ nguyên. Sửa dòng này hoặc xin lại tệp rồi nạp lại."),
        field=field,
    )


def parse_located(content: bytes) -> At:
    """The JSON value of a file. Raises ``RuleError`` "eform-malformed" with the line."""
    if len(content) > MAX_BYTES:
        raise malformed(1, t("tệp lớn hơn 256 KB"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise malformed(line, t("có chữ không phải Unicode UTF-8")) from None
    return _Reader(text).whole()


def plain(node: At) -> object:
    """The value without its lines."""
    value = node.value
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._place = text, 0
        self._ends = [place for place, char in enumerate(text) if char == "\n"]

    def whole(self) -> At:
        found = self._value(0, "")
        self._skip()
        if self._place < len(self._text):
            self._refuse(t("có chữ thừa sau ngoặc đóng cuối"))
        return found

    def _value(self, depth: int, name: str) -> At:
        self._skip()
        line = self._line()
        if depth > MAX_DEPTH:
            self._refuse(t("các ngoặc lồng nhau quá sâu"))
        sign = self._text[self._place : self._place + 1]
        if sign == "{":
            return At(self._object(depth), line, name)
        if sign == "[":
            return At(self._array(depth, name), line, name)
        if sign == '"':
            return At(self._string(), line, name)
        return At(self._plain(), line, name)

    def _object(self, depth: int) -> dict[str, At]:
        members: dict[str, At] = {}
        self._place += 1
        while not self._closes("}", first=not members):
            self._skip()
            key = self._string()
            if key in members:
                self._refuse(t("mục “{name}” có hai lần").format(name=key))
            self._expect(":")
            members[key] = self._value(depth + 1, key)
        return members

    def _array(self, depth: int, name: str) -> list[At]:
        items: list[At] = []
        self._place += 1
        while not self._closes("]", first=not items):
            items.append(self._value(depth + 1, name))
        return items

    def _closes(self, sign: str, *, first: bool) -> bool:
        self._skip()
        here = self._text[self._place : self._place + 1]
        if here == sign:
            self._place += 1
            return True
        if not first:
            self._expect(",")
        return False

    def _string(self) -> str:
        match = _STRING.match(self._text, self._place)
        if match is None:
            self._refuse(t("thiếu ngoặc kép hoặc thừa dấu phẩy"))
        try:
            found = json.loads(match[0])
            str(found).encode("utf-8")
        except ValueError:
            self._refuse(t("có chữ không đọc được"))
        self._place = match.end()
        return str(found)

    def _plain(self) -> int | bool | None:
        match = _NUMBER.match(self._text, self._place)
        if match is not None:
            self._place = match.end()
            return int(match[0])
        for word, value in _WORDS.items():
            if self._text.startswith(word, self._place):
                self._place += len(word)
                return value
        raise malformed(self._line(), t("thiếu một giá trị, hoặc giá trị không đọc được"))

    def _expect(self, sign: str) -> None:
        self._skip()
        if not self._text.startswith(sign, self._place):
            self._refuse(t("thiếu dấu “{sign}”").format(sign=sign))
        self._place += len(sign)

    def _skip(self) -> None:
        match = _SPACE.match(self._text, self._place)
        self._place = match.end() if match else self._place

    def _line(self) -> int:
        return bisect_right(self._ends, self._place - 1) + 1

    def _refuse(self, why: str) -> NoReturn:
        raise malformed(self._line(), why)
