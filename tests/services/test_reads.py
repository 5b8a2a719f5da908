"""What is looked at is noted, and who may not see dossiers sees none by a side door (RELIABILITY I23)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import RuleError
from app.models import tables
from app.services.audit.verify import note_listed
from app.services.desk import Desk
from app.services.drafts import load_draft, new_draft_id, save_draft
from app.services.from_province.proposals import open_proposals
from app.services.from_province.resubmission import read_returned
from tests.support.desk import make_desk, officer


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def last(desk: Desk) -> tuple[str, str, str]:
    with desk.store.read() as connection:
        row = connection.execute(select(tables.audit).order_by(tables.audit.c.seq.desc())).first()
    assert row is not None
    return row.act, row.record_kind, row.record_id


def test_opening_a_draft_is_a_reading(desk: Desk) -> None:
    by, draft = officer(desk), new_draft_id()
    save_draft(desk, by, draft, "reception", "name", {"name": "Ma Thị Hường"})
    load_draft(desk, by, draft)
    assert last(desk) == ("read", "draft", draft)


def test_a_list_given_to_a_command_is_noted_with_its_length(desk: Desk) -> None:
    note_listed(desk, officer(desk), "grid", 12)
    assert last(desk) == ("list", "grid", "12")


def test_an_administrator_keeps_the_line_going_without_reading_people(desk: Desk) -> None:
    boss = officer(desk, "quantri")
    for look in (lambda: open_proposals(desk, boss), lambda: read_returned(desk, boss, "khong-co")):
        with pytest.raises(RuleError) as refused:
            look()
        assert refused.value.code == "not-permitted"
