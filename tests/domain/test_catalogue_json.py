"""Procedures as JSON: our own form round trips, the province's form is read with care."""

from __future__ import annotations

import copy
import json
import unicodedata
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from app.domain.catalogue_json import (
    procedure_from_json,
    procedure_from_wire,
    procedure_to_json,
    procedures_from_json,
)
from app.errors import RuleError

LETTERS = "abcdghiklmnopqrstuvxyăâđêôơưáàảãạếềổỗộừứĂÂĐ0123456789(),;:/%-"
words = st.text(LETTERS, min_size=1, max_size=12).map(lambda s: unicodedata.normalize("NFC", s))
phrases = st.lists(words, min_size=1, max_size=4).map(" ".join)
ids = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
codes = st.from_regex(r"[0-9]\.[0-9]{6}", fullmatch=True)
money = st.none() | st.integers(0, 10_000_000)
days = st.dates(date(2025, 7, 1), date(2040, 1, 1))
blank_or = st.just("") | phrases

limits = st.builds(
    TimeLimit,
    amount=st.none() | st.integers(0, 400),
    unit=st.none() | st.sampled_from(TimeUnit),
    late_cutoff=st.none() | st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    channel=st.none() | st.sampled_from(Channel),
    note=blank_or,
)
fees = st.builds(
    FeeRule,
    code=words,
    name=phrases,
    amount_vnd=money,
    kind=st.sampled_from(["ordinary", "appraisal", "extension"]),
    per=st.sampled_from(["dossier", "page", "copy", "job"]),
    rule=blank_or,
    channel=st.none() | st.sampled_from(Channel),
    exemptions=st.lists(phrases, max_size=2).map(tuple),
    first_pages=st.none() | st.integers(1, 9),
    next_page_vnd=money,
    cap_vnd=money,
)


@st.composite
def components(draw: st.DrawFn) -> tuple[ComponentRule, ...]:
    rules = []
    for identifier in draw(st.lists(ids, unique=True, max_size=5)):
        mandatory = draw(st.sampled_from(Mandatory))
        rules.append(
            ComponentRule(
                id=identifier,
                name=draw(phrases),
                kind=draw(st.sampled_from(ComponentKind)),
                mandatory=mandatory,
                originals=draw(st.integers(0, 9)),
                copies=draw(st.integers(0, 9)),
                national_code=draw(blank_or),
                group=draw(words) if mandatory is Mandatory.ONE_OF else None,
                condition=draw(blank_or),
                known_by=draw(st.none() | st.sampled_from(Fact)),
                reuse_source=draw(blank_or),
                short_name=draw(blank_or),
            )
        )
    return tuple(rules)


@st.composite
def versions(draw: st.DrawFn) -> ProcedureVersion:
    begin = draw(days)
    return ProcedureVersion(
        code=draw(codes),
        version=draw(st.integers(1, 99)),
        name=draw(phrases),
        short_name=draw(phrases),
        field=draw(phrases),
        effective_from=begin,
        effective_to=draw(st.none() | st.dates(begin, date(2050, 1, 1))),
        field_code=draw(blank_or),
        level=draw(st.sampled_from(["ministry", "province", "commune"])),
        aliases=draw(st.lists(phrases, max_size=3).map(tuple)),
        time_limits=draw(st.lists(limits, max_size=3).map(tuple)),
        fees=draw(st.lists(fees, max_size=2).map(tuple)),
        components=draw(components()),
        result_name=draw(blank_or),
        result_code=draw(blank_or),
        legal_basis=draw(st.lists(phrases, max_size=3).map(tuple)),
        online_level=draw(st.sampled_from(["", "full", "partial", "information_only"])),
        detail=draw(st.sampled_from(Detail)),
        note=draw(blank_or),
        extended_terms=draw(st.lists(phrases, max_size=2).map(tuple)),
        everyday_rank=draw(st.integers(0, 9)),
        replaces=draw(st.lists(codes, max_size=2).map(tuple)),
        eform=draw(blank_or),
        confidence=draw(st.sampled_from(["", "verified", "known", "unsure"])),
        source=draw(blank_or),
    )


