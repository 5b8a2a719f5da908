"""What the worker does for the intake page: plain functions over services, none of them with Qt's widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from PySide6.QtGui import QImage

from app.clock import VIETNAM
from app.domain.roles import Officer
from app.domain.unit_address import AddressMatch, present_of
from app.errors import AppError
from app.services.desk import Desk
from app.services.drafts import Draft, drop_draft, open_drafts
from app.services.finding.grid import GridQuery, GridRow, open_result, page
from app.services.finding.search import Hit, Visits, earlier_visits, open_same
from app.services.intake.group_intake import intake_from
from app.services.intake.guidance import GuidanceOrder, Guided, give_guidance, print_guidance
from app.services.intake.reception import Received, Reckoned, receive_dossier, reckon
from app.services.intake.same_visit import print_visit_sheet, receive_beside
from app.services.intake.visit import Intake
from app.services.papers.slip_preview import preview_pdf
from app.services.papers.slips import MadePaper, make_slip
from app.services.people.beside import leader_beside
from app.ui.widgets import Choice

SCREEN = "reception"
_RECENT = 6
_MOST_A_DAY = 200


@dataclass(frozen=True)
class Start:
    """What the empty counter shows."""

    drafts: tuple[Draft, ...]
    recent: tuple[GridRow, ...]
    received_today: int
    procedures: Mapping[str, str]
    """Names of the drafts' procedures by code."""


@dataclass(frozen=True)
class Known:
    """What the desk knows of the person at the counter."""

    visits: Visits
    match: AddressMatch


@dataclass(frozen=True)
class Outlook:
    """What acceptance would give, and dossiers of the same person and procedure that are still open."""

    reckoned: Reckoned
    same: tuple[Hit, ...]


@dataclass(frozen=True)
class Leader:
    """Who signs in beside the officer; lives only until the worker has looked."""

    login: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Accepted:
    """A stored dossier, or, with ``same``, nothing stored yet because the officer is asked first."""

    received: Received | None
    same: tuple[Hit, ...] = ()


def load_start(desk: Desk, by: Officer) -> Start:
    """Drafts, and who was received today."""
    desk.reference.catalogue.prepare()
    today = desk.clock.now().date()
    found = open_result(desk, by, GridQuery(month=today))
    rows = page(desk, by, found.row_numbers[:_MOST_A_DAY])
    recent = tuple(row for row in rows if row.received_at.astimezone(VIETNAM).date() == today)
    drafts = open_drafts(desk, by, SCREEN)
    return Start(drafts, recent[:_RECENT], len(recent), _short_names(desk, drafts))


def know(desk: Desk, by: Officer, personal_id: str, address: str, issued: str) -> Known:
    """Earlier visits, and the present commune of the address."""
    day = date.fromisoformat(issued) if issued else None
    return Known(earlier_visits(desk, by, personal_id), present_of(desk.reference.units, address, issued=day))


def look_ahead(desk: Desk, by: Officer, intake: Intake) -> Outlook:
    """Due date, fees and open dossiers of the same kind."""
    return Outlook(reckon(desk, intake), open_same(desk, by, intake.owner.id_value, intake.procedure_code))


def find_communes(desk: Desk, text: str) -> list[Choice]:
    """Present communes by present or former name, this province's first."""
    home = desk.reference.units.get(desk.profile.unit_code)
    hits = desk.reference.units.find(text, 8, home=home.province_code if home else "")
    seen: dict[str, Choice] = {}
    for hit in hits:
        detail = hit.old.words if hit.old is not None else hit.unit.province_name
        seen.setdefault(hit.unit.code, Choice(hit.unit.code, hit.unit.name, detail))
    return list(seen.values())


def accept(
    desk: Desk,
    by: Officer,
    intake: Intake,
    *,
    although_same: bool,
    leader: Leader | None = None,
    first: str = "",
) -> Accepted:
    """Store the dossier, its draft goes with the commit; where the same one is open, ask first.

    ``leader`` signs in beside and answers for the papers that lack; ``first``: the dossier its visit began
    with.
    """
    if not although_same:
        same = open_same(desk, by, intake.owner.id_value, intake.procedure_code)
        if same:
            return Accepted(None, same)
    if leader is not None:
        intake = replace(intake, approver=leader_beside(desk, leader.login, leader.password))
    if first:
        return Accepted(receive_beside(desk, by, intake, first))
    return Accepted(receive_dossier(desk, by, intake))


def sheet_of(desk: Desk, by: Officer, first: str) -> MadePaper:
    """The one sheet of the visit that began with this dossier."""
    return print_visit_sheet(desk, by, first)


def copy_earlier(desk: Desk, by: Officer, number: str) -> Intake:
    """The people of an earlier dossier, for a new one; the reading is audited."""
    return intake_from(desk, by, number)


def guide(desk: Desk, by: Officer, order: GuidanceOrder) -> Guided:
    """Keep the guidance slip; the draft it was made from is of no more use."""
    guided = give_guidance(desk, by, order)
    drop_draft(desk, by, order.request_id)
    return guided


def guidance_of(desk: Desk, by: Officer, guidance_id: str) -> MadePaper:
    """The kept guidance slip on A4."""
    return print_guidance(desk, by, guidance_id)


def slip_of(desk: Desk, by: Officer, dossier_id: str) -> MadePaper:
    """The stored dossier's slip, two copies on a sheet of A4."""
    return make_slip(desk, by, dossier_id)


def preview(desk: Desk, by: Officer, intake: Intake, width: int) -> list[QImage] | None:
    """The slip as it would be, as pictures; ``None`` while there is nothing to show."""
    from app.ui.printer import page_images

    try:
        return page_images(preview_pdf(desk, by, intake), width)
    except AppError:
        return None


def pages_of(pdf: bytes, width: int) -> list[QImage]:
    """A kept paper as pictures."""
    from app.ui.printer import page_images

    return page_images(pdf, width)


def _short_names(desk: Desk, drafts: tuple[Draft, ...]) -> Mapping[str, str]:
    catalogue = desk.reference.catalogue
    today = desk.clock.now().date()
    names = {}
    for draft in drafts:
        code = str(draft.body.get("procedure") or "")
        if code in catalogue.codes:
            names[code] = catalogue.version_for(code, today).short_name
    return names
