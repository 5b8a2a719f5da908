"""A dossier as the counter sees it when somebody comes for the result: what, to whom, why not yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.clock import VIETNAM
from app.domain.deadline_words import due_words
from app.domain.dossier_status import STEPS, Act, Status, ended_on_time
from app.domain.fees import Owed
from app.domain.people import Person
from app.domain.roles import Officer, Permission
from app.services.desk import Desk
from app.services.finding.dossier_detail import DossierDetail, PartyView
from app.services.finding.dossier_view import show_dossier
from app.services.hand_over.rows import term_result
from app.services.money.fee_debts import fees_owed
from app.services.papers.facts import PastAct, Story, read_story
from app.services.post.custody import HANDED, with_the_post
from app.services.post.items import PostItem, post_item_of
from app.services.returning.paper import count_words, result_words
from app.text import t

RETURNABLE = tuple(STEPS[Act.RETURN])
"""Statuses from which something is handed over: a result, or papers that go back."""


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
class Identity:
    """A card beside the dossier. ``role``: submitter or owner whose number it bears, else empty;
    ``title`` and ``next_step``: what the officer reads."""

    role: str
    name: str
    id_value: str
    title: str
    next_step: str = ""


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
        waiting_days=days_since(ended, now),
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


def party_of(dossier: DossierDetail, role: str) -> PartyView | None:
    """The person of that role."""
    return next((party for party in dossier.parties if party.role == role), None)


def days_since(ended: datetime | None, now: datetime) -> int:
    if ended is None:
        return 0
    return max(0, (now.astimezone(VIETNAM).date() - ended.astimezone(VIETNAM).date()).days)


def _papers(story: Story, dossier: DossierDetail) -> tuple[Paper, ...]:
    """The result, or the citizen's own papers where the dossier ended without one."""
    without_result = dossier.status in (Status.WITHDRAWN, Status.STOPPED) or dossier.papers_given_back
    if without_result:
        return tuple(
            Paper(each["name"], count_words(each), back=True)
            for each in story.papers
            if not each["presented_only"] and each["copy_kind"] != "electronic"
        )
    if dossier.status not in (Status.COMPLETED, Status.RETURNED):
        return ()
    results = [each for each in dossier.results if not each.superseded]
    if results:
        return tuple(Paper(each.name, result_words(each.number, each.elsewhere)) for each in results)
    past = story.latest(Act.COMPLETE)
    number = str(past.detail.get("result_no") or "") if past else ""
    name = story.version.result_name or dossier.procedure_name
    return (Paper(name, result_words(number, "")),)


def _blocked(dossier: DossierDetail, parcel: PostItem | None, story: Story) -> Blocked | None:
    if dossier.status in RETURNABLE:
        if parcel is not None and parcel.state == HANDED:
            error = with_the_post(parcel.bill)
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
