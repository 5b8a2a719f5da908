"""What the screen asks the worker for; each is one plain call over the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from app.clock import VIETNAM
from app.domain.bill_code import read_bill_code
from app.domain.citizen_qr import parse_citizen_qr
from app.domain.people import IdKind, Person
from app.domain.roles import Officer
from app.domain.typed_date import parse_typed_date
from app.errors import AppError
from app.services import drafts
from app.services.desk import Desk
from app.services.drafts import Draft
from app.services.hand_over.lists import print_list
from app.services.life import Recipient
from app.services.papers.slips import MadePaper
from app.services.post import parcels as post
from app.services.post.items import READY, PostItem, post_items
from app.services.post.labels import print_labels
from app.services.post.parcels import Manifest, Parcel
from app.services.returning import results as returning
from app.services.returning.paper import print_receipt
from app.services.returning.results import LookedUp, Waiting
from app.services.returning.view import Identity, ReturnView, compare_card
from app.ui.returning.typed import COUNTER, ONLINE, POST, Typed

SCREEN = "returning"


Drawn = MadePaper | AppError
"""A paper, or why it could not be drawn: what it states is stored either way."""


def drawn(make: Callable[[], MadePaper]) -> Drawn:
    """Draws after a commit, which no trouble with paper undoes."""
    try:
        return make()
    except AppError as trouble:
        return trouble


@dataclass(frozen=True)
class Start:
    """The first page: results that wait, parcels that wait for the post, drafts left
    behind, the last saved first."""

    count: int
    waiting: tuple[Waiting, ...]
    ready: int
    drafts: tuple[Draft, ...]
    now: datetime


@dataclass(frozen=True)
class Done:
    """What an F8 came to. ``receipt``: the paper to print, if there is one, or why it could not be drawn;
    ``parcel``: of a result that goes by post, with a warning about its bill code."""

    number: str
    name: str
    receipt: Drawn | None = None
    parcel: PostItem | None = None


def load_start(desk: Desk, by: Officer) -> Start:
    """The first page."""
    count, rows = returning.waiting_results(desk, by)
    parcels = post_items(desk, by, open_only=True)
    kept = drafts.open_drafts(desk, by, SCREEN)
    ready = sum(item.state == READY for item in parcels)
    return Start(count, rows, ready, kept, desk.clock.now())


def look_up(desk: Desk, by: Officer, text: str) -> LookedUp:
    """By code, number or name."""
    return returning.look_up(desk, by, text)


def person_of(desk: Desk, text: str) -> Person:
    """Whom a scanned card names. Raises ``RuleError`` for a card that cannot be read."""
    card = parse_citizen_qr(text, desk.clock.now().astimezone(VIETNAM).date())
    return Person(card.name, IdKind.PERSONAL_NUMBER, card.personal_id, old_id=card.old_id)


def by_card(desk: Desk, by: Officer, text: str) -> LookedUp:
    """The waiting results of whoever's card was scanned."""
    return returning.of_person(desk, by, person_of(desk, text).id_value or "")


def check_card(desk: Desk, view: ReturnView, text: str) -> Identity:
    """The card beside the dossier."""
    return compare_card(view, person_of(desk, text))


def give(desk: Desk, by: Officer, view: ReturnView, typed: Typed) -> Done:
    """Hand over at the counter, or make ready for the post; then the receipt, from what was committed."""
    number = view.dossier.number
    if typed.way == POST:
        parcel = Parcel(
            bill=typed.bill,
            recipient=typed.recipient,
            phone=typed.phone,
            address=typed.address,
            fee_payer=typed.payer,
        )
        item = post.prepare(desk, by, view.dossier.id, parcel)
        drafts.drop_draft(desk, by, typed.draft_id)
        return Done(number, item.recipient, parcel=item)
    online = typed.way == ONLINE
    recipient = Recipient(typed.name, typed.id_value, typed.relation, method=COUNTER)
    if online:
        recipient = Recipient(method=ONLINE)
    returning.hand_over(
        desk,
        by,
        view.dossier.id,
        recipient,
        authority="" if online else typed.authority,
        collect=typed.collect and view.can_collect,
        request_id=typed.draft_id,
    )
    drafts.drop_draft(desk, by, typed.draft_id)
    if online:
        return Done(number, view.submitter.name)
    receipt = drawn(lambda: print_receipt(desk, by, view.dossier.id))
    return Done(number, typed.name or view.submitter.name, receipt)


def reprint(desk: Desk, by: Officer, dossier_id: str, number: str) -> Done:
    """The receipt of a dossier that was returned, once more."""
    return Done(number, "", print_receipt(desk, by, dossier_id))


def make_manifest(desk: Desk, by: Officer) -> tuple[Manifest, Drawn]:
    """The post's list of the day and its paper."""
    manifest = post.hand_to_post(desk, by)
    return manifest, drawn(lambda: print_list(desk, by, manifest.id))


def make_label(desk: Desk, by: Officer, dossier_id: str) -> MadePaper:
    """The label of one envelope, a page of C5."""
    return print_labels(desk, by, [dossier_id], "c5")


def note_delivered(desk: Desk, by: Officer, dossier_id: str, typed: str) -> None:
    """The post has delivered, on the day typed (nothing typed: today)."""
    day = _day(desk, typed)
    at = None if day is None else desk.reference.calendar.opening(day)
    post.delivered(desk, by, dossier_id, at)


def note_came_back(desk: Desk, by: Officer, dossier_id: str, note: str) -> None:
    """The post has brought it back."""
    post.came_back(desk, by, dossier_id, note)


def bill_warning(typed: str) -> str:
    """What to read before a bill code is kept; empty where it is right or nothing is typed.

    Raises ``RuleError`` (field ``bill``) for what is no code.
    """
    return read_bill_code(typed).warning if typed.strip() else ""


def _day(desk: Desk, typed: str) -> date | None:
    today = desk.clock.now().astimezone(VIETNAM).date()
    return parse_typed_date(typed, today, "day") if typed.strip() else None
