"""The counter's own papers: drawn from what is stored, kept, counted, audited; a reprint says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import NotFoundError
from app.models import tables
from app.services.desk import Desk
from app.services.intake.group_intake import print_group_sheet, receive_group
from app.services.intake.guidance import (
    GuidanceOrder,
    give_guidance,
    new_request,
    print_guidance,
    withdraw_guidance,
)
from app.services.papers.slips import kept_paper
from tests.printing import reading
from tests.support.desk import birth, make_desk, officer

FIVE_DAYS = "1.004884"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = make_desk(tmp_path)
    yield opened
    opened.close()


def last_audit(desk: Desk) -> tuple[str, str, str]:
    c = tables.audit.c
    with desk.store.read() as connection:
        row = connection.execute(
            select(c.act, c.record_kind, c.record_id).order_by(c.seq.desc()).limit(1)
        ).one()
    return row.act, row.record_kind, row.record_id


def test_guidance_is_printed_kept_and_marked_the_second_time(desk: Desk) -> None:
    by = officer(desk)
    order = GuidanceOrder(
        request_id=new_request(), procedure_code="1.001193", words="Mang theo thẻ căn cước.", person="Ma Pà"
    )
    given = give_guidance(desk, by, order)
    made = print_guidance(desk, by, given.id)
    text = reading.words(made.pdf)
    assert given.number in text and "Ma Pà" in text and "Mang theo thẻ căn cước." in text
    assert "In lại" not in text and made.copy_no == 1
    assert last_audit(desk) == ("print", "guidance", given.id)
    assert kept_paper(desk, by, made.job_id) == made.pdf
    withdraw_guidance(desk, by, given.id)
    again = reading.words(print_guidance(desk, by, given.id).pdf)
    assert "In lại lần 1" in again and "đã thu hồi" in again


def test_a_visit_is_printed_with_the_number_of_every_dossier(desk: Desk) -> None:
    by = officer(desk)
    group = receive_group(desk, by, [birth(), birth(procedure_code=FIVE_DAYS)])
    made = print_group_sheet(desk, by, group.id)
    found = [code for _, code in reading.codes(reading.picture(made.pdf, 300))]
    assert found == sorted(each.number for each in group.dossiers)
    assert last_audit(desk) == ("print", "intake_group", group.id)
    assert print_group_sheet(desk, by, group.id).copy_no == 2


def test_nothing_is_printed_of_what_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        print_guidance(desk, officer(desk), "nowhere")
    with pytest.raises(NotFoundError):
        print_group_sheet(desk, officer(desk), "nowhere")