@given(versions())
def test_what_is_written_is_read_back_equal(version: ProcedureVersion) -> None:
    wire = json.loads(json.dumps(procedure_to_json(version), ensure_ascii=False))
    assert procedure_from_json(wire) == version


def test_defaults_are_left_out() -> None:
    version = ProcedureVersion("1.000001", 1, "Tên", "Tên", "Hộ tịch", date(2025, 7, 1))
    assert procedure_to_json(version) == {
        "code": "1.000001",
        "version": 1,
        "name": "Tên",
        "short_name": "Tên",
        "field": "Hộ tịch",
        "effective_from": "2025-07-01",
    }


def own_form() -> dict[str, Any]:
    return {
        "code": "1.001193",
        "version": 1,
        "name": "Thủ tục đăng ký khai sinh",
        "short_name": "Đăng ký khai sinh",
        "field": "Hộ tịch",
        "effective_from": "2025-07-01",
        "time_limits": [{"amount": 0, "unit": "same_day", "late_cutoff": "15:00"}],
        "fees": [{"code": "LP", "name": "Lệ phí", "amount_vnd": None}],
        "components": [
            {"id": "to_khai", "name": "Tờ khai", "kind": "submit", "mandatory": "yes"},
            {"id": "a", "name": "A", "kind": "submit", "mandatory": "one_of", "group": "A"},
            {"id": "b", "name": "B", "kind": "present", "mandatory": "one_of", "group": "A"},
        ],
    }


def test_unknown_fee_stays_unknown() -> None:
    assert procedure_from_json(own_form()).fees[0].amount_vnd is None


BROKEN = [
    (("code",), "khai sinh", "code"),
    (("code",), "1.001193; DROP", "code"),
    (("version",), 0, "version"),
    (("version",), True, "version"),
    (("version",), 1.0, "version"),
    (("name",), "", "name"),
    (("name",), None, "name"),
    (("name",), "\u200b", "name"),
    (("name",), "x" * 4001, "name"),
    (("effective_from",), "2026-02-30", "effective_from"),
    (("effective_from",), "1/7/2025", "effective_from"),
    (("effective_from",), "20250701", "effective_from"),
    (("effective_to",), "2025-06-30", "effective_to"),
    (("level",), "huyện", "level"),
    (("aliases",), "ks", "aliases"),
    (("aliases",), [1], "aliases[0]"),
    (("online_level",), "toan_trinh", "online_level"),
    (("detail",), "half", "detail"),
    (("time_limits",), {}, "time_limits"),
    (("time_limits", 0), "3 ngày", "time_limits[0]"),
    (("time_limits", 0, "amount"), -1, "time_limits[0].amount"),
    (("time_limits", 0, "unit"), "year", "time_limits[0].unit"),
    (("time_limits", 0, "late_cutoff"), "25:00", "time_limits[0].late_cutoff"),
    (("fees", 0, "amount_vnd"), "8000", "fees[0].amount_vnd"),
    (("fees", 0, "amount_vnd"), 8000.5, "fees[0].amount_vnd"),
    (("fees", 0, "kind"), "tip", "fees[0].kind"),
    (("components", 0, "mandatory"), "maybe", "components[0].mandatory"),
    (("components", 0, "id"), "to khai", "components[0].id"),
    (("components", 0, "id"), "a|b", "components[0].id"),
    (("components", 0, "id"), "a", "components.a"),
    (("components", 0, "group"), "A", "components[0].group"),
    (("components", 1, "group"), None, "components[1].group"),
    (("components", 0, "originals"), 1000, "components[0].originals"),
    (("components", 0, "known_by"), "moon", "components[0].known_by"),
]


@pytest.mark.parametrize(("path", "value", "place"), BROKEN)
def test_a_malformed_value_is_refused_by_its_place(path: tuple[Any, ...], value: Any, place: str) -> None:
    doc = own_form()
    target: Any = doc
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(RuleError) as refused:
        procedure_from_json(doc)
    assert refused.value.code == "catalogue-malformed"
    assert refused.value.field == place
    assert place in refused.value.title


