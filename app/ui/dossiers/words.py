"""What the grid says: its subtitle, its conditions, the sums of a selection."""

from __future__ import annotations

from datetime import date

from app.domain.dossier_status import Status
from app.services.finding.grid import GridQuery, Preset, Totals
from app.text import t
from app.ui.dossiers.dates import month_words

_STATUS_WORDS = {
    Status.NEW: t("chờ tiếp nhận"),
    Status.RECEIVED: t("đã tiếp nhận"),
    Status.REFUSED: t("từ chối nhận"),
    Status.PROCESSING: t("đang xử lý"),
    Status.SUPPLEMENT_REQUESTED: t("chờ công dân"),
    Status.FEE_REQUESTED: t("chờ nộp tiền"),
    Status.WITHDRAWN: t("công dân rút"),
    Status.STOPPED: t("dừng giải quyết"),
    Status.COMPLETED: t("chờ trả kết quả"),
    Status.RETURNED: t("đã trả"),
}

KEYS = t("Enter mở · Ctrl+C chép sang Excel · Shift + mũi tên chọn thêm")


def grouped(number: int) -> str:
    """A whole number with dots: 100.000."""
    return f"{number:,}".replace(",", ".")


def conditions(query: GridQuery, today: date) -> str:
    """What narrows the list, in a few words; "" when nothing does."""
    parts = []
    if query.preset is not None:
        parts.append(query.preset.label[:1].lower() + query.preset.label[1:])
    if query.officer_id is not None:
        parts.append(t("của tôi"))
    if query.month is not None:
        this = (query.month.year, query.month.month) == (today.year, today.month)
        parts.append(t("tháng này") if this else month_words(query.month).lower())
    if query.sync is not None:
        parts.append(t("tỉnh trả về"))
    return ", ".join(parts)


def subtitle(total: int, query: GridQuery, today: date) -> str:
    """``131 hồ sơ · của tôi, tháng này``."""
    words = t("{count} hồ sơ").format(count=grouped(total))
    narrowed = conditions(query, today)
    if query.text.strip():
        narrowed = t("khớp “{text}”").format(text=query.text.strip()) + (f", {narrowed}" if narrowed else "")
    return f"{words} · {narrowed}" if narrowed else words


def totals_words(totals: Totals) -> list[str]:
    """``Đã chọn 4 hồ sơ``, the sum of fees, how many of each state. Unknown fees are named, never added."""
    fee = t("Tổng phí {amount} đ").format(amount=grouped(totals.fee_total))
    if totals.fee_unknown:
        fee += " " + t("({count} hồ sơ chưa rõ phí)").format(count=grouped(totals.fee_unknown))
    each = " · ".join(f"{grouped(count)} {_STATUS_WORDS[status]}" for status, count in totals.by_status)
    return [selected_words(totals.count), fee, each]


def selected_words(count: int) -> str:
    """``Đã chọn 4 hồ sơ``."""
    return t("Đã chọn {count} hồ sơ").format(count=grouped(count))


def nothing_words(query: GridQuery, today: date) -> tuple[str, str]:
    """Invitation and hint of an empty list."""
    typed, narrowed = query.text.strip(), conditions(query, today)
    if typed and narrowed:
        hint = t("Đang chỉ tìm trong: {where}.").format(where=narrowed)
        return t("Không thấy hồ sơ nào khớp “{text}”").format(text=typed), hint
    if typed:
        hint = t("Thử vài chữ đầu của tên, bốn số cuối trên phiếu, hoặc số điện thoại; không cần gõ dấu.")
        return t("Không thấy hồ sơ nào khớp “{text}”").format(text=typed), hint
    if query.preset is Preset.OVERDUE:
        return t("Không có hồ sơ quá hạn"), t("Mọi hồ sơ đang làm đều còn trong hạn.")
    if query.preset is Preset.UNSENT:
        return t("Không còn gì chờ gửi"), t("Tỉnh đã trả lời mọi việc của quầy này.")
    if narrowed:
        return t("Không có hồ sơ nào ở đây"), t("Đang lọc: {where}.").format(where=narrowed)
    return t("Quầy chưa có hồ sơ nào"), t("Hồ sơ đầu tiên sẽ hiện ở đây ngay khi tiếp nhận xong.")
