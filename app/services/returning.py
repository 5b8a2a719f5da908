"""Giving results out at the counter: what there is to hand over, to whom, and the paper to be signed.

SCREENS 8: the slip is scanned, the identity checked, the fee collected, the receipt signed. Money and return
are acts of their own (``life``) in one commit, so that neither stands without the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from app.clock import VIETNAM
from app.domain.deadline_words import due_words
from app.domain.dossier_status import STEPS, Act, Status, ended_on_time
from app.domain.fees import Owed
from app.domain.hand_over_list import ReturnReceipt
from app.domain.people import IdKind, Person
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import clean_text
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import payment, post_item, result_document
from app.services import slips
from app.services.desk import Desk
from app.services.dossier_view import DossierDetail, PartyView, find_dossier_id, show_dossier
from app.services.fee_debts import fees_owed
from app.services.hand_overs import term_result
from app.services.life import ActDone, ActOrder, Recipient, do_act_within
from app.services.life.doing import Paying
from app.services.life.money_acts import AlreadyTaken
from app.services.paper_facts import PastAct, Story, read_story
from app.services.post import HANDED, READY, PostItem, post_item_of, withdraw_parcel
from app.services.search import Hit, find
from app.services.slip_words import copy_kind_words, money
from app.services.slips import MadePaper
from app.text import t

FORM = "BNTKQ"
"""How printings of the return receipt are counted and named."""
_MOST_HITS = 12
_RETURNABLE = tuple(STEPS[Act.RETURN])
ID_NAMES = {
    IdKind.PERSONAL_NUMBER.value: t("Thẻ căn cước số {number}"),
    IdKind.ID_CARD_9.value: t("Chứng minh nhân dân số {number}"),
    IdKind.PASSPORT.value: t("Hộ chiếu số {number}"),
}


@dataclass(frozen=True)
class Paper:
    """One thing to hand over. ``back``: a paper of the citizen's own that goes back."""

    name: str
    detail: str
    back: bool = False


@dataclass(frozen=True)
class Blocked:
    """Why nothing can be handed over now, and what to do."""

    title: str
    next_step: str


@dataclass(frozen=True)
class ReturnView:
    """A dossier as the counter sees it when somebody comes for the result.

    ``timing``: early, on time or late in the words of form 06, empty without a due date; ``apology_due``:
    late, and no apology was written; ``owed``: what is still to pay; ``parcel``: its way by post, if any;
    ``waiting_days``: since processing ended; ``blocked``: ``None`` where it can be handed over.
    """

    dossier: DossierDetail
    papers: tuple[Paper, ...]
    owed: Owed
    timing: str
    apology_due: bool
    waiting_days: int
    parcel: PostItem | None
    blocked: Blocked | None
    old_ids: Mapping[str, str] = field(default_factory=dict)
    """Role to the number of an earlier identity card, where the new card named it."""

    @property
    def submitter(self) -> PartyView:
        """Who handed the dossier in."""
        return party_of(self.dossier, "submitter") or self.dossier.owner

    @property
    def can_collect(self) -> bool:
        """Whether money can be taken for it now."""
        return self.owed.left_vnd > 0 and self.dossier.status in STEPS[Act.PAY]


@dataclass(frozen=True)
class LookedUp:
    """The answer to what was scanned or typed: one dossier, or several to choose from, or neither."""

    view: ReturnView | None
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class Identity:
    """A card beside the dossier. ``role``: submitter or owner whose number it bears, else empty;
    ``title`` and ``next_step``: what the officer reads."""

    role: str
    name: str
    id_value: str
    title: str
    next_step: str = ""


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
    ready = tuple(hit for hit in hits if hit.status in _RETURNABLE)
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
    rest = tuple(hit for hit in hits if hit.status not in _RETURNABLE)
    return LookedUp(None, (*ready, *rest)[:_MOST_HITS])


def of_person(desk: Desk, by: Officer, personal_id: str) -> LookedUp:
    """The waiting results of whoever's card was scanned. Raises ``NotFoundError`` "no-result-waiting"."""
    by.require(Permission.RETURN)
    hits = find(desk, by, personal_id, limit=_MOST_HITS * 4).results
    ready = tuple(hit for hit in hits if hit.status in _RETURNABLE)
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


def read_return(desk: Desk, by: Officer, number: str) -> ReturnView:
    """Everything the counter needs to hand a dossier over. Raises ``NotFoundError`` "no-dossier"."""
    by.require(Permission.RETURN)
    dossier = show_dossier(desk, by, number)
    with desk.store.read() as connection:
        owed = fees_owed(connection, dossier.id)
        parcel = post_item_of(connection, dossier.id)
        story = read_story(connection, desk, dossier.id)
    ended = dossier.ended_at
    late = (
        dossier.status is Status.COMPLETED and ended is not None and not ended_on_time(dossier.due_at, ended)
    )
    now = desk.clock.now()
    return ReturnView(
        dossier=dossier,
        papers=_papers(story, dossier),
        owed=owed,
        timing=term_result(ended, dossier.due_at) if ended and dossier.status is Status.COMPLETED else "",
        apology_due=late and story.latest(Act.EXTEND) is None,
        waiting_days=_days(ended, now),
        parcel=parcel,
        blocked=_blocked(dossier, parcel, story),
        old_ids={role: row["old_id"] for role, row in story.people.items() if row["old_id"]},
    )


