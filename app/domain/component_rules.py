"""Which papers a dossier must have, which stand ticked at first, which are missing.

Rules per paper (DOMAIN §7, "yes / one_of / conditional"): ``yes`` is required, save that a condition
the program knows by itself may lift it; of a ``one_of`` group one is enough; a ``conditional`` one is
required only where its condition is known to hold, by a fact or by the officer's answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from app.domain.catalogue import ComponentKind, ComponentRule, Fact, Mandatory, ProcedureVersion
from app.domain.vietnamese import clean_text
from app.errors import RuleError, UsageError
from app.text import t

Answers: TypeAlias = Mapping[str, bool]
"""Component id to the officer's answer whether its condition holds; absent: not asked yet."""

Facts: TypeAlias = Collection[Fact]
"""The facts that hold. The program always knows both, so an absent one does not hold."""

FIELD = "component"
MAX_COUNT = 999
"""Most copies of one paper; app.services.intake.received_parts checks by it too."""


class Need(StrEnum):
    """What a paper is to this dossier."""

    REQUIRED = "required"
    ONE_OF = "one_of"
    ASK = "ask"
    """Conditional and not answered: the officer is asked, nothing is demanded."""
    NOT_DUE = "not_due"
    OPTIONAL = "optional"


class CopyKind(StrEnum):
    """What a paper is (wire: ``copy_kind``)."""

    ORIGINAL = "original"
    CERTIFIED_COPY = "certified_copy"
    PHOTOCOPY = "photocopy"
    ELECTRONIC = "electronic"


class Reuse(StrEnum):
    """Where a paper that the office already holds comes from (wire: ``reuse``)."""

    COMPONENT = "component"
    """A paper of an earlier dossier."""
    RESULT = "result"
    """The result of an earlier dossier."""


@dataclass(frozen=True)
class HeldPaper:
    """A paper the citizen is not asked for again (NĐ 45/2020, NĐ 118/2025; DOMAIN §11).

    ``source``: where it is held, in words, such as the number of the earlier dossier or the name of the
    database; ``day``: when it was issued or looked up there; ``national_store``: taken from the national
    store of personal data.
    """

    source: str
    day: date
    reuse: Reuse = Reuse.COMPONENT
    national_store: bool = False


@dataclass(frozen=True)
class ComponentSpec:
    """``id[:kind[:count]]`` as typed; ``None`` where left out.

    ``substitute``: the paper the office accepts in its place, by name; ``held``: it is here already.
    """

    id: str
    kind: CopyKind | None = None
    count: int | None = None
    substitute: str = ""
    held: HeldPaper | None = None


@dataclass(frozen=True)
class GivenComponent:
    """A paper handed in or shown; of one that is held already the citizen brings none."""

    rule: ComponentRule
    kind: CopyKind
    count: int
    substitute: str = ""
    held: HeldPaper | None = None


def requirement(rule: ComponentRule, facts: Facts, answers: Answers) -> Need:
    """What the paper is to a dossier of these facts and answers. A fact outweighs an answer."""
    if rule.mandatory is Mandatory.ONE_OF:
        return Need.ONE_OF
    if rule.mandatory is Mandatory.NO:
        return Need.OPTIONAL
    if rule.known_by is not None:
        return Need.REQUIRED if rule.known_by in facts else Need.NOT_DUE
    if rule.mandatory is Mandatory.YES:
        return Need.REQUIRED
    if rule.id not in answers:
        return Need.ASK
    return Need.REQUIRED if answers[rule.id] else Need.NOT_DUE


def answered(version: ProcedureVersion, answers: Answers) -> dict[str, bool]:
    """The answers with what they decide besides: papers of one and the same condition share the answer,
    so that the officer is asked once."""
    by_words = {
        rule.condition: answers[rule.id]
        for rule in version.components
        if rule.condition and rule.id in answers and rule.known_by is None
    }
    shared = {
        rule.id: by_words[rule.condition]
        for rule in version.components
        if rule.mandatory is Mandatory.CONDITIONAL and rule.known_by is None and rule.condition in by_words
    }
    return {**shared, **answers}


def standing_state(version: ProcedureVersion, facts: Facts) -> tuple[str, ...]:
    """The ids that stand ticked at first, in the catalogue's order.

    Every ``yes`` that is due, the first of each one-of group, and no conditional one: a paper is never
    said to be there because it ought to be.
    """
    groups: set[str | None] = set()
    ticked = []
    for rule in version.components:
        first = rule.mandatory is Mandatory.ONE_OF and rule.group not in groups
        due = rule.mandatory is Mandatory.YES and requirement(rule, facts, {}) is Need.REQUIRED
        if first or due:
            ticked.append(rule.id)
        if first:
            groups.add(rule.group)
    return tuple(ticked)


