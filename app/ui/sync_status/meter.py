"""How far a running round is, from what was left when it began and what is left now."""

from __future__ import annotations

from dataclasses import dataclass

from app.text import t
from app.ui.ports import SyncStatus
from app.ui.widgets import ProgressState

_SMOOTH = 0.3
"""Weight of the latest look in the pace shown, so that the time left does not jump."""
_LEAST_S = 2.0
"""No pace is told before so many seconds."""


_STEPS = {
    "recover": t("Đang lấy lại việc quầy đã gửi trước khi khôi phục"),
    "snapshot": t("Đang nhận lại toàn bộ hồ sơ từ tỉnh"),
    "download": t("Đang tải tệp kết quả về"),
    "catalogue": t("Đang nhận danh mục thủ tục mới"),
    "blocks": t("Đang xin thêm số hồ sơ"),
    "check": t("Đang đối chiếu với tỉnh"),
    "keys": t("Đang đổi khóa nối với tỉnh"),
}
"""Steps an officer may wait for, beside sending and asking."""


@dataclass
class RoundMeter:
    """Fed at each look with the seconds of a monotonic clock."""

    events: int = 0
    files: int = 0
    size: int = 0
    _began: float | None = None
    _seen: tuple[float, int] | None = None
    _pace: float | None = None

    def forget(self) -> None:
        """The round has ended."""
        self.events = self.files = self.size = 0
        self._began = self._seen = self._pace = None

    def look(self, status: SyncStatus, at: float) -> ProgressState:
        """What to show now. What came in meanwhile is added to the whole; nothing ever goes back."""
        if self._began is None:
            self._began = at
        self.events = max(self.events, status.waiting)
        self.files = max(self.files, status.files_left)
        self.size = max(self.size, status.bytes_left)
        self._measure(status.bytes_left, at)
        if status.waiting:
            return ProgressState(t("Đang gửi việc"), self.events - status.waiting, self.events)
        if status.files_left:
            left = status.bytes_left
            told = self._pace if self._pace and at - self._began >= _LEAST_S else None
            return ProgressState(
                t("Đang gửi bản quét"),
                self.files - status.files_left,
                self.files,
                bytes_done=self.size - left,
                bytes_total=self.size,
                bytes_per_second=told,
                seconds_left=left / told if told else None,
            )
        if status.step in _STEPS:
            return ProgressState(_STEPS[status.step], min(status.done, status.total), status.total)
        if self.events:
            return ProgressState(t("Đã gửi"), self.events, self.events)
        return ProgressState(t("Đang hỏi tỉnh có gì mới"))

    def _measure(self, left: int, at: float) -> None:
        before, self._seen = self._seen, (at, left)
        if before is None or at <= before[0]:
            return
        pace = max(0, before[1] - left) / (at - before[0])
        self._pace = pace if self._pace is None else self._pace * (1 - _SMOOTH) + pace * _SMOOTH
