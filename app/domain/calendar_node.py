"""Strict reading of a calendar file: a member that is missing or wrong is named by file and key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from app.errors import RuleError
from app.text import t


def malformed(file: str, key: str) -> RuleError:
    """The refusal of a calendar file; ``field`` is ``2026.json:off_days[3].date``."""
    return RuleError(
        "calendar-file",
        t("Lịch làm việc chưa đọc được: tệp {file}, mục {key}.").format(file=file, key=key),
        t("Hồ sơ đã lưu vẫn an toàn. Sửa mục này, hoặc chép lại tệp lịch đi kèm chương trình."),
        field=f"{file}:{key}",
    )


@dataclass(frozen=True)
class CalendarNode:
    """One object of a document. Every reader raises ``malformed`` for what it cannot accept."""

    file: str
    path: str
    value: object

    def malformed(self, key: str) -> RuleError:
        """The refusal, naming this object's member."""
        return malformed(self.file, f"{self.path}.{key}" if self.path else key)

    def member(self, key: str) -> object:
        """The member as it stands."""
        if not isinstance(self.value, Mapping) or key not in self.value:
            raise self.malformed(key)
        return self.value[key]

    def items(self, key: str) -> list[CalendarNode]:
        """The members of a list."""
        value = self.member(key)
        if not isinstance(value, list):
            raise self.malformed(key)
        prefix = f"{self.path}.{key}" if self.path else key
        return [CalendarNode(self.file, f"{prefix}[{index}]", item) for index, item in enumerate(value)]

    def text(self, key: str) -> str:
        """A text that is not blank."""
        value = self.member(key)
        if not isinstance(value, str) or not value.strip():
            raise self.malformed(key)
        return value

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self.member(key)
        if not isinstance(value, int) or not least <= value <= most:
            raise self.malformed(key)
        return value

    def day(self, key: str, year: int | None = None) -> date:
        """An ISO date, of the year where one is given."""
        text = self.text(key)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise self.malformed(key) from None
        if day.isoformat() != text or (year is not None and day.year != year):
            raise self.malformed(key)
        return day

    def clock(self, key: str) -> time:
        """A local time of day such as 07:30."""
        try:
            moment = time.fromisoformat(self.text(key))
        except ValueError:
            raise self.malformed(key) from None
        if moment.tzinfo is not None:
            raise self.malformed(key)
        return moment
