"""What is owed of a dossier's fees and what a payment covers (whole VND; nothing unknown is read as 0).

A receipt names the fees it is for; how its money spreads over them follows from the order of the fees, so
that the same receipts always give the same debts. A cancelled receipt counts as if it had never been.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import RuleError
from app.text import t

ASKED_LATER = "on_supplement"
"""Stage of a fee that stops the term until it is paid (status 6)."""
AT_THE_COUNTER = "THU-QUAY"
"""Code of a fee that no tariff asked for and only a receipt made."""
MOST_VND = 99_999_999_999
"""More than any counter takes at once; above it a key was held down."""


@dataclass(frozen=True)
class AskedFee:
    """One fee of a dossier. ``amount_vnd`` ``None``: not known yet; ``made_by_receipt``: nobody asked for
    it before the money lay on the desk, so that nobody owes it once the receipt is cancelled."""

    id: str
    name: str
    amount_vnd: int | None
    stage: str = "on_receipt"
    made_by_receipt: bool = False


@dataclass(frozen=True)
class TakenPayment:
    """A receipt that stands."""

    fee_ids: tuple[str, ...]
    amount_vnd: int


@dataclass(frozen=True)
class FeeStanding:
    """One fee with what has been paid of it. ``left_vnd`` ``None``: still unknown and unpaid."""

    fee: AskedFee
    paid_vnd: int

    @property
    def left_vnd(self) -> int | None:
        """What is still owed of it."""
        if self.fee.amount_vnd is None:
            return 0 if self.paid_vnd else None
        if self.fee.made_by_receipt:
            return 0
        return max(0, self.fee.amount_vnd - self.paid_vnd)


@dataclass(frozen=True)
class Owed:
    """A dossier's fees together. ``taken_vnd``: by receipts that stand."""

    fees: tuple[FeeStanding, ...]
    taken_vnd: int

    @property
    def left_vnd(self) -> int:
        """What is owed as far as amounts are known."""
        return sum(each.left_vnd or 0 for each in self.fees)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of unpaid fees whose amount nobody has supplied."""
        return tuple(each.fee.name for each in self.fees if each.left_vnd is None)

    @property
    def surplus_vnd(self) -> int:
        """Money taken beyond every fee there is."""
        return max(0, self.taken_vnd - sum(each.paid_vnd for each in self.fees))

    @property
    def owes_nothing(self) -> bool:
        """Whether everything is known and paid."""
        return self.left_vnd == 0 and not self.unknown


@dataclass(frozen=True)
class PlannedPayment:
    """What a receipt will say. No ``fee_ids``: a fee is made for it."""

    amount_vnd: int
    fee_ids: tuple[str, ...]


def owed(fees: Sequence[AskedFee], taken: Sequence[TakenPayment]) -> Owed:
    """Spread the receipts over the fees they name: known ones first, the rest pays an unknown one."""
    paid = dict.fromkeys((fee.id for fee in fees), 0)
    known = {fee.id: fee for fee in fees}
    for payment in taken:
        named = [known[fee_id] for fee_id in payment.fee_ids if fee_id in known]
        for fee_id, part in _spread(named, payment.amount_vnd, paid).items():
            paid[fee_id] += part
    standings = tuple(FeeStanding(fee, paid[fee.id]) for fee in fees)
    return Owed(standings, sum(each.amount_vnd for each in taken))


def plan_payment(now: Owed, amount_vnd: int | None, *, waiting: bool) -> PlannedPayment:
    """Which fees a payment covers. ``amount_vnd`` ``None``: all that is owed; ``waiting``: the dossier is
    held up by a fee (status 6), which only the whole amount sets free.

    Raises ``RuleError`` (field ``amount``): "amount-range", "amount-below-asked".
    """
    amount = now.left_vnd if amount_vnd is None else amount_vnd
    if amount_vnd is None and amount == 0:
        raise _nothing_known(now)
    if not 0 < amount <= MOST_VND:
        raise bad_amount()
    first = [each for each in now.fees if each.fee.stage == ASKED_LATER]
    required = sum(each.left_vnd or 0 for each in first)
    if waiting and amount < required:
        raise RuleError(
            "amount-below-asked",
            t("Số tiền chưa đủ khoản đã yêu cầu nộp nên hồ sơ chưa chạy tiếp được."),
            t("Thu đủ {amount} đ rồi ghi; hồ sơ vẫn chờ.").format(amount=_grouped(required)),
            field="amount",
        )
    rest = [each for each in now.fees if each.fee.stage != ASKED_LATER]
    open_fees = [each.fee for each in (*first, *rest) if each.left_vnd != 0]
    paid = {each.fee.id: each.paid_vnd for each in now.fees}
    return PlannedPayment(amount, tuple(_spread(open_fees, amount, paid)))


def words_after(now: Owed) -> tuple[str, ...]:
    """What to tell the officer once a payment is in; nothing where the sum fits."""
    words = []
    if now.surplus_vnd:
        words.append(
            t("Đã thu nhiều hơn số phải thu {amount} đ. Nếu ghi nhầm thì hủy biên nhận rồi thu lại.").format(
                amount=_grouped(now.surplus_vnd)
            )
        )
    if now.left_vnd:
        words.append(t("Còn {amount} đ chưa thu.").format(amount=_grouped(now.left_vnd)))
    return tuple(words)


def bad_amount() -> RuleError:
    """An amount that no receipt can bear."""
    return RuleError(
        "amount-range",
        t("Số tiền phải lớn hơn 0."),
        t("Ghi số tiền bằng đồng, ví dụ 16000."),
        field="amount",
    )


def _spread(fees: Sequence[AskedFee], amount: int, paid: dict[str, int]) -> dict[str, int]:
    """Fee id to its part, only of fees that get one."""
    parts: dict[str, int] = {}
    for fee in fees:
        if fee.amount_vnd is not None and amount:
            part = min(amount, max(0, fee.amount_vnd - paid[fee.id]))
            if part:
                parts[fee.id] = part
                amount -= part
    unknown = next((fee for fee in fees if fee.amount_vnd is None), None)
    if unknown is not None and amount:
        parts[unknown.id] = amount
    return parts


def _nothing_known(now: Owed) -> RuleError:
    if not now.unknown:
        return RuleError(
            "amount-range",
            t("Hồ sơ này không còn khoản nào phải thu."),
            t("Nếu vẫn thu, ghi số tiền bằng đồng, ví dụ 16000."),
            field="amount",
        )
    return RuleError(
        "amount-range",
        t("Chưa có mức thu của tỉnh cho: {names}.").format(names=", ".join(now.unknown)),
        t("Ghi số tiền đã thu bằng đồng, ví dụ 16000."),
        field="amount",
    )


def _grouped(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
