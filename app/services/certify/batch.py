"""Taking in certifications: one line a job, all lines of one citizen in one commit (NĐ 23/2015).

Each line is a dossier of its own with its own event, fee and number in the book. Numbers run without a gap
per year and book; a book a desk, since two desks without a line cannot share one count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select

from app.clock import VIETNAM
from app.domain.certification import PROCEDURES, Kind, certification_fee
from app.domain.copy_term import LongerTerm, longer_due
from app.domain.people import Person
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import require_text
from app.errors import AppError, RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.services.certify.ending import NOTHING_YET, Booked, Ending, end_line
from app.services.certify.signers import UNNAMED, Signer, note_in_book
from app.services.desk import Desk
from app.services.drafts import forget_draft
from app.services.intake.reception import Received, receive_within
from app.services.intake.tidy_person import tidy_person
from app.services.intake.visit import CARD, FreePaper, Intake, ManualDue
from app.text import t

MOST_LINES = 50
"""Of one citizen at one time; a counter that has more takes a second batch."""
LONGEST_NAME = 200
"""A paper's name must fit its cell of the book."""


@dataclass(frozen=True)
class CopyLine:
    """One original, or one kind of paper to be signed. ``request_id``: made with the line; the same one is
    never taken in twice. ``copies``: copies of the original; papers to be signed where ``kind`` says so."""

    request_id: str
    paper: str
    pages: int
    copies: int
    kind: Kind = Kind.COPY


@dataclass(frozen=True)
class CopyBatch:
    """All that one citizen brings. ``request_id``: also the id of the draft it was typed as; ``longer``:
    where the day is not enough; ``ending``: what is done at once."""

    request_id: str
    owner: Person
    lines: Sequence[CopyLine]
    source: str = CARD
    at: datetime | None = None
    longer: LongerTerm | None = None
    ending: Ending = NOTHING_YET
    signer: Signer = UNNAMED


@dataclass(frozen=True)
class CopyJob:
    """One original to certify: its name, its pages, how many copies the citizen takes."""

    request_id: str
    owner: Person
    paper: str
    pages: int
    copies: int
    source: str = CARD
    at: datetime | None = None


@dataclass(frozen=True)
class Certified:
    """A job taken in. ``register_no``: its line in the book, as ``số/quyển``; ``already``: it was stored
    before."""

    id: str
    number: str
    register_no: str
    fee_vnd: int | None
    due_at: datetime | None
    already: bool = field(default=False, compare=False)


def certify(desk: Desk, by: Officer, job: CopyJob) -> Certified:
    """Take in one job with fee and number in the book, in one commit; the same request twice is one job.

    Raises ``RuleError`` for pages, copies, or what the person's fields break.
    """
    line = CopyLine(job.request_id, job.paper, job.pages, job.copies)
    batch = CopyBatch(job.request_id, job.owner, (line,), source=job.source, at=job.at)
    return certify_batch(desk, by, batch)[0]


def certify_batch(desk: Desk, by: Officer, batch: CopyBatch) -> tuple[Certified, ...]:
    """Take in every line in one commit, or none; in the order given. A repeated request changes nothing.

    Raises ``RuleError`` as ``LineRefused`` for a line that breaks a rule, "batch-size" (field ``lines``),
    "not-ready" where copies that take longer were to be handed over, and what the person's fields break.
    """
    by.require(Permission.RECEIVE)
    if not 1 <= len(batch.lines) <= MOST_LINES:
        raise RuleError(
            "batch-size",
            t("Một lượt có từ 1 đến {most} dòng chứng thực.").format(most=MOST_LINES),
            t("Thêm dòng, hoặc chia làm hai lượt."),
            field="lines",
        )
    if batch.longer is not None and batch.ending.hand_over:
        raise RuleError(
            "not-ready",
            t("Lượt này hẹn trả sau nên chưa ghi là đã trả."),
            t("Bỏ chọn trả ngay, hoặc bỏ phần kéo dài thời hạn."),
            field="hand_over",
        )
    at = batch.at or desk.clock.now()
    batch = replace(batch, owner=tidy_person(desk.reference.units, batch.owner, at.date(), ""))
    planned = [_plan(desk, batch, place, line, at) for place, line in enumerate(batch.lines)]
    with desk.store.write() as connection:
        done = tuple(_take_in(connection, desk, by, batch, each, at) for each in planned)
        forget_draft(connection, by, batch.request_id)
        return done


