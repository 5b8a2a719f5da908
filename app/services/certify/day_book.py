"""The book of certifications as pages: whole pages that hold the lines of a period, sums carried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, RowMapping, func, select

from app.clock import VIETNAM
from app.domain.certification import Kind, Volume, volume_of
from app.domain.day_book import DayBook, DayBookLine, Totals, first_line, page_of, pages_of
from app.domain.dossier_status import Status
from app.domain.people import IdKind
from app.domain.roles import Officer, Permission
from app.errors import RuleError
from app.models import tables
from app.services.audit.printed import printed_anchor
from app.services.certify.signers import BOOKED
from app.services.desk import Desk
from app.services.papers.slips import MadePaper, keep_paper, next_copy, slip_head
from app.text import t

FORM = "day-book"
_ONE_DAY = timedelta(days=1)
_copy = tables.certified_copy.c
_ENDED = (Status.WITHDRAWN, Status.STOPPED)


@dataclass(frozen=True)
class Period:
    """Days, both included."""

    first: date
    last: date


def day_books(desk: Desk, by: Officer, kind: Kind, period: Period) -> tuple[DayBook, ...]:
    """The pages that hold the period's lines, a book a volume: two where the year turns.

    Pages come whole, so that a page printed half full is replaced by the same page and never doubled.
    Raises ``RuleError`` "period" (field ``from``) and "day-book-empty".
    """
    by.require(Permission.PRINT)
    if period.last < period.first:
        raise RuleError(
            "period",
            t("Ngày cuối đứng trước ngày đầu."),
            t("Gõ lại khoảng ngày cần in."),
            field="from",
        )
    with desk.store.read() as connection:
        spans = _spans(connection, kind, period)
        if not spans:
            raise RuleError(
                "day-book-empty",
                t("Khoảng ngày này chưa có dòng chứng thực nào."),
                t("Chọn khoảng ngày khác."),
                field="from",
            )
        return tuple(_book(connection, desk, volume, first, last) for volume, first, last in spans)


def pages_holding(desk: Desk, by: Officer, register_numbers: tuple[str, ...]) -> tuple[DayBook, ...]:
    """The pages on which these numbers stand (``số/quyển``), for the print after a batch."""
    by.require(Permission.PRINT)
    wanted: dict[str, list[int]] = {}
    for each in register_numbers:
        number, _, book = each.partition("/")
        wanted.setdefault(book, []).append(int(number))
    with desk.store.read() as connection:
        return tuple(
            _book(connection, desk, volume_of(book), min(numbers), max(numbers))
            for book, numbers in wanted.items()
        )


def make_day_book(desk: Desk, by: Officer, books: tuple[DayBook, ...]) -> MadePaper:
    """Draw the pages as one PDF, keep it, note the printing; a page printed again says so.

    The PDF is durable before the row that names it (I1).
    """
    from app.printing.day_book import draw_day_book

    by.require(Permission.PRINT)
    subject = _subject(books)
    with desk.store.read() as connection:
        copy_no = next_copy(connection, subject, FORM)
    pdf = draw_day_book(tuple(replace(book, copy_no=copy_no) for book in books))
    return keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=subject,
        form=FORM,
        form_set="1",
        pdf=pdf,
        copy_no=copy_no,
        record_kind="day_book",
    )


def _subject(books: tuple[DayBook, ...]) -> str:
    """What copies are counted by: the same pages of the same volumes, filled as far."""
    return " ".join(
        f"{book.volume.key}:{book.pages[0].number}-{book.pages[-1].number}@{book.pages[-1].so_far.lines}"
        for book in books
    )


def _spans(connection: Connection, kind: Kind, period: Period) -> list[tuple[Volume, int, int]]:
    begin = datetime.combine(period.first, time(), VIETNAM)
    end = datetime.combine(period.last + _ONE_DAY, time(), VIETNAM)
    rows = connection.execute(
        select(_copy.book, func.min(_copy.line), func.max(_copy.line))
        .where(_copy.at >= begin, _copy.at < end)
        .group_by(_copy.book)
        .order_by(_copy.book)
    )
    spans = [(volume_of(book), int(first), int(last)) for book, first, last in rows]
    return sorted((span for span in spans if span[0].kind is kind), key=lambda s: (s[0].year, s[0].desk_no))


def _book(connection: Connection, desk: Desk, volume: Volume, first: int, last: int) -> DayBook:
    begin, end = first_line(page_of(first)), first_line(page_of(last) + 1) - 1
    lines = _lines(connection, desk, volume, begin, end)
    head = slip_head(connection, desk, serial="")
    return DayBook(
        volume=volume,
        agency=head.parent_agency,
        pages=pages_of(lines, _sums_before(connection, volume, begin)),
        anchor=printed_anchor(connection),
        demo=desk.profile.demo,
    )


def _sums_before(connection: Connection, volume: Volume, line: int) -> Totals:
    row = connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(_copy.copies), 0),
            func.coalesce(func.sum(_copy.fee_vnd), 0),
            func.count() - func.count(_copy.fee_vnd),
        ).where(_copy.book == volume.key, _copy.line < line)
    ).one()
    return Totals(*(int(each) for each in row))


def _lines(
    connection: Connection, desk: Desk, volume: Volume, first: int, last: int
) -> tuple[DayBookLine, ...]:
    rows = (
        connection.execute(
            select(tables.certified_copy, tables.dossier.c.status)
            .join(tables.dossier, tables.dossier.c.id == _copy.dossier_id)
            .where(_copy.book == volume.key, _copy.line.between(first, last))
            .order_by(_copy.line)
        )
        .mappings()
        .all()
    )
    ids = [row["dossier_id"] for row in rows]
    people, signed = _people(connection, ids), _signed(connection, ids)
    return tuple(
        _line(row, people[row["dossier_id"]], signed.get(row["dossier_id"], ""), volume.kind) for row in rows
    )


def _line(row: RowMapping, person: RowMapping, signer: str, kind: Kind) -> DayBookLine:
    notes = [t("{pages} trang").format(pages=row["pages"])] if kind is Kind.COPY else []
    if row["status"] in _ENDED:
        notes.append(Status(row["status"]).label)
    return DayBookLine(
        number=row["line"],
        at=row["at"],
        requester=person["full_name"],
        identity=_identity(person),
        paper=row["paper"],
        signer=signer,
        copies=row["copies"],
        fee_vnd=row["fee_vnd"],
        note="; ".join(notes),
    )


def _identity(person: RowMapping) -> str:
    """The number alone where it is the personal one, else with the kind of paper."""
    number = person["id_value"] or ""
    words = {IdKind.PASSPORT: t("Hộ chiếu"), IdKind.ID_CARD_9: t("CMND")}.get(IdKind(person["id_kind"]), "")
    return f"{words} {number}".strip()


def _people(connection: Connection, ids: list[str]) -> dict[str, RowMapping]:
    """Who asked: the one who came, else the owner."""
    p = tables.party.c
    rows = connection.execute(
        select(p.dossier_id, p.role, p.full_name, p.id_kind, p.id_value)
        .where(p.dossier_id.in_(ids), p.role.in_(("owner", "submitter")))
        .order_by(p.role)
    ).mappings()
    return {row["dossier_id"]: row for row in rows}


def _signed(connection: Connection, ids: list[str]) -> dict[str, str]:
    h = tables.history.c
    rows = connection.execute(
        select(h.dossier_id, h.detail).where(h.dossier_id.in_(ids), h.act == BOOKED).order_by(h.id)
    )
    return {
        row.dossier_id: ", ".join(
            part for part in (row.detail.get("signer", ""), row.detail.get("signer_title", "")) if part
        )
        for row in rows
    }
