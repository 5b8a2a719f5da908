"""What the worker does for the lane: look up, reckon, take in, make the papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.catalogue import Channel, FeeRule
from app.domain.certification import PROCEDURES, Kind
from app.domain.copy_term import LONGEST
from app.domain.deadline import Deadline, reckon_due
from app.domain.roles import Officer
from app.domain.usual_papers import UsualPaper
from app.errors import AppError, RuleError
from app.services.certify import Certified, CopyBatch, Signer, certify_batch, signers
from app.services.certify.day_book import Period, day_books, make_day_book, pages_holding
from app.services.certify.papers import make_copy_sheet, make_stamps
from app.services.certify.usual import usual_papers
from app.services.desk import Desk
from app.services.drafts import Draft, open_drafts
from app.services.papers.slips import MadePaper

SCREEN = "certify"


@dataclass(frozen=True)
class Start:
    """What an empty lane needs: names to offer, tariff, who signs, when today's work is due, drafts left."""

    papers: tuple[UsualPaper, ...]
    rules: dict[Kind, FeeRule]
    signers: tuple[Signer, ...]
    due: Deadline
    longer: Deadline
    drafts: tuple[Draft, ...]


@dataclass(frozen=True)
class Taken:
    """A batch that is stored, and its papers. ``book`` ``None``: not asked for; ``unprinted``: why a paper
    could not be made (the batch is stored all the same)."""

    lines: tuple[Certified, ...]
    sheet: MadePaper | None = None
    book: MadePaper | None = None
    unprinted: AppError | None = None


def load_start(desk: Desk, by: Officer) -> Start:
    """Read what the lane needs; reads only."""
    now = desk.clock.now()
    catalogue, calendar = desk.reference.catalogue, desk.reference.calendar
    versions = {kind: catalogue.version_for(code, now.date()) for kind, code in PROCEDURES.items()}
    limit = versions[Kind.COPY].time_limit(Channel.COUNTER)
    return Start(
        papers=usual_papers(desk, by),
        rules={kind: version.fees[0] for kind, version in versions.items()},
        signers=signers(desk, by),
        due=reckon_due(now, limit, calendar),
        longer=reckon_due(now, LONGEST, calendar),
        drafts=open_drafts(desk, by, SCREEN),
    )


def take_in(desk: Desk, by: Officer, batch: CopyBatch, *, with_book: bool) -> Taken:
    """Store the batch, then make its papers; a paper that fails never undoes what is stored."""
    lines = certify_batch(desk, by, batch)
    try:
        sheet = make_copy_sheet(desk, by, [line.id for line in lines])
        book = None
        if with_book:
            pages = pages_holding(desk, by, tuple(line.register_no for line in lines))
            book = make_day_book(desk, by, pages)
    except AppError as failure:
        return Taken(lines, unprinted=failure)
    return Taken(lines, sheet, book)


def sheet_again(desk: Desk, by: Officer, lines: tuple[Certified, ...]) -> MadePaper:
    """The citizen's sheet once more, marked as a reprint."""
    return make_copy_sheet(desk, by, [line.id for line in lines])


def books_of_today(desk: Desk, by: Officer) -> tuple[MadePaper, ...]:
    """Today's pages, a paper a kind of book. Raises ``RuleError`` "day-book-empty" where there are none."""
    today = desk.clock.now().date()
    made, empty = [], None
    for kind in Kind:
        try:
            made.append(make_day_book(desk, by, day_books(desk, by, kind, Period(today, today))))
        except RuleError as refused:
            empty = refused
    if empty is not None and not made:
        raise empty
    return tuple(made)


def stamps_of(desk: Desk, by: Officer, lines: tuple[Certified, ...]) -> MadePaper:
    """The words of attestation of a stored batch."""
    return make_stamps(desk, by, [line.id for line in lines])


def due_of(start: Start, *, longer: bool) -> datetime | None:
    """When the lines now typed are due."""
    return (start.longer if longer else start.due).due_at
