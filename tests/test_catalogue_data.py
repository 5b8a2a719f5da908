"""The shipped catalogue, and the tool that builds it."""

from __future__ import annotations

import json
import time
from datetime import date
from datetime import time as clock_time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.domain.catalogue import Detail, Fact, Mandatory, ProcedureVersion, TimeLimit, TimeUnit
from app.domain.catalogue_json import procedure_from_json, procedure_to_json, procedures_from_json
from app.domain.component_rules import missing_components, standing_state
from app.domain.procedure_finder import Catalogue, catalogue_of
from app.domain.vietnamese import fold
from tools import build_catalogue

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "catalogue"
DAY = date(2026, 11, 23)


def read(name: str) -> dict[str, Any]:
    doc: dict[str, Any] = json.loads((FOLDER / name).read_text("utf-8"))
    return doc


FULL = procedures_from_json(read("procedures.json"))
INDEX = procedures_from_json(read("index.json"))
CATALOGUE = catalogue_of(FULL, INDEX)
BY_CODE = {version.code: version for version in FULL}


def test_counts() -> None:
    assert len(FULL) == 69
    assert len(INDEX) == 283
    assert len(CATALOGUE.codes) == 352


def test_every_code_once() -> None:
    codes = [version.code for version in (*FULL, *INDEX)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("version", FULL, ids=lambda v: v.code)
def test_full_record(version: ProcedureVersion) -> None:
    assert (version.version, version.effective_from, version.effective_to) == (1, date(2025, 7, 1), None)
    assert version.detail is Detail.FULL
    assert version.short_name and not version.short_name.lower().startswith("thủ tục")
    assert len(version.short_name) <= 60
    assert len(version.aliases) >= 2
    assert 1 <= version.everyday_rank <= 4
    assert len(version.time_limits) == 1 and len(version.fees) == 1
    ids = [rule.id for rule in version.components]
    assert len(ids) == len(set(ids))
    for rule in version.components:
        assert len(rule.short_name or rule.name) <= 45
        assert rule.originals + rule.copies >= 1


def test_short_names_are_unique() -> None:
    assert len({fold(version.short_name) for version in FULL}) == 69


def test_an_alias_belongs_to_one_procedure() -> None:
    owners: dict[str, str] = {}
    for version in FULL:
        for alias in version.aliases:
            assert owners.setdefault(fold(alias), version.code) == version.code, alias


def test_initials_survive_a_telex_keyboard() -> None:
    """Under Telex a vowel followed by s, f, r, x or j becomes one letter with a tone, aa, ee, oo and w
    become other letters: no word without marks may depend on them; dd becomes đ, which must lead here too."""
    for version in FULL:
        for alias in version.aliases:
            if alias.isascii() and " " not in alias:
                pairs = list(pairwise(alias))
                assert not any(a in "aeiouy" and b in "sfrxj" for a, b in pairs), alias
                assert not any(a == b and a in "aeo" for a, b in pairs) and "w" not in alias, alias
                assert alias.replace("dd", "d") in version.aliases, alias


def test_papers_without_a_condition_are_the_two_that_are_known() -> None:
    bare = [
        (version.code, rule.id)
        for version in FULL
        for rule in version.components
        if rule.mandatory is Mandatory.CONDITIONAL and not rule.condition
    ]
    assert bare == [("1.013978", "gt_qsdd"), ("1.013978", "ban_ve")]


def test_what_the_program_knows_by_itself_is_marked() -> None:
    rules = [rule for version in FULL for rule in version.components]
    proxies = [rule for rule in rules if rule.id == "van_ban_uy_quyen"]
    assert len(proxies) == 9
    assert all(rule.known_by is Fact.BY_PROXY and rule.mandatory is Mandatory.CONDITIONAL for rule in proxies)
    papers = [rule for rule in rules if rule.known_by is Fact.PAPER_CHANNEL]
    assert len(papers) == 28
    assert all(rule.mandatory is Mandatory.YES for rule in papers)
    assert all(rule.condition.startswith("nộp trực tiếp") for rule in papers)
    unmarked = [r for r in rules if r.mandatory is Mandatory.YES and r.condition and r.known_by is None]
    assert unmarked == []


def test_groups_have_more_than_one_paper() -> None:
    for version in FULL:
        groups = [rule.group for rule in version.components if rule.mandatory is Mandatory.ONE_OF]
        assert all(groups.count(group) > 1 for group in groups), version.code


@pytest.mark.parametrize("version", FULL, ids=lambda v: v.code)
def test_all_required_is_enough_for_every_procedure(version: ProcedureVersion) -> None:
    facts = frozenset({Fact.PAPER_CHANNEL})
    assert missing_components(version, standing_state(version, facts), facts, {}) == ()


FREE = (
    "1.000894 1.004837 1.003583 1.000593 1.000419 2.000908 1.001776 1.001731 1.014027 1.014028 1.001699 "
    "1.001653 1.011607 1.011608 1.011609 1.010833 1.010803 1.010824 1.010826 2.002307 2.002308 1.012812 "
    "1.001570 1.001266"
)


def test_a_fee_nobody_gave_is_never_zero() -> None:
    zero = {version.code for version in FULL if version.fees[0].amount_vnd == 0}
    assert zero == set(FREE.split())
    unknown = {version.code for version in FULL if version.fees[0].amount_vnd is None}
    assert len(unknown) == 31
    assert {"1.001193", "1.000656", "3.000722", "2.002913", "2.001255", "2.002363"} <= unknown


def test_fees_that_the_centre_sets() -> None:
    amounts = {v.code: (v.fees[0].amount_vnd, v.fees[0].per) for v in FULL if v.fees[0].amount_vnd}
    assert amounts == {
        "2.000635": (8000, "copy"),
        "2.002516": (8000, "copy"),
        "2.000815": (2000, "page"),
        "2.000942": (2000, "page"),
        "2.000884": (10000, "job"),
        "2.000992": (10000, "job"),
        "2.001008": (10000, "job"),
        "2.001035": (50000, "job"),
        "2.001406": (50000, "job"),
        "2.001016": (50000, "job"),
        "2.001019": (50000, "job"),
        "2.000913": (30000, "job"),
        "2.000927": (25000, "job"),
        "2.001263": (400000, "job"),
    }
    copies = BY_CODE["2.000815"].fees[0]
    assert (copies.first_pages, copies.next_page_vnd, copies.cap_vnd) == (2, 1000, 200_000)


def test_terms() -> None:
    unknown = {version.code for version in FULL if version.time_limits[0].amount is None}
    assert len(unknown) == 12 and {"3.000722", "2.002913", "1.001776"} <= unknown
    assert all(BY_CODE[code].time_limits[0].unit is None for code in unknown)
    birth, marriage = BY_CODE["1.001193"].time_limits[0], BY_CODE["1.000894"].time_limits[0]
    assert (birth.amount, birth.unit, birth.late_cutoff) == (0, TimeUnit.SAME_DAY, clock_time(15))
    assert (marriage.unit, marriage.late_cutoff) == (TimeUnit.SAME_DAY, None)
    assert BY_CODE["2.000779"].time_limits[0] == TimeLimit(10, TimeUnit.DAY)


def test_the_exemptions_of_civil_status_law_stay_in_civil_status() -> None:
    for version in FULL:
        listed = "người khuyết tật" in version.fees[0].exemptions
        assert not listed or version.field == "Hộ tịch", version.code


def test_index_rows_are_commune_level_of_the_country_or_our_province() -> None:
    assert {row.source for row in INDEX} == {"toàn quốc", "UBND tỉnh Tuyên Quang"}
    assert sum(row.source != "toàn quốc" for row in INDEX) == 16
    for row in INDEX:
        assert row.detail is Detail.INDEX and not row.components and not row.fees
        assert not row.short_name.lower().startswith("thủ tục")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ks", "1.001193"),
        ("kt", "1.000656"),
        ("kh", "1.000894"),
        ("xnhn", "1.004873"),
        ("độc thân", "1.004873"),
        ("cts", "2.000815"),
        ("cthuc", "2.000815"),
        ("sao y", "2.000815"),
        ("công chứng", "2.000815"),
        ("tl", "2.000635"),
        ("trích lục", "2.000635"),
        ("sổ đỏ", "1.013978"),
        ("hkd", "1.001612"),
        ("hộ nghèo", "1.011607"),
        ("khuyết tật", "1.001699"),
        ("cải chính", "1.004859"),
        ("khai sinh lại", "1.004884"),
        ("con nuôi", "2.001263"),
        ("2.001023", "3.000722"),
        ("2.000986", "3.000722"),
        ("2.002621", "3.000722"),
        ("2.002622", "2.002913"),
        ("1.010494", "1.010494"),
        ("cam sành", "1.010494"),
    ],
)
def test_everyday_words_lead_to(typed: str, code: str) -> None:
    assert CATALOGUE.find(typed)[0].code == code


