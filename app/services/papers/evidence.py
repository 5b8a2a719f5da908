"""The evidence page of one dossier, from what the desk itself wrote down at the time.

Reads only: events with their numbers, digests, tries and verdicts, the rounds of sync around them, the
history. Nothing is reckoned that was not recorded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, or_, select

from app.clock import from_wire
from app.domain.dossier_status import Act
from app.domain.event_words import event_words
from app.domain.evidence import DueChange, Evidence, EvidenceEvent, RoundEnd, gaps_of, pauses_of
from app.domain.roles import Officer, Permission
from app.models import tables
from app.services.desk import Desk
from app.services.finding.dossier_view import find_dossier_id
from app.services.hand_over.rows import term_result
from app.services.papers import slips
from app.services.papers.facts import CUSTODY_CHANGED, REGISTERED, PastAct, Story, read_story
from app.services.papers.slips import MadePaper
from app.text import t

FORM = "BC"
"""How printings of the evidence page are counted and named."""
_ENDS = frozenset({Act.COMPLETE, Act.WITHDRAW, Act.STOP})
_ANSWERS = {"accepted": t("Tỉnh đã nhận"), "deferred": t("Tỉnh xem sau"), "rejected": t("Tỉnh chưa nhận")}


def evidence(desk: Desk, by: Officer, number: str, copy_no: int = 1) -> Evidence:
    """What the page says of a dossier, by number or id. Raises ``NotFoundError`` "no-dossier"."""
    by.require(Permission.PRINT)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        return _evidence(connection, desk, by, dossier_id, copy_no)


def print_evidence(desk: Desk, by: Officer, number: str) -> MadePaper:
    """Draw the page, keep the PDF, count the printing. Raises ``NotFoundError`` "no-dossier"."""
    by.require(Permission.PRINT)
    from app.printing.evidence_page import draw_evidence_page

    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        copy_no = slips.next_copy(connection, dossier_id, FORM)
        content = _evidence(connection, desk, by, dossier_id, copy_no)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=dossier_id,
        subject_id=dossier_id,
        form=FORM,
        form_set="",
        pdf=draw_evidence_page(content),
        copy_no=copy_no,
    )


def _evidence(connection: Connection, desk: Desk, by: Officer, dossier_id: str, copy_no: int) -> Evidence:
    story, now = read_story(connection, desk, dossier_id), desk.clock.now()
    row = story.row
    rows = _event_rows(connection, dossier_id)
    streams = tuple(dict.fromkeys(each["epoch"] for each in rows))
    ending = _ending(connection, dossier_id) if row["ended_at"] is not None else None
    events = tuple(_event(each, streams, ending) for each in rows)
    until = _settled_at(events) or now
    acts = [past for past in story.acts if past.act not in (REGISTERED, CUSTODY_CHANGED)]
    return Evidence(
        head=slips.slip_head(connection, desk, ""),
        number=row["number"] or row["provisional_number"],
        provisional_number=row["provisional_number"] or "",
        owner_name=row["owner_name"],
        request=row["procedure_name"],
        office=slips.office_name(connection, desk),
        desk_name=_desk_name(connection),
        made_at=now,
        received_at=row["received_at"],
        recorded_at=row["recorded_at"],
        due_at=row["due_at"],
        due_reason=row["due_reason"],
        ended_at=row["ended_at"],
        late_words=term_result(row["ended_at"], row["due_at"]) if row["ended_at"] is not None else "",
        returned_at=row["returned_at"],
        events=events,
        streams=streams,
        pauses=pauses_of([(Act(past.act), past.at) for past in acts]),
        due_changes=_due_changes(story),
        gaps=gaps_of(_rounds(connection, row["recorded_at"], until)),
        rounds_since=connection.execute(select(func.min(tables.sync_round.c.started_at))).scalar_one(),
        officer_name=by.name,
        copy_no=copy_no,
        demo=desk.profile.demo,
    )


def _event_rows(connection: Connection, dossier_id: str) -> Sequence[RowMapping]:
    e, s = tables.event.c, tables.stream.c
    return (
        connection.execute(
            select(tables.event)
            .join_from(tables.event, tables.stream, s.epoch == e.epoch)
            .where(e.dossier_id == dossier_id)
            .order_by(s.position, e.desk_seq)
        )
        .mappings()
        .all()
    )


def _ending(connection: Connection, dossier_id: str) -> str | None:
    """The event of the act that ended the processing."""
    h = tables.history.c
    query = (
        select(h.event_id)
        .where(h.dossier_id == dossier_id, h.act.in_([act.value for act in _ENDS]), h.event_id.is_not(None))
        .order_by(h.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def _event(row: RowMapping, streams: Sequence[str], ending: str | None) -> EvidenceEvent:
    body: Mapping[str, Any] = json.loads(row["body"])
    clock = body.get("clock") or {}
    measured = clock.get("synced_at")
    return EvidenceEvent(
        stream=streams.index(row["epoch"]) + 1,
        seq=row["desk_seq"],
        words=event_words(row["type"]),
        by=str((body.get("actor") or {}).get("officer_name") or ""),
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        offset_ms=clock.get("offset_ms"),
        measured_at=None if measured is None else from_wire(str(measured)),
        tries=row["tries"],
        last_try_at=row["last_try_at"],
        answer=_answer(row),
        answered_at=row["verdict_at"] if row["verdict"] is not None else None,
        digest=row["digest"],
        chain=row["chain"],
        begins=row["type"] == "dossier.received",
        ends=row["event_id"] == ending,
    )


def _answer(row: RowMapping) -> str:
    if row["verdict"] is None:
        return ""
    words = _ANSWERS[row["verdict"]]
    return f"{words}: {row['last_word']}" if row["verdict"] == "rejected" and row["last_word"] else words


def _settled_at(events: Sequence[EvidenceEvent]) -> datetime | None:
    """When the last answer was there, ``None`` while one is missing. The province's clock may go wrong, so
    the desk's own time of the last try counts too."""
    if not events or any(each.answered_at is None for each in events):
        return None
    return max(at for each in events for at in (each.answered_at, each.last_try_at) if at is not None)


def _due_changes(story: Story) -> tuple[DueChange, ...]:
    return tuple(_due_change(past) for past in story.acts if past.payload.get("new_due_at"))


def _due_change(past: PastAct) -> DueChange:
    before, after = past.payload.get("previous_due_at"), past.payload.get("new_due_at")
    return DueChange(
        Act(past.act).label if past.act in set(Act) else event_words(str(past.event.get("type"))),
        past.at,
        None if before is None else from_wire(str(before)),
        None if after is None else from_wire(str(after)),
    )


def _rounds(connection: Connection, since: datetime, until: datetime) -> list[RoundEnd]:
    """Tries from the act to the last answer, and the first one after, which ends a gap."""
    r = tables.sync_round.c
    after = select(func.min(r.id)).where(r.started_at > until).scalar_subquery()
    rows = connection.execute(
        select(r.started_at, r.ended_at, r.outcome, r.word)
        .where(r.ended_at >= since, or_(r.started_at <= until, r.id == after))
        .order_by(r.id)
    )
    return [RoundEnd(*row) for row in rows]


def _desk_name(connection: Connection) -> str:
    return str(connection.execute(select(tables.desk.c.name)).scalar_one_or_none() or "")
