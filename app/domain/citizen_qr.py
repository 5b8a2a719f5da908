"""The QR code of the citizen's identity card (CCCD gắn chip, thẻ căn cước 2024) as an applicant.

UTF-8, fields parted by ``|``: personal number, old CMND or empty, name, birth date ``ddMMyyyy``, Nam/Nữ,
address, date of issue; the card of 2024 adds fields that are ignored and never kept (DOMAIN §6). The raw
text is not stored either. What is doubtful is flagged for the officer, never guessed (I27): ``repaired``
says a field was read back from what a scanner and an input method made of it, ``doubtful`` asks to
compare it with the card.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from app.domain.card_doubts import (
    address_is_doubtful,
    hides_something,
    looks_like_telex,
    marks_are_lost,
    name_is_doubtful,
)
from app.domain.card_repair import (
    BAR,
    FIELDS,
    ScannedFields,
    has_card_shape,
    repair,
    split_fields,
    strip_frame,
)
from app.domain.card_words import CardWarningCode, sentence
from app.domain.people import Address, IdKind, Person, Sex
from app.domain.personal_id import check_personal_id
from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.text import t

LONGEST_BYTES = 2048
"""More than a QR code of a card ever holds; a longer text is refused unread."""

_OLDEST_YEARS = 130
_TWELVE = re.compile(r"[0-9]{12}")
_OLD_ID = re.compile(r"[0-9]{9}|[0-9]{12}")
_DATE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_SEXES = {"nam": Sex.MALE, "nữ": Sex.FEMALE}


@dataclass(frozen=True)
class CardWarning:
    """Something the officer compares with the card. ``text`` is a Vietnamese sentence without data."""

    code: str
    field: str
    text: str


@dataclass(frozen=True)
class CitizenCard:
    """What a card says, NFC and cleaned; ``None`` where the card does not say it readably."""

    personal_id: str
    old_id: str | None
    name: str
    birth_date: date | None
    sex: Sex | None
    address: str
    issue_date: date | None
    warnings: tuple[CardWarning, ...] = ()


def looks_like_card(text: str) -> bool:
    """Quick test of shape: twelve digits and a bar at the start; for the scanner detector."""
    return len(text) <= LONGEST_BYTES and has_card_shape(text)


def parse_citizen_qr(text: str, today: date) -> CitizenCard:
    """The applicant a scanned card names. ``today`` tells dates to come.

    Raises only ``RuleError``: ``card-not-utf8``, ``card-too-long``, ``card-not-a-card``,
    ``card-separator`` and ``card-truncated`` (field ``card``), ``card-personal-id``, ``card-name``.
    """
    scanned = repair(_split(_require_readable(text)), other_bar=BAR not in text)
    notes: list[CardWarning] = []
    card = CitizenCard(
        personal_id=_personal_id(scanned),
        old_id=_old_id(scanned, notes),
        name=_name(scanned),
        birth_date=_birth_date(scanned, today, notes),
        sex=_sex(scanned, notes),
        address=_address(scanned, notes),
        issue_date=_date(scanned, "issue_date", today, notes),
    )
    return _with_warnings(card, scanned, notes)


def person_of(card: CitizenCard) -> Person:
    """The applicant a card names; the address as written, its present commune still to be found."""
    return Person(
        name=card.name,
        id_kind=IdKind.PERSONAL_NUMBER,
        id_value=card.personal_id,
        birth_date=card.birth_date,
        sex=card.sex,
        address=Address(as_written=card.address),
        old_id=card.old_id,
        issue_date=card.issue_date,
    )


def _require_readable(text: str) -> str:
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise _refuse(
            "card-not-utf8",
            t("Máy quét gửi chữ không đọc được (không phải UTF-8)."),
            t("Chưa nhận gì từ thẻ. Đặt máy quét sang UTF-8, hoặc gõ tay các ô."),
        )
    if len(text) > LONGEST_BYTES or len(text.encode()) > LONGEST_BYTES:
        raise _refuse(
            "card-too-long",
            t("Mã vừa quét dài hơn mã trên thẻ căn cước."),
            t("Chưa nhận gì. Quét lại mã ở thẻ căn cước, hoặc gõ tay các ô."),
        )
    return strip_frame(text)


def _split(text: str) -> list[str]:
    fields = split_fields(text)
    if fields is None and not has_card_shape(text):
        raise _not_a_card() if not _TWELVE.fullmatch(text) else _truncated()
    if fields is None:
        raise _refuse(
            "card-separator",
            t("Máy quét gõ sai dấu ngăn giữa các ô của thẻ."),
            t("Chưa nhận gì từ thẻ. Đặt bàn phím và máy quét sang tiếng Anh (US) rồi quét lại."),
        )
    if len(fields) < len(FIELDS):
        raise _truncated() if has_card_shape(text) else _not_a_card()
    return fields


def _not_a_card() -> RuleError:
    return _refuse(
        "card-not-a-card",
        t("Mã vừa quét không phải mã trên thẻ căn cước."),
        t("Quét mã QR ở thẻ căn cước, hoặc gõ tay các ô."),
    )


def _truncated() -> RuleError:
    return _refuse(
        "card-truncated",
        t("Thẻ quét chưa hết, thiếu thông tin ở cuối."),
        t("Chưa nhận gì từ thẻ. Quét lại, giữ máy yên đến khi có tiếng bíp."),
    )


def _refuse(code: str, title: str, next_step: str, field: str = "card") -> RuleError:
    return RuleError(code, title, next_step, field=field)


def _personal_id(scanned: ScannedFields) -> str:
    value = scanned.get("personal_id").strip(" ")
    if _TWELVE.fullmatch(value):
        return value
    raise _refuse(
        "card-personal-id",
        t("Số định danh trên thẻ quét không đủ 12 chữ số."),
        t("Chưa nhận gì từ thẻ. Quét lại, hoặc gõ tay số in trên thẻ."),
        "personal_id",
    )


def _old_id(scanned: ScannedFields, notes: list[CardWarning]) -> str | None:
    value = scanned.get("old_id").strip(" ")
    if not value or _OLD_ID.fullmatch(value):
        return value or None
    notes.append(_note(CardWarningCode.MALFORMED, "old_id"))
    return None


def _name(scanned: ScannedFields) -> str:
    name = clean_text(scanned.get("name"))
    if any(c.isalpha() for c in name):
        return name
    raise _refuse(
        "card-name",
        t("Thẻ quét không có họ tên."),
        t("Chưa nhận gì từ thẻ. Quét lại, hoặc gõ tay các ô theo thẻ."),
        "name",
    )


def _address(scanned: ScannedFields, notes: list[CardWarning]) -> str:
    address = clean_text(scanned.get("address"))
    if not address:
        notes.append(_note(CardWarningCode.MISSING, "address"))
    return address


def _sex(scanned: ScannedFields, notes: list[CardWarning]) -> Sex | None:
    value = clean_text(scanned.get("sex")).lower()
    sex = _SEXES.get(value)
    if sex is None:
        notes.append(_note(CardWarningCode.MALFORMED if value else CardWarningCode.MISSING, "sex"))
    return sex


def _birth_date(scanned: ScannedFields, today: date, notes: list[CardWarning]) -> date | None:
    day = _date(scanned, "birth_date", today, notes)
    if day is not None and day.year < today.year - _OLDEST_YEARS:
        notes.append(_note(CardWarningCode.DOUBTFUL, "birth_date"))
    return day


def _date(scanned: ScannedFields, field: str, today: date, notes: list[CardWarning]) -> date | None:
    value = scanned.get(field).strip()
    match = _DATE.fullmatch(value)
    if match is None:
        notes.append(_note(CardWarningCode.MALFORMED if value else CardWarningCode.MISSING, field))
        return None
    try:
        day = date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        notes.append(_note(CardWarningCode.IMPOSSIBLE, field))
        return None
    if day <= today:
        return day
    notes.append(_note(CardWarningCode.FUTURE, field))
    return None


def _note(code: CardWarningCode, field: str) -> CardWarning:
    return CardWarning(code.value, field, sentence(code, field))


def _with_warnings(card: CitizenCard, scanned: ScannedFields, notes: list[CardWarning]) -> CitizenCard:
    ids = check_personal_id(card.personal_id, card.sex, card.birth_date)
    notes += [CardWarning(w.code.value, w.field, w.text) for w in ids]
    notes += [_note(CardWarningCode.REPAIRED, field) for field in sorted(scanned.repaired)]
    notes += [_note(CardWarningCode.DOUBTFUL, field) for field in _doubts(card, scanned)]
    return replace(card, warnings=tuple(notes))


def _doubts(card: CitizenCard, scanned: ScannedFields) -> list[str]:
    doubts = set(scanned.doubtful)
    if name_is_doubtful(scanned.get("name"), card.name):
        doubts.add("name")
    if address_is_doubtful(scanned.get("address"), card.address):
        doubts.add("address")
    if marks_are_lost(card.name, card.address) or looks_like_telex(card.name, card.address):
        doubts |= {"name", "address"}
    if hides_something(scanned.get("sex")):
        doubts.add("sex")
    if card.birth_date and card.issue_date and card.issue_date < card.birth_date:
        doubts.add("issue_date")
    return sorted(doubts)