def test_every_alias_and_short_name_leads_to_its_procedure_first() -> None:
    for version in FULL:
        for words in (version.short_name, *version.aliases, version.code, fold(version.short_name)):
            assert CATALOGUE.find(words)[0].code == version.code, words


def test_ks_alone_shows_its_eight_kin_behind_the_everyday_one() -> None:
    found = [version.code for version in CATALOGUE.find("ks", limit=9)]
    assert found[0] == "1.001193"
    kin = {"1.000689", "1.004884", "1.004772", "1.003583", "2.000528", "3.000722", "2.000635"}
    assert kin <= set(found)


def test_a_search_takes_less_than_two_milliseconds() -> None:
    catalogue = Catalogue(CATALOGUE.versions).prepare()
    for typed in ("ks", "giay", "dat dai ho", "zzzz"):
        spent = []
        for _ in range(10):
            begin = time.perf_counter()
            catalogue.find(typed)
            spent.append(time.perf_counter() - begin)
        assert min(spent) < 0.002, (typed, spent)


def test_the_shipped_lines_are_what_the_writer_writes() -> None:
    for name in ("procedures.json", "index.json"):
        doc = read(name)
        head = {key: value for key, value in doc.items() if key != "procedures"}
        text = build_catalogue.lines_of(head, procedures_from_json(doc))
        assert text == (FOLDER / name).read_text("utf-8")


