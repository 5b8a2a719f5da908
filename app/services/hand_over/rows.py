"""Rows of the control slip (form 06): each hand-over the history holds, in the order it was written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.clock import VIETNAM, from_wire
from app.domain.dossier_status import Act, Status
from app.domain.slips import HandOver
from app.services.papers.facts import CUSTODY_CHANGED, REGISTERED, PastAct, Story
from app.text import t

_SPARE = {Status.RETURNED: 0, Status.REFUSED: 0, Status.COMPLETED: 1, Status.WITHDRAWN: 1, Status.STOPPED: 1}
_SPARE_ON_THE_WAY = 3


def hand_overs(story: Story, office: str) -> tuple[HandOver, ...]:
    """From whom to whom and when; who is not known is left for a hand. ``office``: the counter's name."""
    return tuple(_ROWS[past.act](story, office, past) for past in story.acts if past.act in _ROWS)


def agencies(story: Story) -> tuple[str, ...]:
    """Units that decide or take part, each once: the handling one, then those it was handed to."""
    others = [_to_name(past) for past in story.acts if past.act in (Act.TRANSFER, CUSTODY_CHANGED)]
    own = str(story.row["handling_unit_name"])
    return tuple(dict.fromkeys(name for name in (own, *others) if name))


def spare_rows(story: Story) -> int:
    """Empty rows for hand-overs still to come."""
    return _SPARE.get(Status(story.row["status"]), _SPARE_ON_THE_WAY)


def term_result(at: datetime, due_at: datetime | None) -> str:
    """How the end of processing stood to the due date, in the words of form 06.

    Early is on a day before the due day, on time up to the due moment; empty without a due date.
    """
    if due_at is None:
        return ""
    if at > due_at:
        return t("Quá hạn")
    if at.astimezone(VIETNAM).date() < due_at.astimezone(VIETNAM).date():
        return t("Trước hạn")
    return t("Đúng hạn")


def due_at_time_of(story: Story, until: PastAct) -> datetime | None:
    """The due date in force at an act, read back from what was told of each change; ``None`` if untold.

    After the last change it is the dossier's own. Earlier, the change before states it, or the one after.
    """
    changes = [past for past in story.acts if _moves_due(story, past)]
    after = [past for past in changes if past.id > until.id]
    if not after:
        due: datetime | None = story.row["due_at"]
        return due
    before = [past.payload for past in changes if past.id < until.id]
    told = (before[-1].get("new_due_at") or before[-1].get("due_at")) if before else None
    told = told or after[0].payload.get("previous_due_at")
    return from_wire(told) if told else None


def _moves_due(story: Story, past: PastAct) -> bool:
    """Whether the act set a due date; payment and reopening do so only in one status."""
    if past.act == Act.PAY:
        return story.status_before(past) is Status.FEE_REQUESTED
    if past.act == Act.REOPEN:
        return story.status_before(past) is Status.REFUSED
    return past.act in (Act.ACCEPT, Act.SUPPLEMENT, Act.EXTEND)


def _reception(story: Story, office: str, past: PastAct) -> HandOver:
    return HandOver(
        giver_unit=t("Người nộp hồ sơ"),
        receiver_unit=office,
        at=past.at,
        giver_name=story.submitter_name,
        receiver_name=past.by_name,
        note=t("Hồ sơ đến, chờ tiếp nhận") if past.act == REGISTERED else t("Tiếp nhận"),
    )


def _start(story: Story, office: str, past: PastAct) -> HandOver:
    handling = str(story.row["handling_unit_name"])
    return HandOver(office, handling, past.at, past.by_name, note=t("Chuyển xử lý"))


def _transfer(story: Story, office: str, past: PastAct) -> HandOver:
    giver = _name(story, past.payload.get("from_unit", {}))
    note = str(past.payload.get("note") or t("Chuyển đơn vị khác"))
    return HandOver(giver, _to_name(past), past.at, past.by_name, note=note)


def _accept_custody(story: Story, office: str, past: PastAct) -> HandOver:
    return HandOver(
        giver_unit=_name(story, past.payload.get("from_unit", {})),
        receiver_unit=_name(story, past.payload.get("to_unit", {})),
        at=past.at,
        receiver_name=past.by_name,
        note=t("Nhận bàn giao"),
    )


def _taken_elsewhere(story: Story, office: str, past: PastAct) -> HandOver:
    """Another unit said that it took the dossier over; who of its people did is not known here."""
    transfers = [each for each in story.acts if each.act == Act.TRANSFER and each.id < past.id]
    giver = _name(story, transfers[-1].payload.get("from_unit", {})) if transfers else ""
    return HandOver(giver, _to_name(past), past.at, note=t("Nhận bàn giao"))


def _complete(story: Story, office: str, past: PastAct) -> HandOver:
    number = str(past.detail.get("result_no") or "")
    return HandOver(
        giver_unit=str(story.row["handling_unit_name"]),
        receiver_unit=office,
        at=past.at,
        giver_name=past.by_name,
        result=term_result(past.at, due_at_time_of(story, past)),
        note=t("Kết quả số {number}").format(number=number) if number else t("Xử lý xong"),
    )


def _return(story: Story, office: str, past: PastAct) -> HandOver:
    recipient = str(past.payload.get("recipient_name") or story.submitter_name)
    given = t("Trả lại giấy tờ") if past.detail.get("papers_back") else t("Trả kết quả")
    by_post = past.payload.get("method") == "post"
    return HandOver(
        giver_unit=office,
        receiver_unit=t("Người nhận giấy tờ") if past.detail.get("papers_back") else t("Người nhận kết quả"),
        at=past.at,
        giver_name=past.by_name,
        receiver_name=recipient,
        note=t("{given} qua bưu chính").format(given=given) if by_post else given,
    )


_ROWS: dict[str, Callable[[Story, str, PastAct], HandOver]] = {
    REGISTERED: _reception,
    Act.ACCEPT.value: _reception,
    Act.START.value: _start,
    Act.TRANSFER.value: _transfer,
    Act.ACCEPT_CUSTODY.value: _accept_custody,
    CUSTODY_CHANGED: _taken_elsewhere,
    Act.COMPLETE.value: _complete,
    Act.RETURN.value: _return,
}


def _to_name(past: PastAct) -> str:
    return str(past.detail.get("to_name") or past.detail.get("name") or past.detail.get("to") or "")


def _name(story: Story, unit: object) -> str:
    """A unit as the event names it; where it gave the code alone, the name an earlier line had for it."""
    if not isinstance(unit, dict):
        return ""
    code, name = str(unit.get("code", "")), str(unit.get("name", ""))
    if name and name != code:
        return name
    known = {str(past.detail.get("to", "")): _to_name(past) for past in story.acts if past.detail.get("to")}
    return known.get(code, name or code)