def test_the_place_in_a_whole_file_counts_the_procedures() -> None:
    bad = own_form()
    bad["components"][2]["name"] = 7
    with pytest.raises(RuleError) as refused:
        procedures_from_json({"procedures": [own_form(), bad]})
    assert refused.value.field == "procedures[1].components[2].name"


def test_hidden_characters_do_not_come_in() -> None:
    doc = own_form()
    doc["name"] = "Thu\u0309 tu\u0323c\u202e  khai\u200b sinh"
    assert procedure_from_json(doc).name == "Thủ tục khai sinh"


# -- the province's form -----------------------------------------------------------------------------

WIRE: dict[str, Any] = {
    "code": "1.001193",
    "version": 7,
    "name": "Đăng ký khai sinh",
    "field": {"code": "G15-HT01", "name": "Hộ tịch"},
    "level": "commune",
    "effective_from": "2026-07-01",
    "effective_to": None,
    "time_limits": [{"channel": "counter", "amount": 0, "unit": "same_day", "late_cutoff": "15:00"}],
    "fees": [
        {
            "code": "LP",
            "name": "Lệ phí đăng ký khai sinh quá hạn",
            "amount_vnd": None,
            "kind": "ordinary",
            "per": "dossier",
            "rule": "Theo nghị quyết của HĐND tỉnh",
            "exemptions": ["Đăng ký đúng hạn"],
        }
    ],
    "aliases": ["ks", "khai sinh", "làm giấy khai sinh"],
    "online_level": "full",
    "cases": [
        {
            "case_code": "default",
            "name": "Trường hợp chung",
            "components": [
                {
                    "code": "000.00.00.G15-KQ004389",
                    "name": "Giấy chứng sinh",
                    "originals": 1,
                    "copies": 0,
                    "kind": "submit",
                    "mandatory": "one_of",
                    "one_of_group": "A",
                    "form_sha256": None,
                }
            ],
        }
    ],
    "results": [{"code": "KQ.G15.000031", "name": "Giấy khai sinh"}],
}


def wire() -> dict[str, Any]:
    return copy.deepcopy(WIRE)