def test_the_shipped_words_are_the_curated_ones() -> None:
    curated = yaml.safe_load((FOLDER / "aliases.yaml").read_text("utf-8"))
    assert set(curated["procedures"]) == set(BY_CODE)
    for code, words in curated["procedures"].items():
        version = BY_CODE[code]
        assert (version.short_name, list(version.aliases)) == (words["short"], words["aliases"])
        assert version.everyday_rank == words["rank"]
    names = {rule.name: rule.short_name for version in FULL for rule in version.components}
    for name, short in curated["component_short_names"].items():
        assert names[name] == short


# -- the tool, on a made-up source -------------------------------------------------------------------

SOURCE: dict[str, Any] = {
    "replaced_codes": [{"old": ["9.000009"], "new": "9.000001"}],
    "procedures": [
        {
            "code": "9.000001",
            "name": "Thủ tục  thử",
            "field": "Hộ tịch",
            "active": True,
            "online_level": "mot_phan",
            "time": {
                "qty": 0,
                "unit": "same_day",
                "late_cutoff": "15:00",
                "extended": [{"when": "xa", "qty": 5, "unit": "day", "confidence": "unsure"}],
            },
            "fee": {"kind": "provincial_council", "amount_vnd": None, "rule": "Mức; miễn: A, B"},
            "confidence_detail": {"fee": "known"},
            "components": [
                {
                    "id": "to_khai",
                    "name": "Tờ khai dài",
                    "kind": "submit",
                    "originals": 1,
                    "copies": 0,
                    "mandatory": "yes",
                    "condition": "nộp trực tiếp hoặc qua bưu chính; ...",
                },
                {
                    "id": "van_ban_uy_quyen",
                    "name": "Ủy quyền",
                    "kind": "submit",
                    "originals": 1,
                    "copies": 0,
                    "mandatory": "conditional",
                    "condition": "nộp thay",
                },
            ],
        },
        {"code": "9.000002", "active": False},
    ],
}
CURATED = {
    "procedures": {"9.000001": {"short": "Thử", "rank": 2, "aliases": ["t", "thử"]}},
    "component_short_names": {"Tờ khai dài": "Tờ khai"},
}


