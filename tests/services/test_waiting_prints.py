"""Papers that did not come out: one list, nothing forgotten, nothing printed twice by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import NotFoundError
from app.models import tables
from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import MadePaper, kept_paper, make_slip, note_printed
from app.services.papers.waiting_prints import need_no_paper, waiting_papers
from tests.support.desk import birth, make_desk, officer


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = make_desk(tmp_path)
    yield opened
    opened.close()


def a_slip(desk: Desk, *, ok: bool | None = None) -> MadePaper:
    """A slip of a new dossier; ``ok``: what became of its printing, ``None``: nobody noted it."""
    by = officer(desk)
    made = make_slip(desk, by, receive_dossier(desk, by, birth()).id)
    if ok is not None:
        note_printed(desk, by, made.job_id, "quay2", ok=ok)
    return made


def waiting(desk: Desk) -> list[int]:
    return [paper.job_id for paper in waiting_papers(desk, officer(desk))]


def test_only_what_failed_waits_the_oldest_first(desk: Desk) -> None:
    first, _printed, _kept, last = (a_slip(desk, ok=ok) for ok in (False, True, None, False))
    assert waiting(desk) == [first.job_id, last.job_id]
    [paper, _] = waiting_papers(desk, officer(desk))
    assert (paper.form, paper.copy_no, paper.name) == ("01", 1, "Ma Thị Hường")
    assert paper.number and paper.dossier_id and paper.printer == "quay2"


def test_printed_at_last_it_leaves_with_the_same_bytes(desk: Desk) -> None:
    made = a_slip(desk, ok=False)
    assert kept_paper(desk, officer(desk), made.job_id) == made.pdf
    note_printed(desk, officer(desk), made.job_id, "quay2", ok=True)
    assert waiting(desk) == []


def test_a_later_copy_takes_its_place(desk: Desk) -> None:
    by = officer(desk)
    received = receive_dossier(desk, by, birth())
    first = make_slip(desk, by, received.id)
    note_printed(desk, by, first.job_id, "", ok=False)
    again = make_slip(desk, by, received.id)
    note_printed(desk, by, again.job_id, "", ok=False)
    assert waiting(desk) == [again.job_id], "one sheet of one paper"
    note_printed(desk, by, again.job_id, "quay2", ok=True)
    assert waiting(desk) == []


def test_what_nobody_needs_on_paper_leaves_the_list_and_stays_kept(desk: Desk) -> None:
    by, made = officer(desk), a_slip(desk, ok=False)
    need_no_paper(desk, by, made.job_id)
    assert waiting(desk) == []
    assert kept_paper(desk, by, made.job_id) == made.pdf
    with desk.store.read() as connection:
        acts = connection.execute(select(tables.audit.c.act, tables.audit.c.record_id)).all()
    assert ("print_dropped", str(made.job_id)) in [tuple(act) for act in acts]
    with pytest.raises(NotFoundError):
        need_no_paper(desk, by, made.job_id)
