"""The fee of certified copies (TT 226/2016/TT-BTC, DOMAIN §7): by pages of the original; capped.

The figures are dated data of the catalogue (``FeeRule``), never code.
"""

from __future__ import annotations

from app.domain.catalogue import FeeRule
from app.errors import RuleError
from app.text import t

MOST_PAGES = 2000
MOST_COPIES = 999


def copy_fee(rule: FeeRule, pages: int, copies: int) -> int | None:
    """Whole VND for so many copies of an original of so many pages; ``None`` where the tariff is unknown.

    Raises ``RuleError`` for a count out of range (field ``pages`` or ``copies``).
    """
    _require(pages, MOST_PAGES, "pages", t("Số trang từ 1 đến 2.000."))
    _require(copies, MOST_COPIES, "copies", t("Số bản từ 1 đến 999."))
    if rule.amount_vnd is None:
        return None
    first = pages if rule.first_pages is None else min(pages, rule.first_pages)
    further = pages - first
    one = first * rule.amount_vnd + further * (rule.next_page_vnd or rule.amount_vnd)
    if rule.cap_vnd is not None:
        one = min(one, rule.cap_vnd)
    return one * copies


def job_fee(rule: FeeRule, papers: int) -> int | None:
    """Whole VND for so many papers whose signatures are certified; one fee a paper, however many sign it.

    Raises ``RuleError`` for a count out of range (field ``copies``).
    """
    _require(papers, MOST_COPIES, "copies", t("Số giấy tờ từ 1 đến 999."))
    return None if rule.amount_vnd is None else rule.amount_vnd * papers


def _require(count: int, most: int, field: str, title: str) -> None:
    if not 1 <= count <= most:
        raise RuleError("count-range", title, t("Gõ lại số."), field=field)
