"""Which acts stand open for a dossier, which comes next by itself, and why a wanted one is not there.

What stands open is the service's word (``services.life.offered_acts``); this module only puts it in order
and says why a wanted act is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.dossier_status import Act, Status
from app.domain.roles import Officer, Permission
from app.services.finding.dossier_detail import DossierDetail
from app.services.life import Offered
from app.services.papers.slip_words import money
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
    now: Offered | None = None
    """What the service says of it: who holds it, dates, extensions, money."""

    @property
    def all(self) -> tuple[Act, ...]:
        """Every act on offer."""
        return self.others if self.natural is None else (self.natural, *self.others)


def offers_of(dossier: DossierDetail, by: Officer, now: Offered) -> Offers:
    """``now``: what stands open, as ``services.life`` has it; here it is only put in order and in words."""
    able = now.acts
    waits_for_money = now.status is Status.FEE_REQUESTED and Act.PAY in able
    natural = Act.PAY if waits_for_money else next((act for act in _NATURAL if act in able), None)
    others = tuple(act for act in ORDER if act in able and act is not natural)
    return Offers(natural, others, _why(dossier, by, now), now)


def last_items(dossier: DossierDetail) -> tuple[str, ...]:
    """The papers asked for in the latest supplement request."""
    asked = [line for line in dossier.history if line.act == Act.REQUEST_SUPPLEMENT]
    return tuple(str(item) for item in asked[-1].detail.get("items") or ()) if asked else ()


def _why(dossier: DossierDetail, by: Officer, now: Offered) -> Why | None:
    if now.status is Status.RETURNED:
        words = (
            t("Giấy tờ đã trả lại công dân, không còn việc gì phải làm.")
            if dossier.papers_given_back
            else t("Đã trả cho công dân, không còn việc gì phải làm.")
        )
        return Why(t("Hồ sơ đã xong"), words)
    if not by.may(Permission.PROCESS):
        return Why(t("Bạn chỉ xem hồ sơ này"), t("Việc xử lý do cán bộ một cửa làm."))
    if not now.held and not now.arriving:
        return Why(
            t("Hồ sơ đang ở đơn vị khác"), t("Đơn vị đó xử lý tiếp; ở đây vẫn nhận giấy tờ, trả kết quả.")
        )
    if now.pending is not None and now.held:
        return Why(t("Chưa chuyển nơi khác được"), t("Đang chờ {unit} nhận.").format(unit=now.pending.name))
    return _why_not_yet(now)


def _why_not_yet(now: Offered) -> Why | None:
    status = now.status
    if status is Status.NEW:
        return Why(t("Chưa chuyển xử lý được"), t("Cần tiếp nhận trước."))
    if status is Status.SUPPLEMENT_REQUESTED:
        return Why(t("Chưa xử lý tiếp được"), t("Đợi công dân nộp đủ giấy tờ đã yêu cầu."))
    if status is Status.FEE_REQUESTED:
        words = (
            t("Cần thu {amount} đ trước.").format(amount=money(now.unpaid_vnd))
            if now.unpaid_vnd
            else t("Cần thu tiền trước.")
        )
        return Why(t("Chưa xử lý tiếp được"), words)
    if status in (Status.REFUSED, Status.WITHDRAWN) and not now.leader:
        return Why(t("Chưa mở lại được"), t("Việc này cần lãnh đạo đăng nhập và làm."))
    if status not in (Status.RECEIVED, Status.PROCESSING):
        return None
    if now.overdue:
        return Why(t("Không gia hạn được nữa"), t("Đã quá ngày hẹn: xử lý xong và trả sớm nhất."))
    if now.extensions_used >= now.extensions_allowed and now.extensions_used:
        words = t("Đã hẹn lại {used}/{allowed} lần cho phép; giữ ngày hẹn đang có.")
        return Why(
            t("Không gia hạn được nữa"),
            words.format(used=now.extensions_used, allowed=now.extensions_allowed),
        )
    return Why(t("Chưa trả kết quả được"), t("Cần ghi “{act}” trước.").format(act=Act.COMPLETE.label))
