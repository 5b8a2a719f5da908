"""Words of the sync screen: the head, the state of a line, what a line means and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.clock import VIETNAM
from app.text import t
from app.ui.ports import OutboxLine, SyncStatus
from app.ui.sync_status.loading import Standing
from app.ui.widgets import Shape, State, Tone, done, sent_back, to_send, under_way
from app.ui.wire_words import field_words

_STATES = {
    "waiting": to_send(t("Chờ gửi")),
    "sending": under_way(t("Đang gửi")),
    "deferred": State(Shape.PAUSE, t("Tỉnh xem sau"), Tone.SECONDARY),
    "rejected": sent_back(t("Bị trả về")),
    "accepted": done(t("Tỉnh đã nhận")),
}
_SAFE = t("Việc vẫn nằm trong máy, giấy đã giao cho công dân không đổi.")
_MEANINGS = {
    "waiting": t("Máy tự gửi khi có mạng, theo đúng thứ tự đã làm. Không phải đợi ở màn hình này."),
    "sending": t("Đang trên đường. Rớt mạng thì gửi lại nguyên như cũ, tỉnh không ghi hai lần."),
    "deferred": t("Tỉnh chưa xem được việc này vì còn thiếu việc khác. Máy tự hỏi lại, không phải làm gì."),
    "rejected": t("Tỉnh chưa nhận việc này."),
    "accepted": t("Tỉnh đã ghi nhận. Không phải làm gì thêm."),
}
_MEND = t("Sửa rồi gửi lại ngay tại đây, không phải tiếp nhận lại.")
_OPEN = t("Mở hồ sơ xem chỗ đó; chưa rõ thì gọi tỉnh hỏi, nêu số hồ sơ.")


@dataclass(frozen=True)
class LineWords:
    """A line told: strong words first, what is safe, what comes next."""

    strong: str
    plain: str
    points: tuple[str, ...] = ()


def line_state(line: OutboxLine) -> State:
    """Shape, word and colour."""
    return _STATES[line.state]


def line_words(line: OutboxLine, *, mendable: bool = False) -> LineWords:
    """What the line says to the officer who picks it. ``mendable``: it can be corrected where it stands."""
    if line.state == "rejected":
        points = tuple(dict.fromkeys(field_words(pointer) for pointer in line.pointers))
        strong = line.words or _MEANINGS["rejected"]
        return LineWords(strong, f"{_SAFE} {_MEND if mendable else _OPEN}", points)
    if line.state == "waiting" and line.tries:
        tried = t("Đã thử gửi {n} lần.").format(n=line.tries)
        return LineWords(f"{tried} {line.words}".strip(), _MEANINGS["waiting"])
    return LineWords(line.words, _MEANINGS[line.state])


def line_detail(line: OutboxLine, now: datetime) -> str:
    """ "Tiếp nhận · 14:58"."""
    when = moment_words(line.at, now)
    return f"{line.act} · {when}" if line.who else when


def moment_words(moment: datetime, now: datetime) -> str:
    """The hour today, the day and hour otherwise."""
    local, today = moment.astimezone(VIETNAM), now.astimezone(VIETNAM).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%d/%m %H:%M}"


def complete_words(status: SyncStatus, now: datetime) -> str:
    """When desk and province last fitted."""
    if status.last_complete_at is None:
        return t("Chưa có lần nào")
    local, today = status.last_complete_at.astimezone(VIETNAM), now.astimezone(VIETNAM).date()
    if local.date() == today:
        return t("Hôm nay {time}").format(time=f"{local:%H:%M}")
    return f"{local:%H:%M %d/%m/%Y}"


def head_words(standing: Standing) -> str:
    """The line under the light: what is safe, what goes on by itself."""
    status, kind = standing.status, standing.light.kind
    if not status.enrolled:
        return t("Tiếp nhận, in và tra cứu như thường; mọi việc được giữ lại để gửi sau.")
    if status.paused:
        return t("Quầy vẫn làm việc bình thường; việc mới được giữ lại để gửi sau.")
    if kind == "offline":
        return _and_oldest(t("Tiếp nhận, in phiếu như thường. Có mạng là máy tự gửi."), standing)
    if kind == "attention":
        others = status.waiting
        going = t("{n} việc khác gửi bình thường.").format(n=others) if others else ""
        return f"{going} {t('Giấy đã in vẫn có giá trị.')}".strip()
    if status.files_refused:
        return t("{n} bản quét tỉnh không nhận, vẫn nguyên trong máy; gọi tỉnh hỏi lý do.").format(
            n=status.files_refused
        )
    if kind == "waiting":
        return _and_oldest(t("Máy tự gửi, không phải đợi."), standing)
    return status.word or t("Tỉnh và quầy khớp nhau, không thiếu việc nào.")


def box_hint(status: SyncStatus, now: datetime) -> str:
    """ "12 việc, cũ nhất 36 phút"."""
    count = status.waiting + status.rejected + status.deferred
    if not count:
        return ""
    words = t("{n} việc").format(n=count)
    if status.oldest_waiting_at is None:
        return words
    return t("{words}, cũ nhất {age}").format(words=words, age=age_words(now - status.oldest_waiting_at))


def age_words(age: timedelta) -> str:
    """Minutes, hours or days, never more exact than of use."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 60:
        return t("{n} phút").format(n=minutes)
    if minutes < 48 * 60:
        return t("{n} giờ").format(n=minutes // 60)
    return t("{n} ngày").format(n=minutes // (24 * 60))


def bar_words(standing: Standing, more: int) -> Sequence[str]:
    """Words of the status bar."""
    status = standing.status
    words = [t("Nối với {gateway}").format(gateway=status.gateway)] if status.gateway else []
    words += [t("Còn {n} việc nữa không hiện ở đây").format(n=more)] if more else []
    return words


def _and_oldest(words: str, standing: Standing) -> str:
    oldest = standing.status.oldest_waiting_at
    if oldest is None:
        return words
    since = t("Việc cũ nhất từ {at}.").format(at=moment_words(oldest, standing.now))
    return f"{words} {since}"