def missing_components(
    version: ProcedureVersion, given: Iterable[str], facts: Facts, answers: Answers
) -> tuple[str, ...]:
    """What a refused acceptance lacks: ids, a one-of group as ``a|b``, in the catalogue's order.

    Raises ``RuleError`` ``component-unknown`` for an id the procedure does not have.
    """
    there = {component(version, identifier).id for identifier in given}
    component_ids = {rule.id for rule in version.components}
    for identifier in answers:
        if identifier not in component_ids:
            raise _unknown(version, identifier)
    known = answered(version, answers)
    missing = dict.fromkeys(_lacking(version, rule, there, facts, known) for rule in version.components)
    return tuple(name for name in missing if name)


def _lacking(
    version: ProcedureVersion, rule: ComponentRule, there: set[str], facts: Facts, answers: Answers
) -> str:
    need = requirement(rule, facts, answers)
    if need is Need.REQUIRED:
        return "" if rule.id in there else rule.id
    if need is Need.ONE_OF:
        group = [other.id for other in version.components if other.group == rule.group]
        return "" if there.intersection(group) else "|".join(group)
    return ""


def questions(version: ProcedureVersion, facts: Facts, answers: Answers) -> tuple[ComponentRule, ...]:
    """The conditional papers the officer has not answered yet."""
    known = answered(version, answers)
    return tuple(rule for rule in version.components if requirement(rule, facts, known) is Need.ASK)


def component(version: ProcedureVersion, identifier: str) -> ComponentRule:
    """The paper of this id. Raises ``RuleError`` ``component-unknown`` naming it, field ``component``."""
    for rule in version.components:
        if rule.id == identifier:
            return rule
    raise _unknown(version, identifier)


def _unknown(version: ProcedureVersion, identifier: str) -> RuleError:
    shown = clean_text(identifier)[:40]
    known = ", ".join(rule.id for rule in version.components)
    return RuleError(
        "component-unknown",
        t("Thủ tục này không có giấy tờ tên là {name}.").format(name=f"“{shown}”"),
        t("Các giấy tờ của thủ tục: {known}.").format(known=known)
        if known
        else t("Danh mục chưa có giấy tờ nào cho thủ tục này: ghi tên giấy tờ tự do."),
        field=FIELD,
    )


def parse_component_spec(text: str) -> ComponentSpec:
    """``id``, ``id:kind`` or ``id:kind:count`` of the command line (CONTRACT ``receive``).

    Raises ``UsageError`` ``component-spec``, field ``component``.
    """
    identifier, *rest = [part.strip() for part in text.split(":")]
    kinds = [kind.value for kind in CopyKind]
    kind = rest[0] if rest else ""
    count = rest[1] if len(rest) > 1 else ""
    shaped = bool(identifier) and len(rest) <= 2 and (not kind or kind in kinds)
    if not shaped or (count and not _is_count(count)):
        raise UsageError(
            "component-spec",
            t("Chưa hiểu cách ghi giấy tờ này."),
            t("Ghi: tên, hoặc tên:loại:số lượng. Loại là một trong: {kinds}. Số lượng từ 1 đến 999.").format(
                kinds=", ".join(kinds)
            ),
            field=FIELD,
        )
    return ComponentSpec(identifier, CopyKind(kind) if kind else None, int(count) if count else None)


def _is_count(text: str) -> bool:
    return re.fullmatch(r"[1-9][0-9]{0,2}", text) is not None


def given_component(version: ProcedureVersion, spec: ComponentSpec) -> GivenComponent:
    """The paper as handed in: kind, else the original; count, else the catalogue's, at least one.

    One that is held already counts none and is electronic unless said otherwise.
    """
    rule = component(version, spec.id)
    if spec.held is not None:
        return GivenComponent(rule, spec.kind or CopyKind.ELECTRONIC, 0, held=spec.held)
    usual = rule.originals + rule.copies
    kind = spec.kind or CopyKind.ORIGINAL
    return GivenComponent(rule, kind, spec.count or max(usual, 1), spec.substitute)


def free_components(names: Iterable[str]) -> tuple[ComponentRule, ...]:
    """Papers written down by hand, for a procedure whose papers the catalogue does not know."""
    cleaned = [clean_text(name) for name in names]
    return tuple(
        ComponentRule(f"giay_to_{place}", name, ComponentKind.SUBMIT, Mandatory.NO)
        for place, name in enumerate((name for name in cleaned if name), start=1)
    )
