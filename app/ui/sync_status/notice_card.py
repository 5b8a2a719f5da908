"""What the province or this machine wants known: one notice at a time, until somebody has seen it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.services.from_province.notices import UnseenNotice
from app.text import t
from app.ui.sync_status.words import moment_words
from app.ui.widgets import Notice, NoticeKind

_KINDS = {
    "urgent": NoticeKind.ERROR,
    "error": NoticeKind.ERROR,
    "warning": NoticeKind.WARN,
}


class NoticeCard(Notice):
    """``seen``: the button; ``shown_id``: the notice it is about."""

    def __init__(self) -> None:
        super().__init__(NoticeKind.INFO, "")
        self.shown_id: int | None = None
        self.seen = self.add_act(t("Đã xem"))
        self.hide()

    def set_notices(self, notices: Sequence[UnseenNotice], now: datetime) -> None:
        """The first of them, and how many more there are; none hides it."""
        self.setVisible(bool(notices))
        self.shown_id = notices[0].id if notices else None
        if not notices:
            return
        first, more = notices[0], len(notices) - 1
        when = t("Thông báo lúc {at}").format(at=moment_words(first.at, now))
        left = t(", còn {n} thông báo nữa").format(n=more) if more else ""
        self.set_notice(_KINDS.get(first.severity, NoticeKind.INFO), first.body, f"{when}{left}.")
