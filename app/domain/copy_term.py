"""When a certification may take longer than its day (NĐ 23/2015, article 21; DOMAIN §4.5).

Many originals, many pages, many copies or a paper that is hard to compare: up to two working days; longer
only as agreed with the citizen in writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.catalogue import TimeLimit, TimeUnit
from app.domain.deadline import check_manual_due, due_words, reckon_due
from app.domain.vietnamese import require_text
from app.domain.working_calendar import WorkingCalendar
from app.errors import RuleError
from app.text import t

LONGEST = TimeLimit(2, TimeUnit.WORKING_DAY)


@dataclass(frozen=True)
class LongerTerm:
    """Why it takes longer. ``agreement``: number and day of the written agreement, or how it was noted;
    ``due_at`` ``None``: the two working days of the decree."""

    reason: str
    agreement: str = ""
    due_at: datetime | None = None


def longer_due(term: LongerTerm, received_at: datetime, calendar: WorkingCalendar) -> tuple[datetime, str]:
    """The due date and its reason in words.

    Raises ``RuleError`` naming ``reason``, ``agreement`` or ``due``.
    """
    last = reckon_due(received_at, LONGEST, calendar).due_at
    assert last is not None
    due_at = term.due_at or last
    reason = require_text(term.reason, "reason")
    agreement = require_text(term.agreement, "agreement")
    check_manual_due(due_at, received_at, reason, calendar)
    if due_at > last and not agreement:
        raise RuleError(
            "agreement-missing",
            t("Hẹn sau {due} thì cần thỏa thuận bằng văn bản với người yêu cầu.").format(due=due_words(last)),
            t("Ghi số, ngày của văn bản thỏa thuận, hoặc hẹn sớm hơn."),
            field="agreement",
        )
    words = t("Kéo dài thời hạn chứng thực: {reason}").format(reason=reason)
    if agreement:
        words += t("; thỏa thuận bằng văn bản: {agreement}").format(agreement=agreement)
    return due_at, words
