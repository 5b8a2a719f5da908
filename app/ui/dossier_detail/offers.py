"""Which acts stand open for a dossier, which comes next by itself, and why a wanted one is not there.

Narrower than ``lawful_acts``: it also looks at who holds the dossier and whether its date has passed, so
that no button is shown which the service would refuse anyway.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.domain.dossier_status import Act, Status
from app.domain.roles import Officer, Permission
from app.services.dossier_view import DossierDetail, HistoryLine
from app.services.life.custody_acts import CUSTODIANS_ALONE
from app.services.slip_words import money
from app.text import t

ORDER = (
    Act.REQUEST_SUPPLEMENT,
    Act.START,
    Act.COMPLETE,
    Act.RETURN,
    Act.ACCEPT_CUSTODY,
    Act.ACCEPT,
    Act.SUPPLEMENT,
    Act.REQUEST_FEE,
    Act.PAY,
    Act.EXTEND,
    Act.WITHDRAW,
    Act.STOP,
    Act.REFUSE,
    Act.REOPEN,
    Act.TRANSFER,
)
"""As the column of acts shows them."""

_NATURAL = (Act.ACCEPT_CUSTODY, Act.ACCEPT, Act.START, Act.SUPPLEMENT, Act.COMPLETE, Act.RETURN)
"""What comes next in the ordinary course; a payment only where the dossier waits for it."""


@dataclass(frozen=True)
class Why:
    """What cannot be done yet, and what must come before."""

    title: str
    body: str


@dataclass(frozen=True)
class Offers:
    """``natural``: the one blue button; ``others`` in the order of ``ORDER``."""

    natural: Act | None
    others: tuple[Act, ...]
    why: Why | None

    @property
    def all(self) -> tuple[Act, ...]:
        """Every act on offer."""
        return self.others if self.natural is None else (self.natural, *self.others)


def offers_of(
    dossier: DossierDetail, by: Officer, own_codes: Collection[str | None], now: datetime
) -> Offers:
    """``own_codes``: how the province may name this unit (GSO code, agency code)."""
    held = dossier.custodian_unit in own_codes
    going = _going_to(dossier.history)
    able = [act for act in dossier.acts if _stands_open(act, dossier, own_codes, now)]
    waits_for_money = dossier.status is Status.FEE_REQUESTED and Act.PAY in able
    natural = Act.PAY if waits_for_money else next((act for act in _NATURAL if act in able), None)
    others = tuple(act for act in ORDER if act in able and act is not natural)
    return Offers(natural, others, _why(dossier, by, able, going, held, now))


def unpaid(dossier: DossierDetail) -> int:
    """VND asked for and not yet taken in, as far as the amounts are known."""
    asked = sum(fee.amount_vnd or 0 for fee in dossier.fees)
    paid = sum(int(line.detail.get("amount_vnd") or 0) for line in dossier.history if line.act == Act.PAY)
    return max(0, asked - paid)


def last_items(dossier: DossierDetail) -> tuple[str, ...]:
    """The papers asked for in the latest supplement request."""
    asked = [line for line in dossier.history if line.act == Act.REQUEST_SUPPLEMENT]
    return tuple(str(item) for item in asked[-1].detail.get("items") or ()) if asked else ()


def _stands_open(act: Act, dossier: DossierDetail, own_codes: Collection[str | None], now: datetime) -> bool:
    held, going = dossier.custodian_unit in own_codes, _going_to(dossier.history)
    if act in CUSTODIANS_ALONE and not held:
        return False
    if act is Act.ACCEPT_CUSTODY:
        return not held and going is not None and going.detail.get("to") in own_codes
    if act is Act.TRANSFER:
        return going is None
    if act is Act.EXTEND:
        return not _overdue(dossier, now)
    if act is Act.PAY:
        return dossier.status is Status.FEE_REQUESTED or _may_owe(dossier)
    return True


def _may_owe(dossier: DossierDetail) -> bool:
    """Not where every fee is known and paid, nor where the procedure is known to be free."""
    if dossier.fees:
        return unpaid(dossier) > 0 or any(fee.amount_vnd is None for fee in dossier.fees)
    return dossier.procedure_detail != "full"


def _overdue(dossier: DossierDetail, now: datetime) -> bool:
    return dossier.due_at is not None and now > dossier.due_at


def _going_to(history: tuple[HistoryLine, ...]) -> HistoryLine | None:
    """The hand-over that the other unit has not answered yet."""
    moves = [line for line in history if line.act in (Act.TRANSFER, Act.ACCEPT_CUSTODY)]
    return moves[-1] if moves and moves[-1].act == Act.TRANSFER else None


def _why(
    dossier: DossierDetail,
    by: Officer,
    able: list[Act],
    going: HistoryLine | None,
    held: bool,
    now: datetime,
) -> Why | None:
    if dossier.status is Status.RETURNED:
        return Why(t("Hồ sơ đã xong"), t("Đã trả cho công dân, không còn việc gì phải làm."))
    if not by.may(Permission.PROCESS):
        return Why(t("Bạn chỉ xem hồ sơ này"), t("Việc xử lý do cán bộ một cửa làm."))
    if not held and Act.ACCEPT_CUSTODY not in able:
        return Why(
            t("Hồ sơ đang ở đơn vị khác"), t("Đơn vị đó xử lý tiếp; ở đây vẫn nhận giấy tờ, trả kết quả.")
        )
    if going is not None and held:
        unit = str(going.detail.get("to_name") or t("bên nhận"))
        return Why(t("Chưa chuyển nơi khác được"), t("Đang chờ {unit} nhận.").format(unit=unit))
    return _why_not_yet(dossier, by, now)


def _why_not_yet(dossier: DossierDetail, by: Officer, now: datetime) -> Why | None:
    status = dossier.status
    if status is Status.NEW:
        return Why(t("Chưa chuyển xử lý được"), t("Cần tiếp nhận trước."))
    if status is Status.SUPPLEMENT_REQUESTED:
        return Why(t("Chưa xử lý tiếp được"), t("Đợi công dân nộp đủ giấy tờ đã yêu cầu."))
    if status is Status.FEE_REQUESTED:
        amount = unpaid(dossier)
        words = (
            t("Cần thu {amount} đ trước.").format(amount=money(amount))
            if amount
            else t("Cần thu tiền trước.")
        )
        return Why(t("Chưa xử lý tiếp được"), words)
    if status in (Status.REFUSED, Status.WITHDRAWN) and not by.may(Permission.REOPEN):
        return Why(t("Chưa mở lại được"), t("Việc này cần lãnh đạo đăng nhập và làm."))
    if status not in (Status.RECEIVED, Status.PROCESSING):
        return None
    if _overdue(dossier, now):
        return Why(t("Không gia hạn được nữa"), t("Đã quá ngày hẹn: xử lý xong và trả sớm nhất."))
    return Why(t("Chưa trả kết quả được"), t("Cần ghi “{act}” trước.").format(act=Act.COMPLETE.label))
