"""An account-help case as it is handed out, and how it is read from the store (DOMAIN §9).

There is no place for a password, passcode, OTP, fingerprint or bank number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, select

from app.clock import VIETNAM
from app.domain.account_help import (
    ENDS,
    ConsentPurpose,
    ConsentWording,
    HelpState,
    HelpStep,
    Obstacle,
    consent_wording,
    step_of,
    steps_done,
)
from app.domain.people import Person
from app.errors import NotFoundError
from app.models import tables
from app.text import t


@dataclass(frozen=True)
class ConsentGiven:
    """One consent: what was read aloud, when, to whom it was given, and how long it holds.

    ``live``: neither withdrawn nor past ``keep_until``, the last day anything may rest on it.
    """

    purpose: ConsentPurpose
    wording_version: int
    given_at: datetime
    officer_name: str
    keep_until: date
    withdrawn_at: datetime | None
    live: bool

    @property
    def wording(self) -> ConsentWording:
        """The words that were read aloud."""
        return consent_wording(self.purpose, self.wording_version)


@dataclass(frozen=True)
class StepTaken:
    """One visit or step."""

    state: HelpState
    at: datetime
    officer_name: str
    obstacles: tuple[Obstacle, ...]
    note: str
    next_visit: date | None


@dataclass(frozen=True)
class Case:
    """One case whole. ``id`` ``None``: nothing of it is kept, because no consent was given; it lives on the
    screen alone. Without consent to tracking ``name`` and identity of a kept case are ``None``."""

    id: str | None
    state: HelpState
    opened_at: datetime
    changed_at: datetime
    name: str | None = None
    personal_id: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    phone: str | None = None
    next_visit: date | None = None
    obstacles: tuple[Obstacle, ...] = ()
    consents: tuple[ConsentGiven, ...] = ()
    steps: tuple[StepTaken, ...] = ()
    sent: str = "none"
    """The request at the province: none, waiting, accepted, deferred or rejected."""
    province_outcome: str | None = None

    @property
    def step(self) -> HelpStep | None:
        """The step being worked on; ``None`` for a side exit."""
        return step_of(self.state)

    @property
    def steps_done(self) -> int:
        """How many of the six steps are behind."""
        return steps_done(self.state)

    @property
    def visits(self) -> int:
        """Days on which the citizen came, as far as they are kept; at least today's."""
        return max(1, len({step.at.astimezone(VIETNAM).date() for step in self.steps}))

    @property
    def tracked(self) -> bool:
        """Whether progress may be kept."""
        return self.has(ConsentPurpose.TRACKING)

    @property
    def ended(self) -> bool:
        """Whether nothing follows; a citizen who comes again gets a new case."""
        return self.state in ENDS

    def has(self, purpose: ConsentPurpose) -> bool:
        """Whether consent to the purpose holds now."""
        return any(each.purpose is purpose and each.live for each in self.consents)


@dataclass(frozen=True)
class CaseLine:
    """A case in a list; the identity number is masked (RELIABILITY, data rules)."""

    id: str
    state: HelpState
    opened_at: datetime
    changed_at: datetime
    next_visit: date | None
    name: str | None
    masked_id: str
    masked_phone: str
    ended: bool


def unkept_case(person: Person, phone: str | None, at: datetime) -> Case:
    """A case for the screen and the take-home card only; nothing of it is stored."""
    return Case(
        id=None,
        state=HelpState.REGISTERED,
        opened_at=at,
        changed_at=at,
        name=person.name,
        personal_id=person.id_value,
        birth_date=person.birth_date,
        sex=person.sex.value if person.sex else None,
        phone=phone,
    )


def read_case(connection: Connection, case_id: str, today: date) -> Case:
    """One case. Raises ``NotFoundError`` "no-help-case"."""
    row = case_row(connection, case_id)
    steps = _steps(connection, case_id)
    return Case(
        id=row["id"],
        state=HelpState(row["state"]),
        opened_at=row["opened_at"],
        changed_at=row["changed_at"],
        name=row["full_name"],
        personal_id=row["personal_id"],
        birth_date=row["birth_date"],
        sex=row["sex"],
        phone=row["phone"],
        next_visit=row["next_visit"],
        obstacles=steps[-1].obstacles if steps else (),
        consents=read_consents(connection, case_id, today),
        steps=steps,
        sent=_sent(connection, row["event_id"]),
        province_outcome=row["province_outcome"],
    )


def case_row(connection: Connection, case_id: str) -> RowMapping:
    """The row of a case. Raises ``NotFoundError`` "no-help-case"."""
    found = connection.execute(select(tables.help_case).where(tables.help_case.c.id == case_id))
    row = found.mappings().first()
    if row is None:
        raise NotFoundError(
            "no-help-case",
            t("Không có lượt hỗ trợ này."),
            t("Quét lại thẻ để mở lượt mới, hoặc chọn trong danh sách."),
            field="case",
        )
    return row


def read_consents(connection: Connection, case_id: str, today: date) -> tuple[ConsentGiven, ...]:
    """All consents of a case, in the order given."""
    c, officer = tables.consent.c, tables.officer.c
    rows = connection.execute(
        select(tables.consent, officer.name.label("officer_name"))
        .outerjoin_from(tables.consent, tables.officer, officer.id == c.officer_id)
        .where(c.case_id == case_id)
        .order_by(c.given_at, c.id)
    ).mappings()
    return tuple(
        ConsentGiven(
            purpose=ConsentPurpose(row["purpose"]),
            wording_version=row["wording_version"],
            given_at=row["given_at"],
            officer_name=row["officer_name"] or "",
            keep_until=row["keep_until"],
            withdrawn_at=row["withdrawn_at"],
            live=row["withdrawn_at"] is None and row["keep_until"] >= today,
        )
        for row in rows
    )


def line_of(row: RowMapping) -> CaseLine:
    """A row of the list."""
    state = HelpState(row["state"])
    return CaseLine(
        id=row["id"],
        state=state,
        opened_at=row["opened_at"],
        changed_at=row["changed_at"],
        next_visit=row["next_visit"],
        name=row["full_name"],
        masked_id=masked(row["personal_id"]),
        masked_phone=masked(row["phone"]),
        ended=state in ENDS,
    )


def masked(number: str | None) -> str:
    """``0xx…1234``, as lists show an identity or telephone number; empty for none."""
    return f"{number[0]}xx…{number[-4:]}" if number and len(number) > 6 else ""


def _steps(connection: Connection, case_id: str) -> tuple[StepTaken, ...]:
    c, officer = tables.help_step.c, tables.officer.c
    rows = connection.execute(
        select(tables.help_step, officer.name.label("officer_name"))
        .outerjoin_from(tables.help_step, tables.officer, officer.id == c.officer_id)
        .where(c.case_id == case_id)
        .order_by(c.id)
    ).mappings()
    return tuple(
        StepTaken(
            state=HelpState(row["state"]),
            at=row["at"],
            officer_name=row["officer_name"] or "",
            obstacles=tuple(Obstacle(code) for code in row["obstacles"]),
            note=row["note"],
            next_visit=row["next_visit"],
        )
        for row in rows
    )


def _sent(connection: Connection, event_id: str | None) -> str:
    if event_id is None:
        return "none"
    c = tables.event.c
    verdict = connection.execute(select(c.verdict).where(c.event_id == event_id)).scalar_one()
    return verdict or "waiting"
