"""What people ask for at the counter and is done elsewhere (DOMAIN §7: residence, identity cards and driving
licences are police systems; DOMAIN §9: the account). The officer reads the sentence to the citizen."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.vietnamese import fold
from app.text import t


@dataclass(frozen=True)
class Referral:
    """Where to send a citizen. ``screen``: the screen that helps, or empty; ``act``: words of its button."""

    title: str
    words: str
    screen: str = ""
    act: str = ""


_RESIDENCE = Referral(
    t("Cư trú không nhận ở quầy này"),
    t("Thường trú, tạm trú, xác nhận cư trú làm trên hệ thống của Công an. Mời công dân đến Công an xã."),
)
_IDENTITY_CARD = Referral(
    t("Thẻ căn cước không làm ở quầy này"),
    t("Cấp, đổi, cấp lại thẻ căn cước làm trên hệ thống của Công an. Mời công dân hỏi Công an xã."),
)
_DRIVING = Referral(
    t("Giấy phép lái xe không nhận ở quầy này"),
    t("Cấp, đổi giấy phép lái xe làm trên hệ thống của Công an. Mời công dân hỏi Công an xã nơi làm."),
)
_ACCOUNT = Referral(
    t("Tài khoản định danh: Công an duyệt, quầy chỉ hướng dẫn"),
    t("Mức độ 2 phải đến Công an xã. Quầy giúp từng bước và in phiếu mang về."),
    "account_help",
    t("Mở Hỗ trợ tài khoản"),
)

_ASKED: tuple[tuple[Referral, tuple[str, ...]], ...] = (
    (_RESIDENCE, ("cu tru", "thuong tru", "tam tru", "tam vang", "ho khau", "tach ho", "nhap khau")),
    (_IDENTITY_CARD, ("can cuoc", "cccd", "cmnd", "chung minh nhan dan")),
    (_DRIVING, ("lai xe", "bang lai", "gplx")),
    (_ACCOUNT, ("vneid", "dinh danh", "muc do 2", "muc 2", "tai khoan")),
)


def referral_for(text: str) -> Referral | None:
    """The referral for what was typed, marks ignored; ``None`` where the counter itself is right."""
    asked = f" {' '.join(fold(text).split())} "
    for referral, phrases in _ASKED:
        if any(f" {phrase} " in asked for phrase in phrases):
            return referral
    return None