def test_tool_builds_a_record() -> None:
    (made,) = build_catalogue.build_procedures(SOURCE, CURATED)
    assert (made.name, made.short_name, made.everyday_rank) == ("Thủ tục thử", "Thử", 2)
    assert made.replaces == ("9.000009",)
    assert made.extended_terms == ("xa: 5 ngày (chưa chắc, chờ tỉnh xác nhận)",)
    assert (made.fees[0].amount_vnd, made.fees[0].exemptions) == (None, ("A", "B"))
    assert [rule.known_by for rule in made.components] == [Fact.PAPER_CHANNEL, Fact.BY_PROXY]
    assert [rule.short_name for rule in made.components] == ["Tờ khai", ""]
    assert procedure_from_json(procedure_to_json(made)) == made


def test_tool_refuses_a_procedure_without_curated_words() -> None:
    with pytest.raises(KeyError):
        build_catalogue.build_procedures(SOURCE, {"procedures": {}})


@pytest.mark.parametrize(
    ("fee", "sure", "amount"),
    [
        ({"kind": "free"}, "known", 0),
        ({"kind": "free"}, "unsure", None),
        ({"kind": "to_be_supplied", "amount_vnd": None}, "known", None),
        ({"kind": "provincial_council", "amount_vnd": 0}, "known", None),
        ({"kind": "central", "amount_vnd": 8000, "unit": "bản sao"}, "known", 8000),
    ],
)
def test_tool_reads_no_zero_into_an_unknown_fee(fee: dict[str, Any], sure: str, amount: int | None) -> None:
    row = {"field": "Hộ tịch", "fee": fee, "confidence_detail": {"fee": sure}}
    assert build_catalogue.build_fee(row).amount_vnd == amount


def index_row(code: str, **more: Any) -> dict[str, Any]:
    row = {
        "code": code,
        "name": "THỦ TỤC THỬ NGHIỆM",
        "field": "Khác",
        "group": "xa",
        "scope": "toan_quoc",
        "status": "in_force_at_crawl",
    }
    return row | more


def test_tool_takes_only_our_rows_into_the_index() -> None:
    rows = [
        index_row("9.000003", time={"qty": 5, "unit": "working_day"}),
        index_row("9.000002", scope="UBND tỉnh Tuyên Quang"),
        index_row("9.000004", scope="UBND tỉnh Lào Cai"),
        index_row("9.000005", group="tinh"),
        index_row("9.000006", status="replaced", replaced_by="9.000001"),
        index_row("9.000001"),
    ]
    made = build_catalogue.build_index({"procedures": rows}, ["9.000001"])
    assert [version.code for version in made] == ["9.000002", "9.000003"]
    assert made[0].short_name == "Thử nghiệm"
    assert made[1].time_limits == (TimeLimit(5, TimeUnit.WORKING_DAY),)


def test_tool_writes_files(tmp_path: Path) -> None:
    (tmp_path / "in.yaml").write_text(
        yaml.safe_dump({**SOURCE, "catalogue": "thử", "as_of": "2026-01-01"}, allow_unicode=True), "utf-8"
    )
    index = {"meta": {"made_on": "2026-01-02"}, "procedures": [index_row("9.000003")]}
    (tmp_path / "in.json").write_text(json.dumps(index), "utf-8")
    (tmp_path / "aliases.yaml").write_text(yaml.safe_dump(CURATED, allow_unicode=True), "utf-8")
    arguments = [str(tmp_path / "in.yaml"), str(tmp_path / "in.json"), "--out", str(tmp_path)]
    assert build_catalogue.main(arguments) == 0
    first = (tmp_path / "procedures.json").read_bytes()
    assert build_catalogue.main(arguments) == 0
    assert (tmp_path / "procedures.json").read_bytes() == first
    assert len(first.splitlines()) == 3
    assert (
        procedures_from_json(json.loads((tmp_path / "index.json").read_text("utf-8")))[0].code == "9.000003"
    )
