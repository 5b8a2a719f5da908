"""Words of the slip that are made from data: term, kind of paper, fee, way of return."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.catalogue import TimeLimit, TimeUnit
from app.text import t

_KINDS = {
    "original": "Bản chính",
    "certified_copy": "Bản sao chứng thực",
    "photocopy": "Bản chụp",
    "electronic": "Bản điện tử",
}
_UNITS = {
    TimeUnit.HOUR: "giờ",
    TimeUnit.WORKING_HOUR: "giờ làm việc",
    TimeUnit.DAY: "ngày",
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.MONTH: "tháng",
}


def copy_kind_words(kind: str, presented_only: bool) -> str:
    """ "Bản chính", or "Xuất trình" for a paper only shown for comparison."""
    return t("Xuất trình") if presented_only else t(_KINDS[kind])


def term_words(limit: TimeLimit) -> str:
    """The legal term as form 01 states it; empty where the catalogue has none."""
    if limit.unit is TimeUnit.SAME_DAY:
        if limit.late_cutoff is None:
            return t("trong ngày làm việc")
        return t("trong ngày làm việc; nhận từ {hour} giờ thì ngày làm việc tiếp theo").format(
            hour=limit.late_cutoff.hour
        )
    if limit.amount is None or limit.unit is None:
        return ""
    return f"{limit.amount:02d} {t(_UNITS[limit.unit])}"


def fee_words(fees: Sequence[tuple[str, int | None, str | None]], *, known: bool = True) -> str:
    """Fees as printed: name, amount, and why it is not asked for, if so. What the province has not supplied
    is said to be unknown, never zero: ``known`` is whether the catalogue has the procedure's fees at all."""
    if not fees:
        return t("không thu") if known else t("chưa có mức thu của tỉnh")
    return "; ".join(_one_fee(name, amount, exempt) for name, amount, exempt in fees)


def money(amount: int) -> str:
    """Whole VND in Vietnamese spelling: 16.000."""
    return f"{amount:,}".replace(",", ".")


def return_words(method: str, address: str) -> str:
    """Where the result is handed over."""
    if method == "post":
        return t("Qua bưu chính công ích, địa chỉ: {address}").format(address=address or "…")
    if method == "online":
        return t("Bản điện tử")
    return t("Tại quầy")


def _one_fee(name: str, amount: int | None, exempt: str | None) -> str:
    if exempt:
        return t("{name}: miễn ({reason})").format(name=name, reason=exempt)
    if amount is None:
        return t("{name}: chưa có mức thu của tỉnh").format(name=name)
    return t("{name}: {amount} đồng").format(name=name, amount=money(amount))
