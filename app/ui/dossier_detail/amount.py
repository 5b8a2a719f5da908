"""Whole dong as officers type them: ``16000``, ``16.000``, ``16 000 đ``."""

from __future__ import annotations

import re

from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.services.papers.slip_words import money
from app.text import t

_AMOUNT = re.compile(r"-?[0-9]{1,12}")
_GROUPS = re.compile(r"-?[0-9]{1,3}(?:[. ][0-9]{3})+")


def parse_amount(text: str) -> int:
    """VND. Raises ``RuleError`` "amount-shape" (field ``amount``); whether it is enough the act decides."""
    written = clean_text(text).lower().removesuffix("vnd").removesuffix("đ").removesuffix("đồng").strip()
    if _GROUPS.fullmatch(written):
        written = written.replace(".", "").replace(" ", "")
    if not _AMOUNT.fullmatch(written):
        raise RuleError(
            "amount-shape", t("Chưa đọc được số tiền."), t("Gõ số đồng, ví dụ 16000."), field="amount"
        )
    return int(written)


def show_amount(amount: int) -> str:
    """``16.000``."""
    return money(amount)