def compare_card(view: ReturnView, card: Person) -> Identity:
    """Whether the card is the submitter's or the owner's; if it is neither, what has to be shown."""
    number = card.id_value or ""
    for role, words in (
        ("submitter", t("Đúng người nộp hồ sơ: {name}.")),
        ("owner", t("Đúng chủ hồ sơ: {name}.")),
    ):
        party = party_of(view.dossier, role)
        if party is not None and number and number in (party.id_value, view.old_ids.get(role)):
            return Identity(role, party.name, number, words.format(name=party.name))
    return Identity(
        "",
        card.name,
        number,
        t("Thẻ của {name}, không phải người nộp hay chủ hồ sơ.").format(name=card.name),
        t("Xem giấy ủy quyền, ghi quan hệ với chủ hồ sơ rồi trả."),
    )


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
        parcel = post_item_of(connection, dossier_id)
        if parcel is not None and parcel.state == HANDED:
            raise _with_the_post(parcel)
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


def return_receipt(desk: Desk, by: Officer, number: str, copy_no: int = 1) -> ReturnReceipt:
    """What the receipt of a dossier that was returned says.

    Raises ``NotFoundError`` "no-dossier", ``RuleError`` "act-not-done".
    """
    by.require(Permission.PRINT)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        return _receipt(connection, desk, dossier_id, copy_no)


def print_receipt(desk: Desk, by: Officer, number: str) -> MadePaper:
    """Draw the receipt, keep the PDF, count the printing. Raises what ``return_receipt`` raises."""
    by.require(Permission.PRINT)
    from app.printing.return_receipt import draw_return_receipt

    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        copy_no = slips.next_copy(connection, dossier_id, FORM)
        content = _receipt(connection, desk, dossier_id, copy_no)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=dossier_id,
        subject_id=dossier_id,
        form=FORM,
        form_set="",
        pdf=draw_return_receipt(content),
        copy_no=copy_no,
    )


def party_of(dossier: DossierDetail, role: str) -> PartyView | None:
    """The person of that role."""
    return next((party for party in dossier.parties if party.role == role), None)


def _papers(story: Story, dossier: DossierDetail) -> tuple[Paper, ...]:
    """The result, or the citizen's own papers where the dossier ended without one."""
    without_result = dossier.status in (Status.WITHDRAWN, Status.STOPPED) or dossier.papers_given_back
    if without_result:
        return tuple(
            Paper(each["name"], _count(each), back=True)
            for each in story.papers
            if not each["presented_only"] and each["copy_kind"] != "electronic"
        )
    if dossier.status not in (Status.COMPLETED, Status.RETURNED):
        return ()
    results = [each for each in dossier.results if not each.superseded]
    if results:
        return tuple(Paper(each.name, _result_words(each.number, each.elsewhere)) for each in results)
    past = story.latest(Act.COMPLETE)
    number = str(past.detail.get("result_no") or "") if past else ""
    name = story.version.result_name or dossier.procedure_name
    return (Paper(name, _result_words(number, "")),)


def _result_words(number: str, elsewhere: str) -> str:
    words = t("số {number}").format(number=number) if number else ""
    held = t("ở {system}").format(system=elsewhere) if elsewhere else ""
    return ", ".join(part for part in (words, held) if part)


def _count(paper: RowMapping) -> str:
    kind = copy_kind_words(paper["copy_kind"], False)
    return f"{paper['quantity']} {kind[:1].lower()}{kind[1:]}"


def _blocked(dossier: DossierDetail, parcel: PostItem | None, story: Story) -> Blocked | None:
    if dossier.status in _RETURNABLE:
        if parcel is not None and parcel.state == HANDED:
            error = _with_the_post(parcel)
            return Blocked(error.title, error.next_step)
        return None
    if dossier.status is Status.RETURNED:
        return _already(dossier, story.latest(Act.RETURN))
    due = t("Hẹn trả {due}.").format(due=due_words(dossier.due_at)) if dossier.due_at else ""
    reasons: Mapping[Status, tuple[str, str]] = {
        Status.NEW: (t("Hồ sơ mới đến, chưa tiếp nhận."), t("Mở hồ sơ để tiếp nhận.")),
        Status.REFUSED: (
            t("Hồ sơ không được tiếp nhận nên không có kết quả."),
            t("Mở hồ sơ để xem lý do và in lại phiếu từ chối."),
        ),
        Status.SUPPLEMENT_REQUESTED: (
            t("Hồ sơ đang chờ công dân bổ sung giấy tờ."),
            t("Có giấy tờ thì mở hồ sơ và nhận bổ sung."),
        ),
        Status.FEE_REQUESTED: (
            t("Hồ sơ đang chờ công dân nộp phí, lệ phí."),
            t("Mở hồ sơ để thu; xử lý xong mới có kết quả."),
        ),
    }
    working = (
        t("Chưa có kết quả: hồ sơ đang được giải quyết."),
        " ".join(part for part in (due, t("Mời công dân quay lại, hoặc mở hồ sơ để xem.")) if part),
    )
    return Blocked(*reasons.get(dossier.status, working))