def paper(code: str, name: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": name, "originals": 1, "copies": 0, **more}


def test_the_contract_example_is_read() -> None:
    version = procedure_from_wire(wire())
    assert (version.code, version.version, version.short_name) == ("1.001193", 7, "Đăng ký khai sinh")
    assert version.field_code == "G15-HT01"
    assert version.time_limits == (TimeLimit(0, TimeUnit.SAME_DAY, time(15), Channel.COUNTER),)
    assert version.fees[0].amount_vnd is None
    assert version.fees[0].exemptions == ("Đăng ký đúng hạn",)
    assert version.components == (
        ComponentRule(
            "000.00.00.G15-KQ004389",
            "Giấy chứng sinh",
            ComponentKind.SUBMIT,
            Mandatory.ONE_OF,
            national_code="000.00.00.G15-KQ004389",
            group="A",
        ),
    )
    assert (version.result_name, version.result_code) == ("Giấy khai sinh", "KQ.G15.000031")
    assert procedure_from_json(procedure_to_json(version)) == version


def known_version() -> ProcedureVersion:
    doc = own_form()
    doc.update(everyday_rank=1, aliases=["ks", "gks"], eform="khai_sinh")
    doc["components"] = [
        {
            "id": "giay_chung_sinh",
            "name": "Giấy chứng sinh",
            "short_name": "Chứng sinh",
            "kind": "submit",
            "mandatory": "one_of",
            "group": "A",
            "national_code": "000.00.00.G15-KQ004389",
        },
        {
            "id": "nguoi_lam_chung",
            "name": "Văn bản người làm chứng",
            "kind": "submit",
            "mandatory": "one_of",
            "group": "A",
            "national_code": "000.00.00.G15-KQ004389",
        },
        {
            "id": "van_ban_uy_quyen",
            "name": "Văn bản ủy quyền",
            "kind": "submit",
            "mandatory": "conditional",
            "condition": "nộp thay",
            "known_by": "by_proxy",
            "national_code": "000.00.00.G15-KQ003159",
        },
    ]
    return procedure_from_json(doc)


def test_the_desks_own_ids_names_and_silent_rules_go_on() -> None:
    doc = wire()
    doc["cases"][0]["components"] = [
        paper("000.00.00.G15-KQ004389", "Văn bản người làm chứng"),
        paper("000.00.00.G15-KQ004389", "giấy chứng sinh"),
        paper("000.00.00.G15-KQ003159", "Giấy ủy quyền (mẫu mới)"),
        paper("X 1", "Giấy mới"),
        paper("X 1", "Giấy mới khác"),
    ]
    version = procedure_from_wire(doc, known_version())
    assert [rule.id for rule in version.components] == [
        "nguoi_lam_chung",
        "giay_chung_sinh",
        "van_ban_uy_quyen",
        "X_1",
        "X_1_2",
    ]
    proxy, new = version.components[2], version.components[3]
    assert (proxy.mandatory, proxy.known_by) == (Mandatory.CONDITIONAL, Fact.BY_PROXY)
    assert proxy.name == "Giấy ủy quyền (mẫu mới)"
    assert (new.mandatory, new.condition) == (Mandatory.CONDITIONAL, "")
    assert version.components[1].short_name == "Chứng sinh"
    assert (version.everyday_rank, version.eform) == (1, "khai_sinh")
    assert version.aliases == ("ks", "khai sinh", "làm giấy khai sinh", "gks")


def test_two_papers_of_one_name_get_two_ids() -> None:
    doc = wire()
    doc["cases"][0]["components"] = [paper("X", "Giấy chứng sinh"), paper("Y", "Giấy chứng sinh")]
    version = procedure_from_wire(doc, known_version())
    assert [rule.id for rule in version.components] == ["giay_chung_sinh", "Y"]
    assert procedure_from_json(procedure_to_json(version)) == version


def test_a_paper_of_one_case_only_is_asked_about_and_never_demanded() -> None:
    doc = wire()
    common = paper("C", "Tờ khai", mandatory="yes")
    doc["cases"] = [
        {"case_code": "1", "name": "Đúng hạn", "components": [common, paper("P", "Giấy P", mandatory="no")]},
        {
            "case_code": "2",
            "name": "Quá hạn",
            "components": [
                common,
                paper("P", "Giấy P", mandatory="yes"),
                paper("Q", "Giấy Q", mandatory="yes"),
            ],
        },
    ]
    rules = {rule.id: rule for rule in procedure_from_wire(doc).components}
    assert rules["C"].mandatory is Mandatory.YES
    assert (rules["P"].mandatory, rules["P"].condition) == (Mandatory.CONDITIONAL, "Quá hạn")
    assert (rules["Q"].mandatory, rules["Q"].condition) == (Mandatory.CONDITIONAL, "Quá hạn")


def test_a_group_of_one_case_is_not_demanded_in_the_other() -> None:
    doc = wire()
    doc["cases"].append({"case_code": "2", "name": "Bị bỏ rơi", "components": []})
    (rule,) = procedure_from_wire(doc).components
    assert (rule.mandatory, rule.group) == (Mandatory.CONDITIONAL, None)


@pytest.mark.parametrize(
    ("key", "place"),
    [("cases", "cases"), ("time_limits", "time_limits"), ("fees", "fees"), ("field", "field")],
)
def test_a_missing_required_member_is_refused(key: str, place: str) -> None:
    doc = wire()
    del doc[key]
    with pytest.raises(RuleError) as refused:
        procedure_from_wire(doc)
    assert refused.value.field == place


def test_one_of_without_a_group_is_refused() -> None:
    doc = wire()
    del doc["cases"][0]["components"][0]["one_of_group"]
    with pytest.raises(RuleError) as refused:
        procedure_from_wire(doc)
    assert refused.value.field == "cases[0].components[0].one_of_group"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(WIRE)), json_values)
def test_any_value_anywhere_is_read_or_refused_and_never_crashes(key: str, value: Any) -> None:
    doc = wire()
    doc[key] = value
    try:
        procedure_from_wire(doc, known_version())
    except RuleError as refused:
        assert refused.field
