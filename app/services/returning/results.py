"""Giving results out at the counter: what there is to hand over, to whom, and the paper to be signed.

SCREENS 8: the slip is scanned, the identity checked, the fee collected, the receipt signed. Money and return
are acts of their own (``life``) in one commit, so that neither stands without the other.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import RowMapping, func, select

from app.domain.dossier_status import Act, Status
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import clean_text
from app.errors import NotFoundError
from app.models import tables
from app.models.life_tables import post_item
from app.services.desk import Desk
from app.services.finding.dossier_view import find_dossier_id
from app.services.finding.search import Hit, find
from app.services.life import ActDone, ActOrder, Recipient, do_act_within
from app.services.life.doing import Paying
from app.services.life.money_acts import AlreadyTaken
from app.services.money.fee_debts import fees_owed
from app.services.post.custody import HANDED, require_at_the_counter
from app.services.post.items import READY
from app.services.post.parcels import withdraw_parcel
from app.services.returning.view import RETURNABLE, ReturnView, days_since, read_return
from app.text import t

_MOST_HITS = 12


@dataclass(frozen=True)
class LookedUp:
    """The answer to what was scanned or typed: one dossier, or several to choose from, or neither."""

    view: ReturnView | None
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """A result nobody has fetched. ``days``: calendar days since processing ended; ``post``: state of its
    parcel, or empty."""

    id: str
    number: str
    owner: str
    phone: str
    procedure: str
    ended_at: datetime | None
    days: int
    method: str
    post: str


def look_up(desk: Desk, by: Officer, text: str) -> LookedUp:
    """By a slip's code, a number or a name. A name that fits one waiting result opens it.

    Raises ``NotFoundError`` "no-dossier" where nothing fits.
    """
    by.require(Permission.RETURN)
    typed = clean_text(text)
    try:
        return LookedUp(read_return(desk, by, find_dossier_id(desk, typed)))
    except NotFoundError:
        pass
    hits = find(desk, by, typed, limit=_MOST_HITS * 4).results
    ready = tuple(hit for hit in hits if hit.status in RETURNABLE)
    if len(ready) == 1:
        return LookedUp(read_return(desk, by, ready[0].id))
    if not hits:
        raise NotFoundError(
            "no-dossier",
            t("Không tìm thấy hồ sơ nào như vừa quét hoặc gõ."),
            t("Quét lại mã trên giấy hẹn, hoặc gõ tên chủ hồ sơ."),
            field="number",
        )
    if len(hits) == 1:
        return LookedUp(read_return(desk, by, hits[0].id))
    rest = tuple(hit for hit in hits if hit.status not in RETURNABLE)
    return LookedUp(None, (*ready, *rest)[:_MOST_HITS])


def of_person(desk: Desk, by: Officer, personal_id: str) -> LookedUp:
    """The waiting results of whoever's card was scanned. Raises ``NotFoundError`` "no-result-waiting"."""
    by.require(Permission.RETURN)
    hits = find(desk, by, personal_id, limit=_MOST_HITS * 4).results
    ready = tuple(hit for hit in hits if hit.status in RETURNABLE)
    if len(ready) == 1:
        return LookedUp(read_return(desk, by, ready[0].id))
    if not ready:
        raise NotFoundError(
            "no-result-waiting",
            t("Người này chưa có kết quả nào chờ trả."),
            t("Quét mã trên giấy hẹn, hoặc nhấn F3 tìm hồ sơ để xem đang đến bước nào."),
            field="number",
        )
    return LookedUp(None, ready[:_MOST_HITS])


def hand_over(
    desk: Desk,
    by: Officer,
    number: str,
    recipient: Recipient,
    *,
    authority: str = "",
    collect: bool = False,
    request_id: str = "",
    at: datetime | None = None,
) -> ActDone:
    """Return the result at the counter (→ 10); ``collect``: take what is owed in cash in the same commit.

    ``authority``: the paper that entitles somebody else, kept with his relation. Raises what ``life.do_act``
    raises for ``PAY`` and ``RETURN``, and ``RuleError`` "with-the-post".
    """
    by.require(Permission.RETURN)
    dossier_id = find_dossier_id(desk, number)
    words = ", ".join(part for part in (clean_text(recipient.relation), clean_text(authority)) if part)
    order = ActOrder(Act.RETURN, recipient=replace(recipient, relation=words), at=at)
    with desk.store.write() as connection:
        require_at_the_counter(connection, dossier_id)
        if collect and fees_owed(connection, dossier_id).left_vnd > 0:
            paying = Paying(request_id=request_id)
            with suppress(AlreadyTaken):
                do_act_within(connection, desk, by, dossier_id, ActOrder(Act.PAY, paying=paying, at=at))
        withdraw_parcel(connection, dossier_id, t("Công dân đến nhận tại quầy"))
        return do_act_within(connection, desk, by, dossier_id, order)


def waiting_results(desk: Desk, by: Officer, *, limit: int = 200) -> tuple[int, tuple[Waiting, ...]]:
    """How many results wait, and those that have waited longest."""
    by.require(Permission.SEARCH)
    d, p, party = tables.dossier.c, post_item.c, tables.party.c
    open_parcel = (
        select(p.state)
        .where(p.dossier_id == d.id, p.direction == "out", p.state.in_((READY, HANDED)))
        .order_by(p.made_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    phone = select(func.max(party.phone)).where(party.dossier_id == d.id, party.phone != "").scalar_subquery()
    waits = d.status == int(Status.COMPLETED)
    query = (
        select(
            d.id,
            d.number,
            d.provisional_number,
            d.owner_name,
            d.procedure_name,
            d.ended_at,
            d.return_method,
            open_parcel.label("post"),
            phone.label("phone"),
        )
        .where(waits)
        .order_by(d.ended_at, d.row_no)
        .limit(limit)
    )
    now = desk.clock.now()
    with desk.store.read() as connection:
        count = connection.execute(select(func.count()).select_from(tables.dossier).where(waits)).scalar_one()
        rows = connection.execute(query).mappings().all()
    return int(count), tuple(_waiting(row, now) for row in rows)


def _waiting(row: RowMapping, now: datetime) -> Waiting:
    return Waiting(
        id=row["id"],
        number=row["number"] or row["provisional_number"],
        owner=row["owner_name"],
        phone=row["phone"] or "",
        procedure=row["procedure_name"],
        ended_at=row["ended_at"],
        days=days_since(row["ended_at"], now),
        method=row["return_method"],
        post=row["post"] or "",
    )
