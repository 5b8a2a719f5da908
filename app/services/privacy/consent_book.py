"""The book of consents, all purposes: who was read which wording, when, by whom, and what was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, select

from app.clock import VIETNAM
from app.domain.account_help import ConsentPurpose, ConsentWording, consent_wording
from app.domain.plain_paper import PaperPart, PaperTable, PlainPaper
from app.domain.roles import Officer, Permission
from app.domain.typed_date import format_date
from app.domain.vietnamese import fold
from app.models import tables
from app.services.desk import Desk
from app.services.finding.grid_query import day_bounds
from app.services.help.case import masked
from app.services.papers import slips
from app.services.papers.slips import MadePaper
from app.services.privacy.words import PURPOSES
from app.services.recording import Recorder
from app.text import t

FORM = "SDY"
"""How printings of the book are counted and named."""
MOST = 2000


class ConsentState(StrEnum):
    """Where a consent stands on a day."""

    LIVE = "live"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """As screen and paper call it."""
        return _STATES[self]


_STATES = {
    ConsentState.LIVE: t("Đang giữ"),
    ConsentState.WITHDRAWN: t("Đã rút lại"),
    ConsentState.ENDED: t("Hết hạn"),
}


@dataclass(frozen=True)
class ConsentQuery:
    """What is asked for; ``None`` and "" ask for everything. Days are those of giving, both included."""

    purpose: ConsentPurpose | None = None
    state: ConsentState | None = None
    first_day: date | None = None
    last_day: date | None = None
    text: str = ""


@dataclass(frozen=True)
class ConsentEntry:
    """One consent. ``name`` ``None``: the identity was erased with the consent, or never kept; numbers are
    masked."""

    id: str
    case_id: str
    name: str | None
    masked_id: str
    masked_phone: str
    purpose: ConsentPurpose
    wording_version: int
    given_at: datetime
    officer: str
    keep_until: date
    withdrawn_at: datetime | None
    state: ConsentState

    @property
    def months(self) -> int:
        """How long was read aloud: from the day of consent to the last day."""
        given = self.given_at.astimezone(VIETNAM).date()
        return (self.keep_until.year - given.year) * 12 + self.keep_until.month - given.month

    @property
    def wording(self) -> ConsentWording:
        """The words that were read aloud."""
        return consent_wording(self.purpose, self.wording_version)


def consent_book(desk: Desk, by: Officer, query: ConsentQuery) -> tuple[ConsentEntry, ...]:
    """The consents that fit, the newest first, at most ``MOST``. Raises ``RuleError`` "not-permitted"."""
    by.require(Permission.VIEW)
    with desk.store.read() as connection:
        return _entries(connection, query, desk.clock.now().astimezone(VIETNAM).date())


def print_consent_book(desk: Desk, by: Officer, query: ConsentQuery) -> MadePaper:
    """The list as paper, kept and audited; numbers stay masked."""
    by.require(Permission.PRINT)
    from app.printing.plain_paper import draw_plain_paper

    now = desk.clock.now()
    with desk.store.read() as connection:
        entries = _entries(connection, query, now.astimezone(VIETNAM).date())
        subject = f"consents:{now.astimezone(VIETNAM).date().isoformat()}"
        copy_no = slips.next_copy(connection, subject, FORM)
        paper = _paper(connection, desk, by, query, entries, now, copy_no)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=subject,
        form=FORM,
        form_set="",
        pdf=draw_plain_paper(paper),
        copy_no=copy_no,
        record_kind="consent_book",
    )


def look_at_consent(desk: Desk, by: Officer, entry_id: str) -> tuple[str, str]:
    """Identity and telephone of one consent in full, "" where erased; audited. Raises "not-permitted"."""
    by.require(Permission.HELP_ACCOUNT)
    c, h = tables.consent.c, tables.help_case.c
    with desk.store.write() as connection:
        row = connection.execute(
            select(h.id, h.personal_id, h.phone)
            .join_from(tables.consent, tables.help_case, h.id == c.case_id)
            .where(c.id == entry_id)
        ).first()
        if row is None:
            return "", ""
        Recorder(connection, desk, by, desk.clock.now()).audit(
            "read", "help_case", row.id, ("personal_id", "phone")
        )
    return row.personal_id or "", row.phone or ""


def _entries(connection: Connection, query: ConsentQuery, today: date) -> tuple[ConsentEntry, ...]:
    c, h, o = tables.consent.c, tables.help_case.c, tables.officer.c
    found = (
        select(
            tables.consent,
            h.full_name,
            h.name_folded,
            h.personal_id,
            h.phone,
            o.name.label("officer"),
        )
        .join_from(tables.consent, tables.help_case, h.id == c.case_id)
        .outerjoin(tables.officer, o.id == c.officer_id)
        .order_by(c.given_at.desc(), c.id.desc())
        .limit(MOST)
    )
    if query.purpose is not None:
        found = found.where(c.purpose == query.purpose.value)
    if query.first_day is not None:
        found = found.where(c.given_at >= day_bounds(query.first_day)[0])
    if query.last_day is not None:
        found = found.where(c.given_at < day_bounds(query.last_day)[1])
    if query.state is ConsentState.WITHDRAWN:
        found = found.where(c.withdrawn_at.is_not(None))
    elif query.state is ConsentState.LIVE:
        found = found.where(c.withdrawn_at.is_(None), c.keep_until >= today)
    elif query.state is ConsentState.ENDED:
        found = found.where(c.withdrawn_at.is_(None), c.keep_until < today)
    for word in fold(query.text).split()[:8]:
        found = found.where(
            h.name_folded.contains(word, autoescape=True)
            | h.personal_id.contains(word, autoescape=True)
            | h.phone.contains(word, autoescape=True)
        )
    return tuple(_entry(row, today) for row in connection.execute(found).mappings())


def _entry(row: RowMapping, today: date) -> ConsentEntry:
    state = ConsentState.LIVE if row["keep_until"] >= today else ConsentState.ENDED
    if row["withdrawn_at"] is not None:
        state = ConsentState.WITHDRAWN
    return ConsentEntry(
        id=row["id"],
        case_id=row["case_id"],
        name=row["full_name"],
        masked_id=masked(row["personal_id"]),
        masked_phone=masked(row["phone"]),
        purpose=ConsentPurpose(row["purpose"]),
        wording_version=row["wording_version"],
        given_at=row["given_at"],
        officer=row["officer"] or "",
        keep_until=row["keep_until"],
        withdrawn_at=row["withdrawn_at"],
        state=state,
    )


def _paper(
    connection: Connection,
    desk: Desk,
    by: Officer,
    query: ConsentQuery,
    entries: tuple[ConsentEntry, ...],
    now: datetime,
    copy_no: int,
) -> PlainPaper:
    table = PaperTable(
        (
            (t("STT"), 34),
            (t("Công dân"), 110),
            (t("Đồng ý cho việc gì"), 120),
            (t("Đồng ý lúc, cán bộ đọc"), 110),
            (t("Giữ đến, rút lại"), 84),
        ),
        tuple(_row(place, entry) for place, entry in enumerate(entries, start=1)),
    )
    period = _period(query)
    wordings = {(each.purpose, each.wording_version): each.wording for each in entries}
    read_aloud = tuple(
        (t("{purpose}, bản {version}").format(purpose=PURPOSES[purpose], version=version), wording.text)
        for (purpose, version), wording in sorted(wordings.items())
    )
    months = "…"
    return PlainPaper(
        head=slips.slip_head(connection, desk, ""),
        title=t("Sổ ghi sự đồng ý của công dân"),
        made_at=now,
        parts=(
            PaperPart(lines=((t("Thời gian"), period), (t("Số lần đồng ý"), str(len(entries)))), table=table),
            PaperPart(
                title=t("Lời đã đọc cho công dân nghe"),
                lines=tuple((name, text.format(months=months)) for name, text in read_aloud),
            ),
        ),
        signers=((t("Người lập"), by.name),),
        copy_no=copy_no,
        demo=desk.profile.demo,
    )


def _row(place: int, entry: ConsentEntry) -> tuple[str, ...]:
    who = entry.name or t("(đã xóa tên)")
    ended = ""
    if entry.withdrawn_at is not None:
        ended = t("rút {day}").format(day=f"{entry.withdrawn_at.astimezone(VIETNAM):%d/%m/%Y}")
    return (
        str(place),
        " ".join(each for each in (who, entry.masked_id, entry.masked_phone) if each),
        t("{purpose} (bản {version})").format(purpose=PURPOSES[entry.purpose], version=entry.wording_version),
        f"{entry.given_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}, {entry.officer}",
        " ".join(each for each in (format_date(entry.keep_until), ended) if each),
    )


def _period(query: ConsentQuery) -> str:
    if query.first_day is None and query.last_day is None:
        return t("tất cả")
    first = format_date(query.first_day) if query.first_day else t("đầu")
    last = format_date(query.last_day) if query.last_day else t("nay")
    return f"{first} – {last}"