class LineRefused(RuleError):  # noqa: N818
    """A line of a batch breaks a rule. ``place``: which one, from 0; ``field`` names its input."""

    def __init__(self, place: int, cause: AppError) -> None:
        super().__init__(cause.code, cause.title, cause.next_step, field=cause.field, missing=cause.missing)
        self.place = place


@dataclass(frozen=True)
class _Planned:
    line: CopyLine
    paper: str
    fee: int | None
    intake: Intake


def _plan(desk: Desk, batch: CopyBatch, place: int, line: CopyLine, at: datetime) -> _Planned:
    version = desk.reference.catalogue.version_for(PROCEDURES[line.kind], at.date())
    rule = version.fees[0]
    try:
        paper = paper_name(line.paper)
        fee = certification_fee(line.kind, rule, line.pages, line.copies)
    except RuleError as refused:
        raise LineRefused(place, refused) from refused
    intake = Intake(
        request_id=line.request_id,
        procedure_code=version.code,
        owner=batch.owner,
        source=batch.source,
        all_required=True,
        free_papers=(FreePaper(paper),),
        received_at=at,
        manual_due=_manual_due(desk, batch, at),
        fee_amounts={} if fee is None else {rule.code: fee},
    )
    return _Planned(line, paper, fee, intake)


def paper_name(text: str) -> str:
    """The name of the paper for the book. Raises ``RuleError`` "paper-name" (field ``paper``)."""
    paper = require_text(text, "paper")
    if not paper:
        raise RuleError("paper-name", t("Chưa ghi tên giấy tờ."), t("Gõ tên bản chính."), field="paper")
    if len(paper) > LONGEST_NAME:
        raise RuleError(
            "paper-name",
            t("Tên giấy tờ dài quá {most} chữ nên không vừa ô của sổ.").format(most=LONGEST_NAME),
            t("Ghi gọn lại."),
            field="paper",
        )
    return paper


def _manual_due(desk: Desk, batch: CopyBatch, at: datetime) -> ManualDue | None:
    if batch.longer is None:
        return None
    return ManualDue(*longer_due(batch.longer, at, desk.reference.calendar))


def _take_in(
    connection: Connection, desk: Desk, by: Officer, batch: CopyBatch, planned: _Planned, at: datetime
) -> Certified:
    received, numbers = receive_within(connection, desk, by, planned.intake)
    if received.already:
        return _stored(connection, received)
    line = planned.line
    book, number = numbers.day_book_line(at.astimezone(VIETNAM).date(), line.kind)
    numbers.keep()
    connection.execute(
        insert(tables.certified_copy).values(
            id=new_id(),
            dossier_id=received.id,
            book=book,
            line=number,
            paper=planned.paper,
            pages=line.pages,
            copies=line.copies,
            fee_vnd=planned.fee,
            at=at,
        )
    )
    done = Certified(received.id, received.number, f"{number}/{book}", planned.fee, received.due_at)
    note_in_book(connection, desk, by, at, received.id, done.register_no, batch.signer)
    booked = Booked(received.id, done.register_no, planned.fee)
    end_line(connection, desk, by, at, batch.ending, booked, batch.signer)
    return done


def _stored(connection: Connection, received: Received) -> Certified:
    row = connection.execute(
        select(tables.certified_copy).where(tables.certified_copy.c.dossier_id == received.id)
    ).one()
    return Certified(
        received.id, received.number, f"{row.line}/{row.book}", row.fee_vnd, received.due_at, already=True
    )
