"""Procedures to and from JSON.

``procedure_to_json`` is the form the program ships and stores: the members of ``ProcedureVersion``,
those with their default value left out. ``procedure_from_wire`` reads what a province publishes
(province-api.v1, schema ``ProcedureVersion``) and keeps the desk's own configuration where the
province says nothing (schema: "Absent: the province has not said").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, replace
from datetime import date, time
from enum import Enum
from typing import Any

from app.domain.catalogue import (
    Channel,
    ComponentKind,
    ComponentRule,
    Detail,
    Fact,
    FeeRule,
    Mandatory,
    ProcedureVersion,
    TimeLimit,
    TimeUnit,
)
from app.domain.json_reading import Node
from app.domain.vietnamese import fold

MAX_COUNT = 999
"""Most copies of one paper; more is a slip of the keyboard."""

_CODE = re.compile(r"[0-9]\.[0-9]{6}([.A-Z0-9]*)?")
_NOT_ID = re.compile(r"[^A-Za-z0-9._-]+")
_FEE_KINDS = ("ordinary", "appraisal", "extension")
_FEE_PERS = ("dossier", "page", "copy", "job")
_LEVELS = ("ministry", "province", "commune")
_ONLINE_LEVELS = ("full", "partial", "information_only")


# -- writing -----------------------------------------------------------------------------------------


def procedure_to_json(version: ProcedureVersion) -> dict[str, Any]:
    """The version as plain JSON values; ``procedure_from_json`` gives back an equal one."""
    return _plain(version)


def _plain(record: Any) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for member in fields(record):
        value = getattr(record, member.name)
        if not _is_default(member, value):
            body[member.name] = _plain_value(value)
    return body


def _is_default(member: Field[Any], value: Any) -> bool:
    if member.default_factory is not MISSING:
        return bool(value == member.default_factory())
    return bool(member.default is not MISSING and value == member.default)


def _plain_value(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain_value(item) for item in value]
    if isinstance(value, TimeLimit | FeeRule | ComponentRule):
        return _plain(value)
    return value


# -- reading our own form ----------------------------------------------------------------------------


def procedure_from_json(doc: Mapping[str, Any], place: str = "") -> ProcedureVersion:
    """One version from our own form. Raises ``RuleError`` ``catalogue-malformed`` naming the place."""
    node = Node(doc, place)
    components = tuple(_component(item) for item in node.get("components").items())
    _refuse_doubles(node.get("components"), (rule.id for rule in components))
    return ProcedureVersion(
        code=_code(node.get("code")),
        version=node.get("version").whole(least=1),
        name=node.get("name").text(),
        short_name=node.get("short_name").text(),
        field=node.get("field").text(),
        effective_from=node.get("effective_from").day(),
        effective_to=_last_day(node),
        field_code=node.get("field_code").text(""),
        level=_one_of(node.get("level"), _LEVELS, "commune"),
        aliases=node.get("aliases").texts(),
        time_limits=tuple(_time_limit(item) for item in node.get("time_limits").items()),
        fees=tuple(_fee(item) for item in node.get("fees").items()),
        components=components,
        result_name=node.get("result_name").text(""),
        result_code=node.get("result_code").text(""),
        legal_basis=node.get("legal_basis").texts(),
        online_level=_one_of(node.get("online_level"), ("", *_ONLINE_LEVELS), ""),
        detail=node.get("detail").choice(Detail, Detail.FULL),
        note=node.get("note").text(""),
        extended_terms=node.get("extended_terms").texts(),
        everyday_rank=node.get("everyday_rank").whole(0, most=MAX_COUNT),
        replaces=tuple(_code(item) for item in node.get("replaces").items()),
        eform=node.get("eform").text(""),
        confidence=node.get("confidence").text(""),
        source=node.get("source").text(""),
    )


def procedures_from_json(doc: Mapping[str, Any]) -> tuple[ProcedureVersion, ...]:
    """All versions of a catalogue file (``resources/catalogue/*.json``), in the file's order."""
    rows = Node(doc, "").get("procedures").items()
    return tuple(procedure_from_json(row.value, row.place) for row in rows)


def _code(node: Node) -> str:
    code = node.text()
    if not _CODE.fullmatch(code):
        node.refuse()
    return code


def _last_day(node: Node) -> date | None:
    last = node.get("effective_to").day_or_none()
    if last is not None and last < node.get("effective_from").day():
        node.get("effective_to").refuse()
    return last


def _one_of(node: Node, allowed: tuple[str, ...], default: str) -> str:
    value = node.text(default)
    if value not in allowed:
        node.refuse()
    return value


def _time_limit(node: Node) -> TimeLimit:
    return TimeLimit(
        amount=node.get("amount").whole_or_none(most=100_000),
        unit=node.get("unit").choice_or_none(TimeUnit),
        late_cutoff=node.get("late_cutoff").time_or_none(),
        channel=node.get("channel").choice_or_none(Channel),
        note=node.get("note").text(""),
    )


def _fee(node: Node) -> FeeRule:
    return FeeRule(
        code=node.get("code").text(),
        name=node.get("name").text(),
        amount_vnd=node.get("amount_vnd").whole_or_none(),
        kind=_one_of(node.get("kind"), _FEE_KINDS, "ordinary"),
        per=_one_of(node.get("per"), _FEE_PERS, "dossier"),
        rule=node.get("rule").text(""),
        channel=node.get("channel").choice_or_none(Channel),
        exemptions=node.get("exemptions").texts(),
        first_pages=node.get("first_pages").whole_or_none(least=1),
        next_page_vnd=node.get("next_page_vnd").whole_or_none(),
        cap_vnd=node.get("cap_vnd").whole_or_none(),
    )


def _component(node: Node) -> ComponentRule:
    identifier = node.get("id").text()
    mandatory = node.get("mandatory").choice(Mandatory)
    group = node.get("group").text("") or None
    if _NOT_ID.search(identifier):
        node.get("id").refuse()
    if (group is None) == (mandatory is Mandatory.ONE_OF):
        node.get("group").refuse()
    return ComponentRule(
        id=identifier,
        name=node.get("name").text(),
        kind=node.get("kind").choice(ComponentKind),
        mandatory=mandatory,
        originals=node.get("originals").whole(1, most=MAX_COUNT),
        copies=node.get("copies").whole(0, most=MAX_COUNT),
        national_code=node.get("national_code").text(""),
        group=group,
        condition=node.get("condition").text(""),
        known_by=node.get("known_by").choice_or_none(Fact),
        reuse_source=node.get("reuse_source").text(""),
        short_name=node.get("short_name").text(""),
    )


def _refuse_doubles(node: Node, identifiers: Iterable[str]) -> None:
    for identifier, count in Counter(identifiers).items():
        if count > 1:
            Node(None, f"{node.place}.{identifier}").refuse()


# -- reading the province's form ---------------------------------------------------------------------


def procedure_from_wire(
    doc: Mapping[str, Any], known: ProcedureVersion | None = None, place: str = ""
) -> ProcedureVersion:
    """One version as the province publishes it.

    ``known`` is the version this desk has been using: its component ids, short names, everyday words
    and rank go on, and its rule for a paper holds where the province gives none. A paper that only some
    of several ``cases`` ask for becomes conditional on the case; the officer answers. A paper of which
    neither side says whether it is mandatory becomes conditional too: asked, never demanded in silence.
    Raises ``RuleError`` ``catalogue-malformed`` naming the place.
    """
    node = Node(doc, place)
    name = node.get("name").text()
    results = node.get("results").items()
    version = ProcedureVersion(
        code=_code(node.get("code")),
        version=node.get("version").whole(least=1),
        name=name,
        short_name=_short_name(name, known),
        field=node.get("field").get("name").text(),
        field_code=node.get("field").get("code").text(""),
        level=_one_of(node.get("level"), _LEVELS, "commune"),
        effective_from=node.get("effective_from").day(),
        effective_to=_last_day(node),
        aliases=_merged(node.get("aliases").texts(), known.aliases if known else ()),
        time_limits=tuple(_time_limit(item) for item in _listed(node.get("time_limits"))),
        fees=tuple(_fee(item) for item in _listed(node.get("fees"))),
        components=_wire_components(node.get("cases"), known),
        result_name="; ".join(item.get("name").text() for item in results),
        result_code="; ".join(item.get("code").text("") for item in results if item.get("code").text("")),
        legal_basis=node.get("legal_basis").texts(),
        online_level=_one_of(node.get("online_level"), ("", *_ONLINE_LEVELS), ""),
    )
    if known is None:
        return version
    return replace(version, everyday_rank=known.everyday_rank, replaces=known.replaces, eform=known.eform)


def _listed(node: Node) -> list[Node]:
    if node.value is None:
        node.refuse()
    return node.items()


def _short_name(name: str, known: ProcedureVersion | None) -> str:
    if known is not None and known.short_name:
        return known.short_name
    start = "thủ tục "
    bare = name[len(start) :] if name.lower().startswith(start) else name
    return bare[:1].upper() + bare[1:]


def _merged(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _wire_components(cases: Node, known: ProcedureVersion | None) -> tuple[ComponentRule, ...]:
    rows = _listed(cases)
    asked: dict[tuple[str, str], list[tuple[str, Node]]] = {}
    for case in rows:
        for paper in _listed(case.get("components")):
            key = (paper.get("code").text(""), fold(paper.get("name").text()))
            asked.setdefault(key, []).append((case.get("name").text(), paper))
    papers = [uses[0][1] for uses in asked.values()]
    mine = _same_papers(papers, known)
    taken = {rule.id for rule in known.components} if known else set()
    rules = []
    for paper, own, uses in zip(papers, mine, asked.values(), strict=True):
        rule = _wire_component(paper, own, taken)
        taken.add(rule.id)
        rules.append(_for_cases(rule, own, uses, len(rows)))
    return tuple(rules)


def _wire_component(node: Node, mine: ComponentRule | None, taken: set[str]) -> ComponentRule:
    mandatory, group = _wire_duty(node, mine)
    return ComponentRule(
        id=mine.id if mine else _fresh_id(node, taken),
        name=node.get("name").text(),
        kind=node.get("kind").choice(ComponentKind, mine.kind if mine else ComponentKind.SUBMIT),
        mandatory=mandatory,
        originals=node.get("originals").whole(most=MAX_COUNT),
        copies=node.get("copies").whole(most=MAX_COUNT),
        national_code=node.get("code").text(""),
        group=group,
        condition=node.get("condition").text(mine.condition if mine else ""),
        known_by=mine.known_by if mine and mine.mandatory is mandatory else None,
        reuse_source=node.get("reuse_source").text(mine.reuse_source if mine else ""),
        short_name=mine.short_name if mine else "",
    )


def _wire_duty(node: Node, mine: ComponentRule | None) -> tuple[Mandatory, str | None]:
    group = node.get("one_of_group").text("") or None
    if not node.has("mandatory"):
        return (mine.mandatory, mine.group) if mine else (Mandatory.CONDITIONAL, None)
    mandatory = node.get("mandatory").choice(Mandatory)
    if mandatory is not Mandatory.ONE_OF:
        return mandatory, None
    if group is None:
        node.get("one_of_group").refuse()
    return mandatory, group


def _for_cases(
    rule: ComponentRule, mine: ComponentRule | None, uses: list[tuple[str, Node]], cases: int
) -> ComponentRule:
    """Conditional on the case, unless every case says the same of the paper."""
    duties = {_wire_duty(paper, mine) for _, paper in uses}
    if len(uses) == cases and len(duties) == 1:
        return rule
    demanding = (Mandatory.YES, Mandatory.ONE_OF, Mandatory.CONDITIONAL)
    names = dict.fromkeys(name for name, paper in uses if _wire_duty(paper, mine)[0] in demanding)
    if not names:
        return rule
    condition = "; ".join(filter(None, (*names, rule.condition)))
    return replace(rule, mandatory=Mandatory.CONDITIONAL, group=None, condition=condition, known_by=None)


def _same_papers(papers: list[Node], known: ProcedureVersion | None) -> list[ComponentRule | None]:
    """The desk's own rule for each paper: the same name, else a national code that names one alone."""
    free = list(known.components) if known else []
    found: list[ComponentRule | None] = [None] * len(papers)
    for same in (_same_name, _same_code):
        for place, paper in enumerate(papers):
            matches = [rule for rule in free if same(paper, rule)] if found[place] is None else []
            if len(matches) == 1:
                found[place] = matches[0]
                free.remove(matches[0])
    return found


def _same_name(paper: Node, rule: ComponentRule) -> bool:
    return fold(paper.get("name").text()) in (fold(rule.name), fold(rule.short_name))


def _same_code(paper: Node, rule: ComponentRule) -> bool:
    return rule.national_code != "" and paper.get("code").text("") == rule.national_code


def _fresh_id(node: Node, taken: set[str]) -> str:
    stem = _NOT_ID.sub("_", node.get("code").text("")).strip("_") or "giay_to"
    identifier, number = stem, 1
    while identifier in taken:
        number += 1
        identifier = f"{stem}_{number}"
    return identifier
