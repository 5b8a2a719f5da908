"""Made-up citizens whose every word is rare, and the dresses such a word may lie about in."""

from __future__ import annotations

import base64
import json
import unicodedata
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote

from tests.support import desk as desks

NAME = "Quàng Thị Ngọc Xuyến Hoẵng"
RARE = "Xuyến"
IDENTITY = "008198765434"
OLD_IDENTITY = "079365812"
PHONE = "0987612345"
EMAIL = "xuyen.hoang@vidu.invalid"
PLACE = "Khuổi Vẽn Đèo Gió Chùng"
NOTE = "Máy trượt xuống ruộng bậc"
REASON = "Thiếu giấy vì lũ cuốn Tát Ngà"
HELPER = "Chẩu Seo Giàng Pủng"
FROM_PROVINCE = "Sùng Thị Dở Mảy"
PASSPORT = "K7719345"
RESULT = "KQ-71/ZXQ"
WRONG_PASSWORD = "sai-mat-khau-zebu"

CARD = f"{IDENTITY}|{OLD_IDENTITY}|{NAME}|14081998|Nữ|Thôn {PLACE}, xã Nà Hang, tỉnh Tuyên Quang|04102024"


def markers() -> tuple[str, ...]:
    """Every word that must lie nowhere in the clear."""
    personal = (NAME, RARE, IDENTITY, OLD_IDENTITY, PHONE, EMAIL, PLACE, NOTE, REASON, HELPER, FROM_PROVINCE)
    return (*personal, PASSPORT, RESULT, WRONG_PASSWORD, desks.PASSPHRASE, desks.demo_password())


def dresses(marker: str) -> Iterator[tuple[str, bytes]]:
    """Coding and case by name, with the bytes."""
    plain = "".join(
        c for c in unicodedata.normalize("NFD", marker) if unicodedata.category(c) != "Mn"
    ).translate(str.maketrans("đĐ", "dD"))
    shapes = {"as is": marker, "upper": marker.upper(), "lower": marker.lower(), "title": marker.title()}
    shapes |= {"bare": plain, "bare lower": plain.lower(), "bare upper": plain.upper()}
    shapes["joined"] = plain.replace(" ", "").lower()
    if marker.isdigit():
        shapes |= {"spaced": f"{marker[:4]} {marker[4:7]} {marker[7:]}", "abroad": f"+84{marker[1:]}"}
    for name, text in shapes.items():
        for form in ("NFC", "NFD"):
            shaped = unicodedata.normalize(form, text)
            for coding in ("utf-8", "utf-16-le", "utf-16-be"):
                yield f"{name} {form} {coding}", shaped.encode(coding)
        yield f"{name} percent", quote(text).encode()
        yield f"{name} escaped", json.dumps(text)[1:-1].encode()
    for skip in range(3):
        spoken = base64.b64encode(b"\0" * skip + marker.encode())
        yield f"base64 {skip}", spoken[4 if skip else 0 : -4]


@cache
def needles() -> tuple[tuple[str, str, bytes], ...]:
    """(marker, dress, bytes) without repeats; too short ones would be found by chance."""
    found: dict[bytes, tuple[str, str, bytes]] = {}
    for marker in markers():
        for dress, raw in dresses(marker):
            if len(raw) >= 5:
                found.setdefault(raw, (marker, dress, raw))
    return tuple(found.values())
