"""Dated fees: what the province's resolution sets and the office has entered, over what the catalogue knows.

A line holds for a procedure and a fee code from one day to another, for one channel or all. Of the lines that
hold on a day the one with the latest first day counts; of these the one that names the channel; of these the
one entered last. Amounts nobody has supplied stay ``None``; exemptions are those of the catalogue or of the
line, chosen by the officer and never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.catalogue import Channel, FeeRule, ProcedureVersion
from app.domain.fees import AT_THE_COUNTER
from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.text import t

MOST_COUNT = 999
MOST_FEE = 999_999_999


@dataclass(frozen=True)
class TariffLine:
    """One amount with its legal basis ("NQ số …"). ``effective_to``: the last day, ``None`` open."""

    id: str
    procedure_code: str
    fee_code: str
    amount_vnd: int
    basis: str
    effective_from: date
    entered_at: datetime
    channel: Channel | None = None
    exemptions: tuple[str, ...] = ()
    effective_to: date | None = None

    def holds(self, day: date, channel: Channel) -> bool:
        """Whether the line counts on that day for that channel."""
        in_time = self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)
        return in_time and self.channel in (None, channel)


def line_for(lines: Sequence[TariffLine], fee_code: str, channel: Channel, day: date) -> TariffLine | None:
    """The line that counts, if there is one."""
    able = [each for each in lines if each.fee_code == fee_code and each.holds(day, channel)]
    return max(
        able,
        key=lambda each: (each.effective_from, each.channel is not None, each.entered_at, each.id),
        default=None,
    )


def priced(
    version: ProcedureVersion, lines: Sequence[TariffLine], channel: Channel, day: date
) -> tuple[ProcedureVersion, tuple[TariffLine, ...]]:
    """The procedure with the amounts of that day, and the lines they came from.

    A line for a fee the catalogue does not know adds that fee.
    """
    mine = [each for each in lines if each.procedure_code == version.code]
    if not mine:
        return version, ()
    used: list[TariffLine] = []
    fees: list[FeeRule] = []
    for rule in version.fees:
        line = line_for(mine, rule.code, channel, day)
        fees.append(rule if line is None else _under(rule, line))
        used += [] if line is None else [line]
    known = {rule.code for rule in version.fees}
    for code in sorted({each.fee_code for each in mine} - known):
        line = line_for(mine, code, channel, day)
        if line is not None:
            fees.append(_under(FeeRule(code, _name(code), None), line))
            used.append(line)
    return replace(version, fees=tuple(fees)), tuple(used)


def check_line(line: TariffLine) -> TariffLine:
    """The line as it may be kept. Raises ``RuleError`` (field ``amount``, ``basis``, ``to``, ``fee``)."""
    if not 0 <= line.amount_vnd <= MOST_FEE:
        raise RuleError(
            "amount-range",
            t("Mức thu từ 0 đồng trở lên."),
            t("Ghi số tiền bằng đồng; 0 là không thu."),
            field="amount",
        )
    basis = clean_text(line.basis)
    if not basis:
        raise RuleError(
            "basis-missing",
            t("Chưa ghi căn cứ của mức thu."),
            t("Ghi số, ngày nghị quyết của HĐND tỉnh."),
            field="basis",
        )
    if line.effective_to is not None and line.effective_to < line.effective_from:
        raise RuleError(
            "days-order", t("Ngày hết hiệu lực trước ngày có hiệu lực."), t("Gõ lại hai ngày."), field="to"
        )
    code = clean_text(line.fee_code).upper()
    if not code or not code.isascii() or len(code) > 20 or code == AT_THE_COUNTER:
        raise RuleError(
            "fee-code", t("Chưa rõ khoản thu."), t("Ghi mã khoản thu, ví dụ LP hoặc PHI."), field="fee"
        )
    exemptions = tuple(dict.fromkeys(each for each in map(clean_text, line.exemptions) if each))
    return replace(line, basis=basis[:500], fee_code=code, exemptions=exemptions)


def amount_of(rule: FeeRule, count: int, exempt: str) -> tuple[int | None, str | None]:
    """Whole VND of so many, and why it is not asked for. An exemption makes it 0 whatever the amount.

    Raises ``RuleError`` "fee-count", "exemption-unknown" (field ``fee``).
    """
    if not 1 <= count <= MOST_COUNT:
        raise RuleError("fee-count", t("Số lượng tính phí từ 1 đến 999."), t("Gõ lại số lượng."), field="fee")
    reason = clean_text(exempt)
    if not reason:
        return (None if rule.amount_vnd is None else rule.amount_vnd * count), None
    if reason not in rule.exemptions:
        raise RuleError(
            "exemption-unknown",
            t("“{name}” không miễn vì lý do này.").format(name=rule.name),
            t("Chọn một trong: {reasons}.").format(reasons=", ".join(rule.exemptions) or t("không có")),
            field="fee",
        )
    return 0, reason


def _under(rule: FeeRule, line: TariffLine) -> FeeRule:
    return replace(
        rule,
        amount_vnd=line.amount_vnd,
        rule=line.basis,
        exemptions=tuple(dict.fromkeys((*rule.exemptions, *line.exemptions))),
    )


def _name(code: str) -> str:
    return t("Phí") if code.startswith("PHI") else t("Lệ phí")