def _already(dossier: DossierDetail, past: PastAct | None) -> Blocked:
    who = str(past.payload.get("recipient_name") or "") if past else ""
    when = dossier.returned_at.astimezone(VIETNAM) if dossier.returned_at else None
    moment = f"{when:%H:%M %d/%m/%Y}" if when else ""
    words = (
        t("Hồ sơ này đã trả lúc {moment}, người nhận {who}.") if who else t("Hồ sơ này đã trả lúc {moment}.")
    )
    return Blocked(
        words.format(moment=moment, who=who), t("Cần thì in lại biên nhận, hoặc mở hồ sơ để xem lại.")
    )


def _with_the_post(parcel: PostItem) -> RuleError:
    bill = t(" (vận đơn {bill})").format(bill=parcel.bill) if parcel.bill else ""
    return RuleError(
        "with-the-post",
        t("Kết quả đang ở bưu chính{bill}, không có ở quầy.").format(bill=bill),
        t("Bưu chính báo đã phát thì ghi ngày phát; chuyển lại thì ghi quay lại rồi trả tại quầy."),
        field="number",
    )


def _days(ended: datetime | None, now: datetime) -> int:
    if ended is None:
        return 0
    return max(0, (now.astimezone(VIETNAM).date() - ended.astimezone(VIETNAM).date()).days)


def _waiting(row: RowMapping, now: datetime) -> Waiting:
    return Waiting(
        id=row["id"],
        number=row["number"] or row["provisional_number"],
        owner=row["owner_name"],
        phone=row["phone"] or "",
        procedure=row["procedure_name"],
        ended_at=row["ended_at"],
        days=_days(row["ended_at"], now),
        method=row["return_method"],
        post=row["post"] or "",
    )


def _receipt(connection: Connection, desk: Desk, dossier_id: str, copy_no: int) -> ReturnReceipt:
    story = read_story(connection, desk, dossier_id)
    past = story.latest(Act.RETURN)
    if past is None or Status(story.row["status"]) is not Status.RETURNED:
        raise RuleError(
            "act-not-done",
            t("Hồ sơ này chưa trả nên chưa có biên nhận trả kết quả."),
            t("Trả kết quả trước rồi in."),
            field="form",
        )
    row, payload = story.row, past.payload
    number = row["number"] or row["provisional_number"]
    back = bool(past.detail.get("papers_back"))
    paid = sum(
        connection.execute(
            select(payment.c.amount_vnd).where(
                payment.c.dossier_id == dossier_id, payment.c.cancelled_at.is_(None)
            )
        ).scalars()
    )
    return ReturnReceipt(
        head=slips.slip_head(connection, desk, serial=""),
        number=number,
        provisional=row["number"] is None,
        office=slips.office_name(connection, desk),
        owner_name=row["owner_name"],
        request=row["procedure_name"],
        returned_at=past.at,
        papers=_receipt_papers(connection, story, dossier_id, back=back),
        recipient=str(payload.get("recipient_name") or story.submitter_name),
        identity=_identity_words(payload.get("recipient_identifier"), past),
        relation=str(past.detail.get("relation") or ""),
        authority="",
        officer_name=past.by_name,
        method_words=_method_words(payload),
        fee_words=t("đã thu {amount} đồng").format(amount=money(paid)) if paid else "",
        late_words="" if back or row["ended_at"] is None else term_result(row["ended_at"], row["due_at"]),
        copy_no=copy_no,
        demo=desk.profile.demo,
    )


def _receipt_papers(
    connection: Connection, story: Story, dossier_id: str, *, back: bool
) -> tuple[tuple[str, str], ...]:
    if back:
        papers: Sequence[RowMapping] = [each for each in story.papers if not each["presented_only"]]
        return tuple((each["name"], _count(each)) for each in papers if each["copy_kind"] != "electronic")
    r = result_document.c
    rows = connection.execute(
        select(r.name, r.number, r.elsewhere)
        .where(r.dossier_id == dossier_id, r.superseded_at.is_(None))
        .order_by(r.at)
    ).all()
    if rows:
        return tuple((row.name, _result_words(row.number, row.elsewhere)) for row in rows)
    return ((story.version.result_name or str(story.row["procedure_name"]), ""),)


def _identity_words(identifier: Any, past: PastAct) -> str:
    """The paper that was shown; a number known from the dossier alone was not shown at the counter."""
    if not isinstance(identifier, dict) or not past.detail.get("identity_shown"):
        return ""
    number = str(identifier.get("value") or "")
    return ID_NAMES.get(str(identifier.get("scheme")), t("Giấy tờ số {number}")).format(number=number)


def _method_words(payload: Mapping[str, Any]) -> str:
    method, bill = payload.get("method"), str(payload.get("postal_code") or "")
    if method == "post":
        return t("Qua bưu chính, vận đơn {bill}").format(bill=bill) if bill else t("Qua bưu chính")
    return t("Điện tử") if method == "online" else t("Tại quầy")
