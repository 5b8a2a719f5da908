"""Guidance in writing without a dossier: kept in its own book, told to nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.guidance_slip import GuidanceItem
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import guidance
from app.services.intake.guidance import (
    GuidanceOrder,
    give_guidance,
    guidance_content,
    guidance_count,
    missing_items,
    new_request,
    withdraw_guidance,
)
from tests.support.desk import MONDAY, make_desk, officer

BIRTH = "1.001193"


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def order(**changes):
    members = {"request_id": new_request(), "procedure_code": BIRTH, "words": "Mang theo thẻ căn cước."}
    return GuidanceOrder(**{**members, **changes})


def count(desk, table):
    with desk.store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_slip_has_a_line_an_audit_row_and_no_event(desk):
    events, audits = count(desk, tables.event), count(desk, tables.audit)
    given = give_guidance(desk, officer(desk), order(person="Ma Thị Hường", phone="0900 000 123"))
    assert given.number == "1/HD02-2026"
    assert count(desk, tables.event) == events
    assert count(desk, tables.audit) == audits + 1
    assert count(desk, tables.dossier) == 0
    assert give_guidance(desk, officer(desk), order()).number == "2/HD02-2026"


def test_the_same_request_is_one_slip(desk):
    asked = order()
    assert give_guidance(desk, officer(desk), asked) == give_guidance(desk, officer(desk), asked)
    assert count(desk, guidance) == 1


def test_the_paper_names_everything_at_one_time(desk):
    version = desk.reference.catalogue.version_for(BIRTH, MONDAY.date())
    items = missing_items(version, ("to_khai", "giay_chung_sinh|vb_nguoi_lam_chung", "giay_to_tuy_than"))
    given = give_guidance(desk, officer(desk), order(items=items, person="Lò", phone="0900000123"))
    paper = guidance_content(desk, officer(desk), given.id)
    assert [item.name.split(" (")[0] for item in paper.items] == [
        "Tờ khai đăng ký khai sinh",
        "Giấy chứng sinh hoặc Văn bản của người làm chứng xác nhận việc sinh hoặc giấy cam đoan về việc sinh",
        "Giấy tờ tùy thân",
    ]
    assert [item.kind for item in paper.items] == ["Bản chính", "Bản chính", "Xuất trình"]
    assert (paper.person, paper.phone, paper.number) == ("Lò", "0900 000 123", "1/HD02-2026")
    assert paper.officer_name == officer(desk).name
    assert (paper.copy_no, paper.withdrawn) == (1, False)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"words": " "}, "guidance-empty", "items"),
        ({"words": "x" * 2001}, "guidance-long", "words"),
        ({"items": [GuidanceItem(f"giấy {n}") for n in range(61)]}, "guidance-long", "words"),
        ({"phone": "12"}, None, "phone"),
    ],
)
def test_what_is_no_guidance_is_refused_beside_its_field(desk, changes, code, field):
    with pytest.raises(RuleError) as error:
        give_guidance(desk, officer(desk), order(**changes))
    assert code in (None, error.value.code)
    assert (error.value.field, bool(error.value.next_step)) == (field, True)
    assert count(desk, guidance) == 0


def test_a_wrong_slip_is_taken_back_and_stays_in_the_book(desk):
    by = officer(desk)
    given = give_guidance(desk, by, order())
    day = (MONDAY - timedelta(hours=1), MONDAY + timedelta(days=1))
    assert guidance_count(desk, by, *day) == 1
    withdraw_guidance(desk, by, given.id)
    audits = count(desk, tables.audit)
    withdraw_guidance(desk, by, given.id)
    assert count(desk, tables.audit) == audits
    assert guidance_count(desk, by, *day) == 0
    assert guidance_content(desk, by, given.id).withdrawn
    assert give_guidance(desk, by, order()).number == "2/HD02-2026"
    with pytest.raises(NotFoundError):
        guidance_content(desk, by, "nope")


def test_only_the_counter_guides(desk):
    with pytest.raises(RuleError):
        give_guidance(desk, officer(desk, "quantri"), order())
