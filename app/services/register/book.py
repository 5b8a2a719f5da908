"""The register (form 07, "Sổ theo dõi hồ sơ") as a book: its lines of a period, page by page.

A line keeps its number for ever; what happened since stands in its last columns at the time of printing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, RowMapping, select

from app.domain.roles import Officer, Permission
from app.domain.slips import RegisterBook, RegisterLine, RegisterPeriod
from app.errors import RuleError
from app.models import tables
from app.printing.form_texts import form_set_for
from app.services.audit.printed import printed_anchor
from app.services.desk import Desk
from app.services.money.payments import day_bounds
from app.services.papers import slips
from app.services.papers.facts import Story, read_acts
from app.services.recording import Recorder
from app.services.register.lines import register_line
from app.text import t

_AT_ONCE = 400


@dataclass(frozen=True)
class RegisterPrint:
    """The drawn register: how many lines, books and pages it has."""

    pdf: bytes
    lines: int
    books: int
    pages: int


def register_pages(desk: Desk, by: Officer, first_day: date, last_day: date) -> RegisterPeriod:
    """The register of dossiers that arrived from one day to another, by book and line.

    Raises ``RuleError`` "not-permitted", "days-order" (field ``to``).
    """
    by.require(Permission.PRINT)
    if last_day < first_day:
        raise RuleError(
            "days-order",
            t("Ngày cuối trước ngày đầu."),
            t("Gõ lại hai ngày của thời gian in sổ."),
            field="to",
        )
    with desk.store.read() as connection:
        books = tuple(_books(connection, desk, first_day, last_day))
        if not books:
            books = (_book(connection, desk, last_day, "", ()),)
        anchor = printed_anchor(connection)
    return RegisterPeriod(first_day, last_day, books, desk.clock.now(), anchor)


def print_register(desk: Desk, by: Officer, first_day: date, last_day: date) -> RegisterPrint:
    """Draw the register. The printing is noted in the audit; the file is the officer's, no copy is kept."""
    from app.printing.document import page_count
    from app.printing.register_book import draw_register

    period = register_pages(desk, by, first_day, last_day)
    pdf = draw_register(period)
    now = desk.clock.now()
    with desk.store.write() as connection:
        span = f"{first_day.isoformat()}/{last_day.isoformat()}"
        Recorder(connection, desk, by, now).audit("print", "register", span, ("form_07",))
    lines = sum(len(book.lines) for book in period.books)
    return RegisterPrint(pdf, lines, sum(bool(book.lines) for book in period.books), page_count(pdf))


def _books(connection: Connection, desk: Desk, first_day: date, last_day: date) -> Iterator[RegisterBook]:
    start, end = day_bounds(first_day)[0], day_bounds(last_day)[1]
    d = tables.dossier.c
    rows = (
        connection.execute(
            select(tables.dossier)
            .where(d.submitted_at >= start, d.submitted_at < end)
            .order_by(d.register_book, d.register_no)
        )
        .mappings()
        .all()
    )
    for name, group in groupby(rows, key=lambda row: str(row["register_book"])):
        lines = tuple(_lines(connection, desk, list(group)))
        yield _book(connection, desk, last_day, name, lines)


def _book(
    connection: Connection, desk: Desk, last_day: date, name: str, lines: tuple[RegisterLine, ...]
) -> RegisterBook:
    book, _, year = name.partition("/")
    return RegisterBook(
        form_set=form_set_for(last_day),
        head=slips.slip_head(connection, desk, serial=""),
        book=f"{book} ({year})" if name else "",
        lines=lines,
        demo=desk.profile.demo,
    )


def _lines(connection: Connection, desk: Desk, rows: Sequence[RowMapping]) -> Iterator[RegisterLine]:
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        ids = [row["id"] for row in part]
        people = _people(connection, ids)
        acts = read_acts(connection, ids)
        for row in part:
            version = desk.reference.catalogue.get(row["procedure_code"], row["procedure_version"])
            yield register_line(
                Story(row, version, people[row["id"]], (), acts.get(row["id"], []), {}, counter_phone="")
            )


def _people(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, RowMapping]]:
    rows = connection.execute(select(tables.party).where(tables.party.c.dossier_id.in_(ids))).mappings()
    people: dict[str, dict[str, RowMapping]] = {}
    for row in rows:
        people.setdefault(row["dossier_id"], {})[row["role"]] = row
    return people
