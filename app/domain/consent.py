"""Consent of a citizen who is helped (Luật 91/2025/QH15, NĐ 356/2025).

Receiving a dossier rests on legal duty; keeping the progress of help, reminders and a contact rest on
consent, purpose by purpose, read aloud, and may be withdrawn (DOMAIN §9).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.help_states import parse_choice
from app.text import t

DEFAULT_RETENTION_MONTHS = 12
"""How long what rests on consent is kept, unless the unit configures otherwise."""


class ConsentPurpose(StrEnum):
    """What rests on consent (Luật 91/2025/QH15, NĐ 356/2025): one unticked box for each."""

    TRACKING = "tracking"
    REMINDER = "reminder"
    CONTACT = "contact"


@dataclass(frozen=True)
class ConsentWording:
    """What is read aloud before a box is ticked. A changed wording is a new version; old ones stay."""

    purpose: ConsentPurpose
    version: int
    title: str
    text: str
    without: str


_WORDINGS: tuple[ConsentWording, ...] = (
    ConsentWording(
        ConsentPurpose.TRACKING,
        1,
        t("Lưu tiến trình hỗ trợ {months} tháng"),
        t(
            "Ông/bà có đồng ý để quầy lưu tên, số định danh và các bước hỗ trợ trong {months} tháng, "
            "chỉ để giúp tiếp lần sau không? Rút lại lúc nào cũng được."
        ),
        t("Không đồng ý vẫn được hướng dẫn đầy đủ"),
    ),
    ConsentWording(
        ConsentPurpose.REMINDER,
        1,
        t("Nhắn tin nhắc lịch hẹn"),
        t(
            "Ông/bà có đồng ý để quầy nhắn tin nhắc lịch hẹn đến số điện thoại này không? "
            "Rút lại lúc nào cũng được, quầy sẽ thôi nhắn."
        ),
        t("Không đồng ý thì xem ngày hẹn trên phiếu"),
    ),
    ConsentWording(
        ConsentPurpose.CONTACT,
        1,
        t("Giữ số điện thoại cho lần sau"),
        t(
            "Ông/bà có đồng ý để quầy giữ số điện thoại này trong {months} tháng cho lần sau không? "
            "Rút lại lúc nào cũng được, quầy sẽ xóa ngay."
        ),
        t("Rút lại lúc nào cũng được, xóa ngay"),
    ),
)

CURRENT_WORDING = 1
"""Version of the consent wording read today."""


def parse_purpose(text: str) -> ConsentPurpose:
    """The purpose of that name; ``RuleError`` ``consent-purpose-unknown`` (field ``consent``) otherwise."""
    title = t("Không có mục đích đồng ý này.")
    return parse_choice(ConsentPurpose, text, "consent-purpose-unknown", title, "consent")


def consent_wording(purpose: ConsentPurpose, version: int = CURRENT_WORDING) -> ConsentWording:
    """The wording of that version, as it was read aloud. Raises ``KeyError`` for one never written."""
    for wording in _WORDINGS:
        if (wording.purpose, wording.version) == (purpose, version):
            return wording
    raise KeyError((purpose, version))


def consent_words(wording: ConsentWording, months: int = DEFAULT_RETENTION_MONTHS) -> tuple[str, str]:
    """Title and text with the retention in months, as configured by the unit."""
    return wording.title.format(months=months), wording.text.format(months=months)
