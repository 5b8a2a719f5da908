"""Papers and fees of a dossier as they are stored, printed and sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.catalogue import ComponentKind, FeeRule, ProcedureVersion
from app.domain.component_rules import MAX_COUNT, ComponentSpec, GivenComponent, HeldPaper, given_component
from app.domain.tariff import amount_of
from app.domain.vietnamese import require_text
from app.errors import RuleError
from app.protocol.ids import new_id
from app.services.intake.visit import FreePaper, Intake
from app.text import t

_LONGEST_WORDS = 300


@dataclass(frozen=True)
class PaperLine:
    """One paper of the dossier. ``presented_only``: shown for comparison, not kept."""

    id: str
    position: int
    code: str
    national_code: str
    name: str
    mandatory: str
    presented_only: bool
    copy_kind: str
    quantity: int
    substitute: str = ""
    reuse: str = "none"
    reuse_source: str = ""
    reuse_day: date | None = None
    from_national_store: bool = False

    def as_row(self) -> dict[str, object]:
        """The columns of the component table."""
        return {
            "id": self.id,
            "position": self.position,
            "code": self.code,
            "national_code": self.national_code,
            "name": self.name,
            "mandatory": self.mandatory,
            "presented_only": self.presented_only,
            "copy_kind": self.copy_kind,
            "quantity": self.quantity,
            "substitute": self.substitute,
            "reuse": self.reuse,
            "reuse_source": self.reuse_source,
            "reuse_day": self.reuse_day,
            "from_national_store": self.from_national_store,
        }


@dataclass(frozen=True)
class FeeLine:
    """One fee. ``amount_vnd`` ``None``: the province has not supplied it, never read as free."""

    id: str
    code: str
    name: str
    amount_vnd: int | None
    count: int
    rule: str
    kind: str
    stage: str = "on_receipt"
    exempt_reason: str | None = None

    def as_row(self) -> dict[str, object]:
        """The columns of the fee table."""
        return {
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "amount_vnd": self.amount_vnd,
            "rule": self.rule,
            "kind": self.kind,
            "stage": self.stage,
            "exempt_reason": self.exempt_reason,
        }


def paper_lines(
    version: ProcedureVersion, given: tuple[ComponentSpec, ...], intake: Intake, today: date
) -> tuple[PaperLine, ...]:
    """The papers in the catalogue's order, then the free ones.

    Raises ``RuleError`` "component-unknown", "paper-count", "paper-name", "held-source", "held-day".
    """
    order = {rule.id: number for number, rule in enumerate(version.components)}
    chosen = sorted(given, key=lambda item: order.get(item.id, len(order)))
    lines = [_paper(given_component(version, spec), n, today) for n, spec in enumerate(chosen, 1)]
    for paper in intake.free_papers:
        lines.append(_free_paper(paper, len(lines) + 1))
    return tuple(lines)


def fee_lines(version: ProcedureVersion, intake: Intake) -> tuple[FeeLine, ...]:
    """The fees that apply to the channel, each with its amount where the tariff holds one.

    Raises ``RuleError`` "fee-count", "exemption-unknown".
    """
    return tuple(_fee(rule, intake) for rule in version.fees if rule.channel in (None, intake.channel))


def fee_total(lines: tuple[FeeLine, ...]) -> int | None:
    """What is due in whole VND; ``None`` while one amount is not known."""
    amounts = [line.amount_vnd for line in lines]
    return None if any(amount is None for amount in amounts) else sum(a for a in amounts if a is not None)


def _paper(given: GivenComponent, position: int, today: date) -> PaperLine:
    rule, held = given.rule, given.held
    line = PaperLine(
        id=new_id(),
        position=position,
        code=rule.id,
        national_code=rule.national_code,
        name=rule.name,
        mandatory=rule.mandatory.value,
        presented_only=rule.kind is ComponentKind.PRESENT,
        copy_kind=given.kind.value,
        quantity=0 if held is not None else _checked_count(given.count),
        substitute=require_text(given.substitute, "component")[:_LONGEST_WORDS],
    )
    return line if held is None else _held(line, held, today)


def _held(line: PaperLine, held: HeldPaper, today: date) -> PaperLine:
    """A paper that is here already: where and since when must be known, else it is asked for."""
    source = require_text(held.source, "component")[:_LONGEST_WORDS]
    if not source:
        raise RuleError(
            "held-source",
            t("Chưa ghi giấy tờ đã có ở đâu."),
            t("Ghi mã hồ sơ cũ hoặc tên cơ sở dữ liệu đã tra, hoặc bỏ dấu “đã có”."),
            field="component",
        )
    if held.day > today:
        raise RuleError(
            "held-day",
            t("Ngày của giấy tờ đã có không thể sau hôm nay."),
            t("Gõ lại ngày cấp hoặc ngày tra cứu."),
            field="component",
        )
    return replace(
        line,
        reuse=held.reuse.value,
        reuse_source=source,
        reuse_day=held.day,
        from_national_store=held.national_store,
    )


def _free_paper(paper: FreePaper, position: int) -> PaperLine:
    name = require_text(paper.name, "component")
    if not name:
        raise RuleError(
            "paper-name",
            t("Chưa ghi tên giấy tờ."),
            t("Gõ tên giấy tờ hoặc bỏ dòng đó."),
            field="component",
        )
    return PaperLine(
        id=new_id(),
        position=position,
        code=f"free-{position}",
        national_code="",
        name=name[:500],
        mandatory="no",
        presented_only=False,
        copy_kind=paper.kind.value,
        quantity=_checked_count(paper.count),
    )


def _checked_count(count: int) -> int:
    if not 1 <= count <= MAX_COUNT:
        raise RuleError(
            "paper-count", t("Số lượng giấy tờ từ 1 đến 999."), t("Gõ lại số lượng."), field="component"
        )
    return count


def _fee(rule: FeeRule, intake: Intake) -> FeeLine:
    count = intake.fee_counts.get(rule.code, 1)
    amount, reason = amount_of(rule, count, intake.fee_exemptions.get(rule.code, ""))
    if reason is None:
        amount = intake.fee_amounts.get(rule.code, amount)
    return FeeLine(
        id=new_id(),
        code=rule.code,
        name=rule.name,
        amount_vnd=amount,
        count=count,
        rule=rule.rule,
        kind=rule.kind,
        exempt_reason=reason,
    )
