"""Which papers are required, which stand ticked, which are missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import ComponentKind, ComponentRule, Fact, Mandatory, ProcedureVersion
from app.domain.component_rules import (
    Answers,
    ComponentSpec,
    CopyKind,
    HeldPaper,
    Need,
    answered,
    component,
    free_components,
    given_component,
    missing_components,
    parse_component_spec,
    questions,
    requirement,
    standing_state,
)
from app.errors import RuleError, UsageError


def rule(identifier: str, mandatory: Mandatory, **more: object) -> ComponentRule:
    return ComponentRule(identifier, identifier.upper(), ComponentKind.SUBMIT, mandatory, **more)  # type: ignore[arg-type]


DECLARATION = rule("to_khai", Mandatory.YES, known_by=Fact.PAPER_CHANNEL)
CARD = rule("giay_to_tuy_than", Mandatory.YES)
BIRTH = rule("giay_chung_sinh", Mandatory.ONE_OF, group="A")
WITNESS = rule("nguoi_lam_chung", Mandatory.ONE_OF, group="A")
PROXY = rule("van_ban_uy_quyen", Mandatory.CONDITIONAL, known_by=Fact.BY_PROXY, condition="nộp thay")
FOUNDLING = rule("bi_bo_roi", Mandatory.CONDITIONAL, condition="trẻ bị bỏ rơi")
EXTRA = rule("them", Mandatory.NO)
DIVORCE = rule("ban_an", Mandatory.ONE_OF, group="B", copies=1, originals=0)
DEATH = rule("trich_luc", Mandatory.ONE_OF, group="B", copies=2)

BIRTHS = ProcedureVersion(
    "1.001193",
    1,
    "Đăng ký khai sinh",
    "Khai sinh",
    "Hộ tịch",
    date(2025, 7, 1),
    components=(DECLARATION, BIRTH, WITNESS, FOUNDLING, PROXY, CARD, EXTRA, DIVORCE, DEATH),
)
COUNTER = frozenset({Fact.PAPER_CHANNEL})
BOTH = frozenset(Fact)


@pytest.mark.parametrize(
    ("paper", "facts", "answers", "need"),
    [
        (CARD, COUNTER, {}, Need.REQUIRED),
        (DECLARATION, COUNTER, {}, Need.REQUIRED),
        (DECLARATION, frozenset(), {}, Need.NOT_DUE),
        (DECLARATION, frozenset(), {"to_khai": True}, Need.NOT_DUE),
        (BIRTH, COUNTER, {}, Need.ONE_OF),
        (PROXY, BOTH, {}, Need.REQUIRED),
        (PROXY, BOTH, {"van_ban_uy_quyen": False}, Need.REQUIRED),
        (PROXY, COUNTER, {}, Need.NOT_DUE),
        (FOUNDLING, COUNTER, {}, Need.ASK),
        (FOUNDLING, COUNTER, {"bi_bo_roi": True}, Need.REQUIRED),
        (FOUNDLING, COUNTER, {"bi_bo_roi": False}, Need.NOT_DUE),
        (EXTRA, BOTH, {"them": True}, Need.OPTIONAL),
    ],
)
def test_requirement(paper: ComponentRule, facts: frozenset[Fact], answers: Answers, need: Need) -> None:
    assert requirement(paper, facts, answers) is need


def test_ticked_at_first_are_the_required_and_the_first_of_each_group() -> None:
    assert standing_state(BIRTHS, COUNTER) == ("to_khai", "giay_chung_sinh", "giay_to_tuy_than", "ban_an")


def test_online_the_paper_declaration_is_not_ticked() -> None:
    assert "to_khai" not in standing_state(BIRTHS, frozenset())


def test_no_conditional_paper_is_ticked_even_where_its_condition_is_known() -> None:
    assert "van_ban_uy_quyen" not in standing_state(BIRTHS, BOTH)


@pytest.mark.parametrize(
    ("given_ids", "facts", "answers", "missing"),
    [
        (
            (),
            COUNTER,
            {},
            ("to_khai", "giay_chung_sinh|nguoi_lam_chung", "giay_to_tuy_than", "ban_an|trich_luc"),
        ),
        (("to_khai", "nguoi_lam_chung", "giay_to_tuy_than", "trich_luc"), COUNTER, {}, ()),
        (("to_khai", "giay_chung_sinh", "ban_an"), COUNTER, {}, ("giay_to_tuy_than",)),
        (("giay_to_tuy_than", "giay_chung_sinh", "ban_an"), frozenset(), {}, ()),
        (
            ("to_khai", "giay_chung_sinh", "giay_to_tuy_than", "ban_an"),
            COUNTER,
            {"bi_bo_roi": True},
            ("bi_bo_roi",),
        ),
        (("to_khai", "giay_chung_sinh", "giay_to_tuy_than", "ban_an"), COUNTER, {"bi_bo_roi": False}, ()),
        (("to_khai", "giay_chung_sinh", "giay_to_tuy_than", "ban_an"), BOTH, {}, ("van_ban_uy_quyen",)),
    ],
)
def test_missing(
    given_ids: tuple[str, ...], facts: frozenset[Fact], answers: Answers, missing: tuple[str, ...]
) -> None:
    assert missing_components(BIRTHS, given_ids, facts, answers) == missing


def test_what_stands_ticked_lacks_nothing_that_is_not_conditional() -> None:
    assert missing_components(BIRTHS, standing_state(BIRTHS, COUNTER), COUNTER, {}) == ()


ID_LIST = [paper.id for paper in BIRTHS.components]


@given(
    st.sets(st.sampled_from(ID_LIST)),
    st.sets(st.sampled_from(ID_LIST)),
    st.sets(st.sampled_from(Fact)),
    st.dictionaries(st.sampled_from(ID_LIST), st.booleans()),
)
def test_more_papers_never_lack_more(
    given_ids: set[str], more: set[str], facts: set[Fact], answers: dict[str, bool]
) -> None:
    before = missing_components(BIRTHS, given_ids, facts, answers)
    after = missing_components(BIRTHS, given_ids | more, facts, answers)
    assert set(after) <= set(before)
    for lacking in before:
        assert not given_ids & set(lacking.split("|"))


def test_unknown_paper_is_named() -> None:
    with pytest.raises(RuleError) as refused:
        missing_components(BIRTHS, ["so_do"], COUNTER, {})
    assert (refused.value.code, refused.value.field) == ("component-unknown", "component")
    assert "so_do" in refused.value.title
    assert "giay_chung_sinh" in refused.value.next_step


def test_an_answer_about_an_unknown_paper_is_refused() -> None:
    with pytest.raises(RuleError):
        missing_components(BIRTHS, [], COUNTER, {"so_do": True})


def test_unknown_paper_of_a_procedure_without_papers() -> None:
    bare = ProcedureVersion("1.000280", 1, "Tên", "Tên", "Khác", date(2025, 7, 1))
    with pytest.raises(RuleError) as refused:
        component(bare, "don")
    assert "tự do" in refused.value.next_step


def test_questions_are_the_unanswered_conditions() -> None:
    assert questions(BIRTHS, BOTH, {}) == (FOUNDLING,)
    assert questions(BIRTHS, BOTH, {"bi_bo_roi": False}) == ()


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("to_khai", ComponentSpec("to_khai")),
        ("to_khai:photocopy", ComponentSpec("to_khai", CopyKind.PHOTOCOPY)),
        ("to_khai:certified_copy:3", ComponentSpec("to_khai", CopyKind.CERTIFIED_COPY, 3)),
        ("to_khai::2", ComponentSpec("to_khai", None, 2)),
        ("to_khai:electronic:999", ComponentSpec("to_khai", CopyKind.ELECTRONIC, 999)),
        (" to_khai : original ", ComponentSpec("to_khai", CopyKind.ORIGINAL)),
    ],
)
def test_spec(text: str, spec: ComponentSpec) -> None:
    assert parse_component_spec(text) == spec


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        ":original",
        "a:bản chính",
        "a:original:0",
        "a:original:-1",
        "a:original:1000",
        "a:original:1:2",
        "a:original:1.5",
        "a:original:00012",
        "a:original:٣",
        "a:original:²",
    ],
)
def test_a_malformed_spec_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_component_spec(text)
    assert (refused.value.field, refused.value.exit_code) == ("component", 2)


@given(st.text())
def test_any_text_is_a_spec_or_wrong_usage(text: str) -> None:
    try:
        spec = parse_component_spec(text)
    except UsageError:
        return
    assert spec.id
    assert spec.count is None or 1 <= spec.count <= 999


def test_given_paper_takes_kind_and_count_from_the_contract_and_the_catalogue() -> None:
    assert given_component(BIRTHS, ComponentSpec("trich_luc")).count == 3
    assert given_component(BIRTHS, ComponentSpec("trich_luc")).kind is CopyKind.ORIGINAL
    assert given_component(BIRTHS, ComponentSpec("ban_an", CopyKind.PHOTOCOPY, 4)).count == 4


def test_free_papers_get_ids_of_their_own_and_are_never_demanded() -> None:
    papers = free_components(["Đơn  đề nghị", "", "Bản vẽ"])
    assert [(paper.id, paper.name) for paper in papers] == [
        ("giay_to_1", "Đơn đề nghị"),
        ("giay_to_2", "Bản vẽ"),
    ]
    assert all(paper.mandatory is Mandatory.NO for paper in papers)


def test_one_condition_is_asked_once_and_decides_every_paper_of_it() -> None:
    other = rule("giay_ban_giao", Mandatory.CONDITIONAL, condition="trẻ bị bỏ rơi")
    version = replace(BIRTHS, components=(FOUNDLING, other, PROXY, EXTRA))
    assert [each.id for each in questions(version, (), {})] == ["bi_bo_roi", "giay_ban_giao"]
    assert questions(version, (), {"bi_bo_roi": True}) == ()
    assert missing_components(version, (), (), {"bi_bo_roi": True}) == ("bi_bo_roi", "giay_ban_giao")
    assert missing_components(version, (), (), {"giay_ban_giao": False}) == ()
    kept = {"bi_bo_roi": True, "giay_ban_giao": False}
    assert answered(version, kept) == kept, "what the officer said of a paper itself stands"


def test_a_paper_that_is_held_counts_none_and_is_there() -> None:
    held = HeldPaper("CSDL quốc gia về dân cư", date(2026, 11, 23))
    given_paper = given_component(BIRTHS, ComponentSpec("giay_to_tuy_than", held=held))
    assert (given_paper.kind, given_paper.count, given_paper.held) == (CopyKind.ELECTRONIC, 0, held)
