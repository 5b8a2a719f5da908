"""Sentences about a scanned card for the officer; none of them repeats what stands on the card."""

from __future__ import annotations

from enum import StrEnum

from app.text import t


class CardWarningCode(StrEnum):
    """What about a card asks for a look; ``check_personal_id`` adds its own ``id-…`` codes."""

    MISSING = "missing"
    MALFORMED = "malformed"
    IMPOSSIBLE = "impossible"
    FUTURE = "future"
    DOUBTFUL = "doubtful"
    REPAIRED = "repaired"


_FIELD_NAMES = {
    "card": t("Mã trên thẻ"),
    "personal_id": t("Số định danh"),
    "old_id": t("Số CMND cũ"),
    "name": t("Họ tên"),
    "birth_date": t("Ngày sinh"),
    "sex": t("Giới tính"),
    "address": t("Nơi cư trú"),
    "issue_date": t("Ngày cấp"),
}

_SENTENCES = {
    CardWarningCode.MISSING: t("{field} không có trong mã. Xem thẻ và gõ tay."),
    CardWarningCode.MALFORMED: t("{field} trong mã không đọc được nên để trống. Xem thẻ và gõ tay."),
    CardWarningCode.IMPOSSIBLE: t("{field} trong mã không có trong lịch nên để trống. Xem thẻ và gõ tay."),
    CardWarningCode.FUTURE: t("{field} trong mã ở sau hôm nay nên để trống. Xem thẻ và đồng hồ của máy."),
    CardWarningCode.DOUBTFUL: t("{field} có chỗ lạ. So từng chữ với thẻ trước khi nhận."),
    CardWarningCode.REPAIRED: t("{field} đến sai do máy quét hoặc bộ gõ, đã đọc lại. So với thẻ."),
}


def sentence(code: CardWarningCode, field: str) -> str:
    """What the officer reads beside the field."""
    return _SENTENCES[code].format(field=_FIELD_NAMES[field])


def field_name(field: str) -> str:
    """The field's name on screen."""
    return _FIELD_NAMES[field]
