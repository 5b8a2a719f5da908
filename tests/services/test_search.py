"""Search: exact number first, then newest; what is typed is words and never an operator."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.domain.component_rules import ComponentSpec
from app.domain.dossier_status import Status
from app.domain.people import Address, IdKind, Person
from app.domain.roles import Officer, Role
from app.errors import RuleError
from app.models import tables
from app.models.search_index import refresh_search
from app.services.audit.verify import verify_audit
from app.services.demo import acts
from app.services.finding.search import earlier_visits, find, open_same
from app.services.finding.search_query import match_text
from app.services.intake.reception import receive_dossier
from tests.support.desk import HUONG, birth, make_desk, officer

SIGNS = "\"*^:(){}+-'; ANDORNEThường09\x00\ud800"
PEOPLE = (
    HUONG,
    Person("H'Hen Niê", IdKind.PERSONAL_NUMBER, "008190000001", phone="0900000456"),
    Person("Sùng", phone="0900000789"),
    Person("Đặng Thị Hoà", IdKind.ID_CARD_9, "070000002"),
    Person("Ma Thị Hường Lan", IdKind.PASSPORT, "B0000003"),
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    desk = make_desk(tmp_path_factory.mktemp("search"))
    by = officer(desk)
    numbers = [receive_dossier(desk, by, birth(owner=person)).number for person in PEOPLE]
    yield desk, by, numbers
    desk.close()


def names(found):
    return [hit.name for hit in found.results]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hường", ["Ma Thị Hường Lan", "Ma Thị Hường"]),
        ("HUONG ma", ["Ma Thị Hường Lan", "Ma Thị Hường"]),
        ("huo", ["Ma Thị Hường Lan", "Ma Thị Hường"]),
        ("mth", ["Ma Thị Hường Lan", "Ma Thị Hường"]),
        ("mthl", ["Ma Thị Hường Lan"]),
        ("hoà", ["Đặng Thị Hoà"]),
        ("dang hoa", ["Đặng Thị Hoà"]),
        ("h'hen", ["H'Hen Niê"]),
        ("hn", ["H'Hen Niê"]),
        ("sùng", ["Sùng"]),
        ("0900000456", ["H'Hen Niê"]),
        ("0900 000 456", ["H'Hen Niê"]),
        ("+84 900.000.456", ["H'Hen Niê"]),
        ("0456", ["H'Hen Niê"]),
        ("008 190 000001", ["H'Hen Niê"]),
        ("000001", ["H'Hen Niê"]),
        ("b0000003", ["Ma Thị Hường Lan"]),
        ("sùng 0900 000 789", ["Sùng"]),
        ("sùng 0900 000 456", []),
        ("nobody", []),
        ("", []),
        ("😀 *", []),
        ("hường 😀", ["Ma Thị Hường Lan", "Ma Thị Hường"]),
        ("hường OR sùng", []),
        ('"hường" NEAR/2 *', []),
        ("body:hường", []),
        ("h*", ["Ma Thị Hường Lan", "Đặng Thị Hoà", "H'Hen Niê", "Ma Thị Hường"]),
    ],
)
def test_what_may_be_typed(filled, typed, expected):
    desk, by, _ = filled
    found = find(desk, by, typed)
    assert names(found) == expected
    assert found.count == len(expected)


def test_every_number_is_found_whole_in_any_spelling(filled):
    desk, by, numbers = filled
    for number, person in zip(numbers, PEOPLE, strict=True):
        for typed in (number, number.lower(), f" {number} ", number.replace("-", "–")):
            assert names(find(desk, by, typed))[0] == person.name
        assert person.name in names(find(desk, by, number.rsplit("-", 1)[1]))


def test_an_exact_number_comes_before_newer_matches(tmp_path):
    desk = make_desk(tmp_path)
    by = officer(desk)
    exact, newer = (receive_dossier(desk, by, birth()) for _ in range(2))
    with desk.store.write() as connection:
        d = tables.dossier.c
        longer = update(tables.dossier).where(d.id == newer.id)
        connection.execute(longer.values(provisional_number=exact.number + "1"))
        refresh_search(connection, newer.id)
    assert [hit.id for hit in find(desk, by, exact.number).results] == [exact.id, newer.id]
    assert [hit.id for hit in find(desk, by, exact.number, limit=1).results] == [exact.id]
    assert find(desk, by, exact.number).count == 2
    assert [hit.id for hit in find(desk, by, newer.id).results] == [newer.id]
    desk.close()


def test_the_newest_come_first_and_the_count_is_of_all(filled):
    desk, by, _ = filled
    found = find(desk, by, "tn", limit=2)
    assert found.count >= len(PEOPLE)
    assert len(found.results) == 2
    assert [hit.received_at for hit in found.results] == sorted(
        (hit.received_at for hit in found.results), reverse=True
    )
    assert find(desk, by, "tn", limit=0).results == ()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.text(max_size=60), st.text(alphabet="\"*^:(){}+-'; ANDORNEThường09\x00\ud800", max_size=40))
)
@example('" OR body MATCH "x')
@example("NEAR(a b, 2)")
@example("\ud800")
@example("'; DROP TABLE dossier; --")
@example("a" * 100_000)
@example("a " * 10_000)
@example("ﬀ ß İ ١٢٣ १२३")
def test_hostile_text_is_only_ever_words(filled, typed):
    desk, by, _ = filled
    found = find(desk, by, typed)
    assert found.count >= len(found.results)
    match = match_text(typed)
    assert match is None or set(match) <= set('abcdefghijklmnopqrstuvwxyz0123456789"*() ANDOR')


def test_visits_give_the_last_one_and_the_contact_and_are_audited(tmp_path):
    desk = make_desk(tmp_path)
    by = officer(desk)
    assert earlier_visits(desk, by, "008198000000").count == 0
    receive_dossier(desk, by, birth())
    other = replace(HUONG, phone=None, address=Address())
    last = receive_dossier(desk, by, birth(owner=other))
    seen = earlier_visits(desk, by, "008198000000")
    assert seen.count == 2
    assert seen.last is not None
    assert seen.last.id == last.id
    assert seen.phone == "0900000123"
    assert seen.address is not None
    assert seen.address.as_written.startswith("Thôn Nà Mẫu")
    assert audited(desk) == [("read_visits", "dossier", last.id)]
    assert verify_audit(desk, by).ok
    assert earlier_visits(desk, by, None).count == earlier_visits(desk, by, "  ").count == 0
    desk.close()


def audited(desk):
    with desk.store.read() as connection:
        rows = connection.execute(select(tables.audit).where(tables.audit.c.act == "read_visits")).mappings()
        return [(row["act"], row["record_kind"], row["record_id"]) for row in rows]


def test_an_open_dossier_of_the_same_person_and_procedure_is_shown(tmp_path):
    desk = make_desk(tmp_path)
    by = officer(desk)
    first = receive_dossier(desk, by, birth())
    receive_dossier(desk, by, birth(owner=PEOPLE[1]))
    aunt = Person("Ma Thị Dì", IdKind.PERSONAL_NUMBER, "008170000001")
    proxy = birth(submitter=HUONG, owner=aunt, relation="cháu")
    receive_dossier(desk, by, replace(proxy, components=(ComponentSpec("van_ban_uy_quyen"),)))
    assert [hit.id for hit in open_same(desk, by, "008198000000", "1.001193")] == [first.id]
    assert open_same(desk, by, "008198000000", "2.000635") == ()
    assert earlier_visits(desk, by, "008198000000").count == 2
    assert open_same(desk, by, None, "1.001193") == ()
    acts.perform(desk, by, first.id, acts.withdraw("đơn xin rút"))
    assert open_same(desk, by, "008198000000", "1.001193") == ()
    hit = find(desk, by, first.number).results[0]
    assert (hit.status, hit.procedure, hit.procedure_name) == (
        Status.WITHDRAWN,
        "1.001193",
        "Đăng ký khai sinh",
    )
    desk.close()


@pytest.mark.parametrize(
    "call",
    [
        lambda desk, by: find(desk, by, "a"),
        lambda desk, by: earlier_visits(desk, by, "008198000000"),
        lambda desk, by: open_same(desk, by, "008198000000", "1.001193"),
    ],
)
def test_searching_is_refused_outside_the_role(filled, call):
    desk, _, _ = filled
    with pytest.raises(RuleError) as refused:
        call(desk, officer(desk, "quantri"))
    assert refused.value.code == "not-permitted"
    call(desk, officer(desk, "lanhdao"))
    assert find(desk, Officer("x", "", "Kiểm tra", Role.AUDITOR), "hường").count == 2
