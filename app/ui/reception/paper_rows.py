"""The checklist of a procedure in words: what each paper is to this dossier, and why."""

from __future__ import annotations

from collections.abc import Collection

from app.domain.catalogue import ComponentKind, ComponentRule, Fact, Mandatory, ProcedureVersion
from app.domain.component_rules import Need as Rule
from app.domain.component_rules import answered, missing_components, requirement, standing_state
from app.text import t
from app.ui.reception.form import Form
from app.ui.reception.other_way import BROUGHT, kind_there, why_there
from app.ui.widgets import CheckItem, Need
from app.ui.widgets.check_list import CAPS


def facts_of_form(form: Form) -> frozenset[Fact]:
    """The conditions the program knows: paper at the counter, handed in by another."""
    by_proxy = {Fact.BY_PROXY} if form.proxy else set()
    return frozenset({Fact.PAPER_CHANNEL} | by_proxy)


def standing(version: ProcedureVersion, form: Form) -> tuple[str, ...]:
    """What stands ticked when the procedure is chosen."""
    return standing_state(version, facts_of_form(form))


def missing_of(version: ProcedureVersion, form: Form) -> tuple[str, ...]:
    """What the ticks lack: ids, a one-of group as ``a|b``."""
    return missing_components(version, form.ticked, facts_of_form(form), form.answers)


def check_items(version: ProcedureVersion, form: Form, lacking: Collection[str] = ()) -> list[CheckItem]:
    """The rows, in the catalogue's order; ``lacking`` are the ids to be marked as missing."""
    rows = []
    for rule in version.components:
        need = Need.MISSING if rule.id in lacking else Need.NORMAL
        ticked = rule.id in form.ticked
        other = form.otherwise.get(rule.id)
        if ticked and other is not None and other.way != BROUGHT:
            rows.append(CheckItem(rule.id, _name(rule), why_there(other), kind_there(other), ticked, need))
            continue
        rows.append(CheckItem(rule.id, _name(rule), _why(version, rule, form), _kind(rule), ticked, need))
    return rows


def free_items(form: Form) -> list[CheckItem]:
    """Papers written down by hand: all are there."""
    return [CheckItem(name, name, "", t("Bản chính · 1"), True) for name in form.free]


def first_of(entry: str) -> str:
    """The paper that stands for a missing entry."""
    return entry.split("|")[0]


def missing_points(version: ProcedureVersion, form: Form, missing: Collection[str]) -> list[tuple[str, str]]:
    """The missing papers by number and name, with what may stand for each or why it is asked."""
    order = [rule.id for rule in version.components]
    points = []
    for entry in missing:
        ids = entry.split("|")
        rule = version.components[order.index(ids[0])]
        strong = f"{_cap(order.index(rule.id))}  {_name(rule)}"
        if len(ids) > 1:
            others = _or_list([_cap(order.index(each)) for each in ids[1:]])
            points.append((strong, t("hoặc giấy số {others} thay thế").format(others=others)))
        else:
            points.append((strong, _reason(rule)))
    return points


def _cap(row: int) -> str:
    return CAPS[row] if row < len(CAPS) else "–"


def _name(rule: ComponentRule) -> str:
    return rule.short_name or rule.name


def _kind(rule: ComponentRule) -> str:
    if rule.kind is ComponentKind.PRESENT:
        return t("Xuất trình")
    if rule.originals:
        return t("Bản chính · {count}").format(count=rule.originals)
    return t("Bản sao · {count}").format(count=max(1, rule.copies))


def _why(version: ProcedureVersion, rule: ComponentRule, form: Form) -> str:
    need = requirement(rule, facts_of_form(form), answered(version, form.answers))
    if rule.mandatory is Mandatory.ONE_OF:
        order = [each.id for each in version.components]
        group = [_cap(order.index(r.id)) for r in version.components if r.group == rule.group]
        return t("Bắt buộc một trong các giấy: {which}").format(which=_or_list(group))
    if need is Rule.REQUIRED:
        return _reason(rule)
    if rule.known_by is Fact.BY_PROXY:
        return t("Chỉ khi nộp thay")
    if rule.mandatory is Mandatory.CONDITIONAL:
        said = _first_words(rule.condition) or t("theo trường hợp")
        return t("Chỉ khi: {condition}").format(condition=said)
    return t("Không bắt buộc")


def _reason(rule: ComponentRule) -> str:
    if rule.known_by is Fact.BY_PROXY:
        return t("Bắt buộc vì nộp thay")
    if rule.mandatory is Mandatory.CONDITIONAL:
        return t("Bắt buộc trong trường hợp này")
    return t("Bắt buộc")


def _first_words(condition: str) -> str:
    said = condition.strip().rstrip(".")
    for opening in ("chỉ khi ", "khi ", "nếu "):
        if said.lower().startswith(opening):
            return said[len(opening) :]
    return said


def _or_list(parts: list[str]) -> str:
    return t(" hoặc ").join(parts)
