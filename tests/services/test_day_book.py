"""The book from the store: whole pages, sums, the turn of the year, the command."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.domain.certification import Kind
from app.domain.day_book import Totals
from app.domain.dossier_status import Act
from app.errors import RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.services.certify import CopyBatch, CopyLine, Signer, certify_batch
from app.services.certify.day_book import Period, day_books, make_day_book, pages_holding
from app.services.life import ActOrder, do_act
from app.services.papers.slips import kept_paper
from tests.printing import reading
from tests.support.desk import HUONG, MONDAY, make_desk, officer

TODAY = Period(MONDAY.date(), MONDAY.date())


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def fill(desk, count, pages=3, copies=1, kind=Kind.COPY, **changes):
    lines = tuple(CopyLine(new_id(), f"Giấy {n}", pages, copies, kind) for n in range(1, count + 1))
    return certify_batch(desk, officer(desk), replace(CopyBatch(new_id(), HUONG, lines), **changes))


def test_the_days_pages_with_signers_and_sums(desk):
    fill(desk, 17, signer=Signer("Nông Văn Phúc", "Phó Chủ tịch"))
    (book,) = day_books(desk, officer(desk), Kind.COPY, TODAY)
    assert [page.number for page in book.pages] == [1, 2]
    assert book.pages[1].so_far == Totals(17, 17, 85000, 0)
    first = book.pages[0].lines[0]
    assert (first.requester, first.paper, first.note) == ("Ma Thị Hường", "Giấy 1", "3 trang")
    assert first.signer == "Nông Văn Phúc, Phó Chủ tịch"
    assert book.volume.key == "SCT02/2026"


def test_pages_come_whole_with_what_stands_before(desk, clock):
    fill(desk, 17)
    clock.at = datetime(2026, 11, 25, 8, 0, tzinfo=VIETNAM)
    fill(desk, 1)
    wednesday = Period(date(2026, 11, 25), date(2026, 11, 25))
    (book,) = day_books(desk, officer(desk), Kind.COPY, wednesday)
    (page,) = book.pages
    assert (page.number, [line.number for line in page.lines]) == (2, [16, 17, 18])
    assert page.carried == Totals(15, 15, 75000, 0)


def test_a_kind_has_its_own_book(desk):
    fill(desk, 1)
    fill(desk, 2, kind=Kind.SIGNATURE)
    (book,) = day_books(desk, officer(desk), Kind.SIGNATURE, TODAY)
    assert [line.identity for line in book.pages[0].lines] == ["008198000000"] * 2
    assert [line.note for line in book.pages[0].lines] == ["", ""]


def test_the_turn_of_the_year_is_two_volumes(desk, clock):
    clock.at = datetime(2026, 12, 31, 23, 59, tzinfo=VIETNAM)
    fill(desk, 2)
    clock.at = datetime(2027, 1, 1, 0, 0, tzinfo=VIETNAM)
    fill(desk, 3)
    books = day_books(desk, officer(desk), Kind.COPY, Period(date(2026, 12, 31), date(2027, 1, 1)))
    assert [(book.volume.year, book.pages[0].own.lines) for book in books] == [(2026, 2), (2027, 3)]
    (alone,) = day_books(desk, officer(desk), Kind.COPY, Period(date(2026, 12, 31), date(2026, 12, 31)))
    assert alone.volume.year == 2026


def test_a_withdrawn_job_keeps_its_number_and_says_so(desk):
    made = fill(desk, 2)
    do_act(desk, officer(desk), made[0].number, ActOrder(Act.WITHDRAW, reason="Không cần nữa"))
    (book,) = day_books(desk, officer(desk), Kind.COPY, TODAY)
    assert [line.number for line in book.pages[0].lines] == [1, 2]
    assert book.pages[0].lines[0].note.startswith("3 trang; ")


def test_an_empty_period_and_a_turned_one(desk):
    for period, code in ((TODAY, "day-book-empty"), (Period(TODAY.last, date(2026, 1, 1)), "period")):
        with pytest.raises(RuleError) as refused:
            day_books(desk, officer(desk), Kind.COPY, period)
        assert (refused.value.code, refused.value.field) == (code, "from")


def test_the_print_is_kept_counted_and_audited(desk):
    by = officer(desk)
    made = fill(desk, 2)
    books = pages_holding(desk, by, tuple(each.register_no for each in made))
    first, again = make_day_book(desk, by, books), make_day_book(desk, by, books)
    assert (first.copy_no, again.copy_no) == (1, 2)
    assert kept_paper(desk, by, first.job_id) == first.pdf
    assert "In lại lần 1" in reading.words(again.pdf)
    fill(desk, 1)
    fuller = make_day_book(desk, by, day_books(desk, by, Kind.COPY, TODAY))
    assert fuller.copy_no == 1
    with desk.store.read() as connection:
        audited = connection.execute(select(tables.audit).where(tables.audit.c.act == "print")).mappings()
        assert {row["record_kind"] for row in audited} == {"day_book"}


def test_the_anchor_is_the_head_of_the_audit_log(desk):
    fill(desk, 1)
    (book,) = day_books(desk, officer(desk), Kind.COPY, TODAY)
    with desk.store.read() as connection:
        last = connection.execute(select(tables.audit).order_by(tables.audit.c.seq.desc()).limit(1)).one()
    assert book.anchor == f"Nhật ký: mục {last.seq}, dấu {last.mac[:16]}"


def test_only_who_may_print(desk):
    fill(desk, 1)
    with pytest.raises(RuleError):
        day_books(desk, officer(desk, "quantri"), Kind.COPY, TODAY)
