"""What the papers of this room say of people and consents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.clock import VIETNAM
from app.domain.account_help import ConsentPurpose
from app.domain.people import Address
from app.domain.typed_date import format_date
from app.services.help.case import ConsentGiven
from app.services.papers.slips import address_words, phone_words
from app.text import t

ROLES = {
    "owner": t("Chủ hồ sơ"),
    "submitter": t("Người nộp"),
    "spouse": t("Vợ hoặc chồng"),
    "child": t("Con"),
    "father": t("Cha"),
    "mother": t("Mẹ"),
    "witness": t("Người làm chứng"),
}
PURPOSES = {
    ConsentPurpose.TRACKING: t("Lưu tiến trình hỗ trợ"),
    ConsentPurpose.REMINDER: t("Nhắn tin nhắc lịch hẹn"),
    ConsentPurpose.CONTACT: t("Giữ số điện thoại"),
}
_SEXES = {"male": t("Nam"), "female": t("Nữ")}


def person_lines(party: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """All that is kept of one person of a dossier."""
    return [
        (t("Vai trong hồ sơ"), ROLES.get(party["role"], party["role"])),
        (t("Họ và tên"), party["full_name"]),
        (t("Số giấy tờ"), ", ".join(each for each in (party["id_value"], party["old_id"]) if each)),
        (t("Ngày sinh, giới tính"), _born(party)),
        (t("Quốc tịch"), party["nationality"] or ""),
        (t("Điện thoại"), phone_words(party["phone"])),
        (t("Thư điện tử"), party["email"] or ""),
        (t("Địa chỉ"), address_words(Address(**party["address"]))),
        (t("Quan hệ"), party["relation"]),
    ]


def consent_line(given: ConsentGiven) -> str:
    """``Lưu tiến trình hỗ trợ, lời đọc bản 1, đồng ý 23/11/2026, giữ đến 23/11/2027``."""
    words = t("{purpose}, lời đọc bản {version}, đồng ý {day}, giữ đến {until}").format(
        purpose=PURPOSES[given.purpose],
        version=given.wording_version,
        day=f"{given.given_at.astimezone(VIETNAM):%d/%m/%Y}",
        until=format_date(given.keep_until),
    )
    if given.withdrawn_at is not None:
        words += t(", rút lại {day}").format(day=f"{given.withdrawn_at.astimezone(VIETNAM):%d/%m/%Y}")
    return words


def _born(party: Mapping[Any, Any]) -> str:
    return ", ".join(
        each for each in (format_date(party["birth_date"]), _SEXES.get(party["sex"] or "", "")) if each
    )
