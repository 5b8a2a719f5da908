"""Words of the cash screen: sums, rows of receipts, what a counting says."""

from __future__ import annotations

from datetime import date

from app.clock import VIETNAM
from app.services.money.cash_day import CashDay
from app.services.money.payments import Receipt
from app.services.papers.slip_words import money
from app.text import t
from app.ui.widgets import State, done, stopped

_METHODS = {
    "cash": t("Tiền mặt"),
    "bank_transfer": t("Chuyển khoản"),
    "national_platform": t("Cổng quốc gia"),
    "province_gateway": t("Cổng của tỉnh"),
}
"""Short, for a column."""


def dong(amount: int) -> str:
    """``16.000 đ``."""
    return t("{amount} đ").format(amount=money(amount))


def day_words(day: date, today: date) -> str:
    """The day as the head of the list names it."""
    shown = f"{day:%d/%m/%Y}"
    return t("hôm nay, {day}").format(day=shown) if day == today else t("ngày {day}").format(day=shown)


def receipt_row(receipt: Receipt) -> list[str | int | State | None]:
    """One line of the list."""
    return [
        receipt.label,
        f"{receipt.at.astimezone(VIETNAM):%H:%M}",
        receipt.payer,
        receipt.dossier_number,
        receipt.amount_vnd,
        done(_METHODS[receipt.method]) if receipt.stands else stopped(t("Đã hủy")),
    ]


def receipt_words(receipt: Receipt) -> str:
    """Who paid how much for what, on one line."""
    words = t("{amount} · {payer} · {dossier}")
    return words.format(amount=dong(receipt.amount_vnd), payer=receipt.payer, dossier=receipt.dossier_number)


def counted_words(day: CashDay) -> str:
    """What the latest counting says; empty where nobody has counted."""
    count = day.count
    if count is None:
        return ""
    at = f"{count.at.astimezone(VIETNAM):%H:%M}"
    words = t("Đã kiểm lúc {at}, {name}: {amount}").format(
        at=at, name=count.officer_name, amount=dong(count.counted_vnd)
    )
    if day.moved_since:
        return t("{words}. Sau đó quỹ có thay đổi, hãy đếm lại.").format(words=words)
    return words


def difference_words(difference: int) -> str:
    """Counted less expected, in words."""
    if not difference:
        return t("khớp")
    more = t("thừa {amount}") if difference > 0 else t("thiếu {amount}")
    return more.format(amount=dong(abs(difference)))
