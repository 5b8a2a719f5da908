"""Finding a procedure by what an officer types, and its version by the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import Detail, ProcedureVersion
from app.domain.procedure_finder import Catalogue, catalogue_of
from app.errors import NotFoundError, RuleError

START = date(2025, 7, 1)


def procedure(code: str, short: str, rank: int = 0, **more: object) -> ProcedureVersion:
    values: dict[str, object] = {
        "version": 1,
        "name": f"Thủ tục {short[:1].lower()}{short[1:]}",
        "short_name": short,
        "field": "Hộ tịch",
        "effective_from": START,
        "everyday_rank": rank,
    }
    return ProcedureVersion(code=code, **(values | more))  # type: ignore[arg-type]


BIRTH = procedure("1.001193", "Đăng ký khai sinh", 1, aliases=("ks", "khai sinh", "gks"))
AGAIN = procedure("1.004884", "Đăng ký lại khai sinh", 2, aliases=("ks lại", "mất khai sinh"))
ABROAD = procedure("2.000528", "Khai sinh có yếu tố nước ngoài", 3, aliases=("ksnn",))
DEATH = procedure("1.000656", "Đăng ký khai tử", 1, aliases=("kt", "khai tử", "giấy chứng tử"))
LINKED = procedure(
    "3.000722", "Liên thông khai sinh", 2, aliases=("ltks",), replaces=("2.001023", "2.000986")
)
LAND = procedure("1.012812", "Hòa giải tranh chấp đất đai", 2, field="Đất đai", aliases=("kiện đất",))
ROW = procedure("1.000110", "Đăng ký khai sinh ở khu vực biên giới", detail=Detail.INDEX)
ROW_OLD = procedure("2.001023", "Liên thông cũ", detail=Detail.INDEX)
CATALOGUE = catalogue_of([BIRTH, AGAIN, ABROAD, DEATH, LINKED, LAND], [ROW, ROW_OLD])


def codes(text: str, **more: object) -> list[str]:
    return [version.code for version in CATALOGUE.find(text, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ks", BIRTH),
        ("KS", BIRTH),
        ("khai sinh", BIRTH),
        ("Khai Sinh", BIRTH),
        ("kh.sinh", None),
        ("kt", DEATH),
        ("khai tu", DEATH),
        ("giay chung tu", DEATH),
        ("giấy chứng tử", DEATH),
        ("giâ\u0301y chư\u0301ng tư\u0309", DEATH),
        ("ks lai", AGAIN),
        ("mất", AGAIN),
        ("dklks", AGAIN),
        ("nuoc ngoai", ABROAD),
        ("ngoài khai", ABROAD),
        ("ksnn", ABROAD),
        ("hoa giai", LAND),
        ("hoà giải", LAND),
        ("dat dai", LAND),
        ("1.001193", BIRTH),
        ("1001193", BIRTH),
        ("1.0011", BIRTH),
        ("2.001023", LINKED),
        ("2.000986", LINKED),
        ("1.000110", ROW),
        ("biên giới", ROW),
        ("zzz", None),
        ("!!!", None),
    ],
)
def test_first_match(typed: str, first: ProcedureVersion | None) -> None:
    assert next(iter(CATALOGUE.find(typed)), None) == first


def test_the_everyday_one_stands_before_its_kin_and_index_rows_last() -> None:
    assert codes("khai sinh") == ["1.001193", "1.004884", "3.000722", "2.000528", "1.000110"]


def test_equal_everyday_ranks_follow_the_use_of_this_desk() -> None:
    assert codes("khai")[:2] == ["1.001193", "1.000656"]
    assert codes("khai", used={"1.000656": 3})[:2] == ["1.000656", "1.001193"]


def test_use_does_not_outweigh_the_everyday_rank() -> None:
    assert codes("khai sinh", used={"2.000528": 500})[0] == "1.001193"
    assert codes("khai", used={"2.000528": 500})[0] == "1.001193"


def test_a_row_of_the_index_stands_last_even_where_it_fits_better_unless_by_its_code() -> None:
    row = procedure("1.009999", "Đất đai", detail=Detail.INDEX)
    both = catalogue_of([LAND], [row])
    assert [version.code for version in both.find("đất đai")] == ["1.012812", "1.009999"]
    assert both.find("1.009999") == [row]


def test_nothing_typed_gives_the_everyday_ones() -> None:
    assert codes("", limit=2) == ["1.001193", "1.000656"]
    assert codes("   ", limit=2) == ["1.001193", "1.000656"]


def test_limit() -> None:
    assert len(CATALOGUE.find("k", limit=3)) == 3


@given(st.text(max_size=20))
def test_any_text_finds_without_failing_and_never_twice_the_same(text: str) -> None:
    found = [version.code for version in CATALOGUE.find(text, limit=99)]
    assert len(found) == len(set(found))


@given(st.sampled_from(CATALOGUE.codes), st.data())
def test_every_beginning_of_a_short_name_finds_it(code: str, data: st.DataObject) -> None:
    name = CATALOGUE.version_for(code, START).short_name
    typed = name[: data.draw(st.integers(1, len(name)))]
    assert code in codes(typed, limit=99)


# -- versions ----------------------------------------------------------------------------------------


def versions() -> Catalogue:
    one = procedure("1.000001", "Cũ", effective_to=date(2026, 6, 30))
    two = procedure("1.000001", "Giữa", version=2, effective_from=date(2026, 8, 1))
    three = procedure("1.000001", "Mới", version=3, effective_from=date(2027, 3, 1))
    ended = procedure("1.000002", "Thôi", effective_to=date(2026, 12, 31))
    return Catalogue((three, one, ended, two))


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(1999, 1, 1), 1),
        (START - timedelta(days=1), 1),
        (START, 1),
        (date(2026, 6, 30), 1),
        (date(2026, 7, 1), None),
        (date(2026, 8, 1), 2),
        (date(2027, 2, 28), 2),
        (date(2027, 3, 1), 3),
        (date(2090, 1, 1), 3),
    ],
)
def test_the_version_of_a_day(day: date, version: int | None) -> None:
    if version is not None:
        assert versions().version_for("1.000001", day).version == version
        return
    with pytest.raises(RuleError) as refused:
        versions().version_for("1.000001", day)
    assert (refused.value.code, refused.value.field) == ("procedure-ended", "procedure")


def test_of_two_versions_from_one_day_the_later_number_counts() -> None:
    pair = Catalogue((procedure("1.000001", "B", version=2), procedure("1.000001", "A")))
    assert pair.version_for("1.000001", START).version == 2


def test_search_on_a_day_leaves_out_what_had_ended_and_shows_that_days_version() -> None:
    found = versions().find("", day=date(2027, 1, 5))
    assert [(version.code, version.version) for version in found] == [("1.000001", 2)]


def test_a_dossier_keeps_its_version() -> None:
    assert versions().get("1.000001", 1).short_name == "Cũ"
    with pytest.raises(NotFoundError):
        versions().get("1.000001", 9)


def test_a_replaced_code_leads_to_the_new_one() -> None:
    assert CATALOGUE.current_code("2.000986") == "3.000722"
    assert CATALOGUE.version_for(" 2.001023 ", START).code == "3.000722"


def test_an_unknown_code_is_said_kindly() -> None:
    with pytest.raises(NotFoundError) as refused:
        CATALOGUE.version_for("9.999999", START)
    assert (refused.value.field, refused.value.exit_code) == ("procedure", 4)


def test_a_row_of_the_index_gives_way_to_a_full_record() -> None:
    row = procedure("1.001193", "Đăng ký khai sinh", detail=Detail.INDEX, version=2)
    merged = catalogue_of([BIRTH], [row])
    assert merged.version_for("1.001193", START) == BIRTH
    assert "2.001023" not in CATALOGUE.codes
