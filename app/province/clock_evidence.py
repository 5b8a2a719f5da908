"""Clock warnings: measured and told, never a reason to refuse (SYNC-PROTOCOL-CHOICES 3.9). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.clock import from_wire
from app.province.limits import CLOCK_WARN_S
from app.province.problems import JsonObject, at, warning
from app.text import t

_FUTURE = timedelta(minutes=10)
_FIRST_YEAR = 2020


def clock_warnings(
    event: JsonObject, previous_recorded_at: datetime | None, now: datetime
) -> list[JsonObject]:
    """What the event's times and its clock evidence say about the desk's clock."""
    offset_ms = event["clock"]["offset_ms"]
    occurred, recorded = from_wire(event["occurred_at"]), from_wire(event["recorded_at"])
    found = []
    if offset_ms is not None and abs(offset_ms) > CLOCK_WARN_S * 1000:
        title = t("Đồng hồ máy lệch nhiều so với máy chủ.")
        found.append(warning("clock-offset", title, [at("/clock/offset_ms", t("quá 5 phút"))]))
    if previous_recorded_at is not None and recorded < previous_recorded_at:
        title = t("Đồng hồ máy đã chạy lùi.")
        found.append(warning("clock-backwards", title, [at("/recorded_at", t("trước bản ghi liền trước"))]))
    correction = timedelta(milliseconds=offset_ms or 0)
    if max(occurred, recorded) > now - correction + _FUTURE:
        title = t("Thời điểm ghi nằm ở tương lai.")
        found.append(warning("clock-future", title, [at("/recorded_at", t("sau thời điểm hiện tại"))]))
    if min(occurred, recorded).year < _FIRST_YEAR:
        found.append(
            warning("clock-year", t("Năm trên máy chưa đúng."), [at("/occurred_at", t("trước 2020"))])
        )
    return found
