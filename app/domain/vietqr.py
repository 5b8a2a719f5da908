"""VietQR: the text of a bank-transfer QR code (NAPAS VietQR 1.0 on EMVCo merchant-presented QR).

Fields are tag, length in two digits, value. Field 38 holds NAPAS' own id, the bank (BIN) and the account;
59 to 61 are left out, as NAPAS allows for transfers to an account. The checksum is CRC-16/CCITT-FALSE over
everything before it, its own tag and length counted in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.text import t

_NAPAS = "A000000727"
_TO_ACCOUNT = "QRIBFTTA"
_DONG = "704"
_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[A-Z0-9]{4,19}")
_PURPOSE = re.compile(r"[A-Za-z0-9 .-]*")
MOST_PURPOSE = 25
"""Letters of the purpose (EMVCo field 62-08)."""
_MOST_AMOUNT = 9_999_999_999_999
_NAME_MOST = 100


@dataclass(frozen=True)
class BankAccount:
    """Where fees are paid to. ``bin``: the bank's six digits at NAPAS; ``name``: the holder as the bank
    spells it; ``bank``: the bank's name for people, may be empty."""

    bin: str
    account: str
    name: str
    bank: str = ""


def check_account(bin: str, account: str, name: str, bank: str = "") -> BankAccount:
    """The account as typed, tidied. Raises ``RuleError`` "bank-bin", "bank-account", "bank-name"."""
    bin, account = "".join(bin.split()), "".join(account.split()).upper()
    if not _BIN.fullmatch(bin):
        raise RuleError(
            "bank-bin",
            t("Mã ngân hàng (BIN) gồm sáu chữ số."),
            t("Hỏi ngân hàng của đơn vị, rồi gõ lại."),
            field="bin",
        )
    if not _ACCOUNT.fullmatch(account):
        raise RuleError(
            "bank-account",
            t("Số tài khoản chỉ gồm chữ số (và chữ không dấu), từ 4 đến 19 ký tự."),
            t("Gõ lại đúng như ngân hàng cấp."),
            field="account",
        )
    holder = clean_text(name)
    if not holder or len(holder) > _NAME_MOST:
        raise RuleError(
            "bank-name",
            t("Chưa ghi tên chủ tài khoản."),
            t("Ghi tên đơn vị đứng tên tài khoản."),
            field="name",
        )
    return BankAccount(bin, account, holder, clean_text(bank)[:_NAME_MOST])


def transfer_payload(to: BankAccount, amount_vnd: int | None, purpose: str) -> str:
    """The text of the code. ``amount_vnd`` ``None``: the citizen types it; ``purpose``: the dossier's number.

    Raises ``RuleError`` "qr-amount", "qr-purpose" (only letters without marks, digits, space, dot, dash).
    """
    if amount_vnd is not None and not 0 < amount_vnd <= _MOST_AMOUNT:
        raise RuleError(
            "qr-amount", t("Số tiền chuyển khoản phải lớn hơn 0."), t("Gõ lại số tiền."), field="amount"
        )
    if not _PURPOSE.fullmatch(purpose) or len(purpose) > MOST_PURPOSE:
        raise RuleError(
            "qr-purpose",
            t("Nội dung chuyển khoản không dấu, tối đa {count} ký tự.").format(count=MOST_PURPOSE),
            t("Dùng số hồ sơ."),
            field="purpose",
        )
    bank = _field("00", to.bin) + _field("01", to.account)
    account = _field("00", _NAPAS) + _field("01", bank) + _field("02", _TO_ACCOUNT)
    parts = [
        _field("00", "01"),
        _field("01", "11" if amount_vnd is None else "12"),
        _field("38", account),
        _field("53", _DONG),
        "" if amount_vnd is None else _field("54", str(amount_vnd)),
        _field("58", "VN"),
        _field("62", _field("08", purpose)) if purpose else "",
    ]
    body = "".join(parts) + "6304"
    return f"{body}{checksum(body):04X}"


def checksum(text: str) -> int:
    """CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF) of ASCII text."""
    crc = 0xFFFF
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"
