"""The register of a period: every dossier once, lines in order and stable, a book after the other."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from app.clock import FixedClock
from app.domain.dossier_status import Act
from app.errors import RuleError
from app.services.audit.verify import read_anchor, verify_audit
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.papers.forms import make_paper
from app.services.register.book import print_register, register_pages
from tests.printing import reading
from tests.support.desk import MONDAY, birth, make_desk, officer

DAY = MONDAY.date()


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def receive(desk, **changes):
    return receive_dossier(desk, officer(desk), birth(**changes))


def test_lines_of_the_period_and_no_others(desk, clock):
    first = receive(desk)
    arrived = receive(desk, register_only=True, all_required=False)
    clock.advance(timedelta(days=2))
    later = receive(desk)
    do_act(desk, officer(desk), first.number, ActOrder(Act.START))
    do_act(desk, officer(desk), first.number, ActOrder(Act.WITHDRAW))
    (book,) = register_pages(desk, officer(desk), DAY, DAY).books
    assert [line.number for line in book.lines] == [first.number, arrived.number]
    assert [line.line_no for line in book.lines] == ["1", "2"] and book.book == "02 (2026)"
    assert "rút" in book.lines[0].note
    (whole,) = register_pages(desk, officer(desk), DAY, DAY + timedelta(days=9)).books
    assert [line.number for line in whole.lines][-1] == later.number
    assert whole.lines[:2] == book.lines, "a line is the same whatever period is printed"


def test_a_line_says_what_form_07_of_the_dossier_says(desk):
    number = receive(desk).number
    do_act(desk, officer(desk), number, ActOrder(Act.START))
    one = reading.words(make_paper(desk, officer(desk), number, "07").pdf)
    whole = reading.words(print_register(desk, officer(desk), DAY, DAY).pdf)
    line = one[one.index(" 1 ", one.index("Ghi chú")) :].strip()
    assert line[:200] in whole


def test_a_new_year_is_a_new_book_on_a_page_of_its_own(desk, clock):
    receive(desk)
    clock.advance(timedelta(days=50))
    receive(desk)
    made = print_register(desk, officer(desk), DAY, date(2027, 3, 1))
    pages = reading.text(made.pdf).split("\f")[:-1]
    assert (made.lines, made.books, made.pages) == (2, 2, 2)
    assert "02 (2026)" in pages[0] and "02 (2027)" in pages[1]
    assert all("Cộng: 1 hồ sơ." in page and "từ ngày 23/11/2026" in page for page in pages)


def test_a_long_book_carries_its_head_and_counts_its_pages(desk):
    numbers = [receive(desk).number for _ in range(40)]
    made = print_register(desk, officer(desk), DAY, DAY)
    pages = reading.text(made.pdf).split("\f")[:-1]
    assert len(pages) == made.pages > 3 and made.lines == 40
    assert all("STT" in page and "Ghi chú" in page for page in pages)
    feet = {re.search(r"Nhật ký: mục [0-9]+, dấu [0-9a-f]{16}", page)[0] for page in pages}
    (foot,) = feet
    assert read_anchor(foot).seq > 40
    assert verify_audit(desk, officer(desk, "lanhdao"), [read_anchor(foot)]).ok
    other = read_anchor(foot[:-1] + ("0" if foot[-1] != "0" else "1"))
    assert not verify_audit(desk, officer(desk, "lanhdao"), [other]).ok
    assert all(
        str(n) in page.split() and "Quyển số: 02 (2026)" in page for n, page in enumerate(pages[1:], 2)
    )
    words = reading.squeezed(reading.raw(made.pdf))
    assert all(words.count(reading.squeezed(number)) == 1 for number in numbers)


def test_an_empty_period_is_said(desk):
    made = print_register(desk, officer(desk), date(2020, 1, 1), date(2020, 1, 2))
    assert (made.lines, made.books, made.pages) == (0, 0, 1)
    assert "Không có hồ sơ nào" in reading.words(made.pdf)


def test_days_in_order_and_who_may(desk):
    with pytest.raises(RuleError) as error:
        print_register(desk, officer(desk), DAY, DAY - timedelta(days=1))
    assert error.value.field == "to"
    with pytest.raises(RuleError) as refused:
        print_register(desk, officer(desk, "quantri"), DAY, DAY)
    assert refused.value.code == "not-permitted"
