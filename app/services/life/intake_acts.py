"""Acceptance of what only arrived, refusal, and reversal of a refusal or reopening by a leader."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Table

from app.domain.catalogue import Channel
from app.domain.deadline import Deadline, check_manual_due, reckon_due
from app.domain.dossier_status import Act, Status
from app.domain.vietnamese import require_text
from app.errors import RuleError
from app.models import tables
from app.models.life_tables import component_override
from app.protocol.payloads import EndWithReason, Progress
from app.services.demo.acts import Step
from app.services.intake.overrides import HISTORY, Override, settle_missing
from app.services.intake.received_parts import PaperLine
from app.services.intake.stored_filing import StoredFiling, payload_of, read_filing
from app.services.life.day_of_reception import UnderLaw, under_the_day
from app.services.life.doing import Doing, required_words
from app.services.life.papers_brought import papers_brought, rows_of
from app.services.life.result_paper import results_fall
from app.text import t


def accept(doing: Doing) -> Step:
    """Take in what was only registered (1 → 2): papers complete with those brought now, the term runs
    from now, under the law of today (``day_of_reception``). A leader may take it in with papers missing
    (``order.override``)."""
    law = under_the_day(doing, read_filing(doing.connection, doing.desk, doing.standing.id))
    brought = papers_brought(doing, law.filing)
    override = _settled(doing, law.filing, brought, doing.order.override)
    return _taken_in(doing, law, brought, override, doing.approver, {"number": doing.standing.number})


def refuse(doing: Doing) -> Step:
    """Not taken in (1 → 3; form 03); no term ever ran."""
    words = required_words(doing.order.reason, "reason")
    filing = read_filing(doing.connection, doing.desk, doing.standing.id)
    return Step(
        Act.REFUSE,
        "dossier.refused",
        EndWithReason(reason=words, filing=payload_of(filing)),
        {"ended_at": doing.at, "due_reason": t("Không tiếp nhận nên thời hạn không tính.")},
        {"reason": words},
        code=doing.standing.number,
    )


def reopen(doing: Doing) -> Step:
    """A leader, or who signs for him, reverses a refusal (3 → 2) or reopens a finished dossier (7, 9 → 4).

    The reason is part of the record. A reversed refusal is a reception: its term runs from now, and papers
    that still lack are taken upon the leader, by name. Results of a finished dossier hold no more.
    """
    reason = required_words(doing.order.reason, "reason")
    if doing.standing.status is Status.REFUSED:
        law = under_the_day(doing, read_filing(doing.connection, doing.desk, doing.standing.id))
        brought = papers_brought(doing, law.filing)
        override = _settled(doing, law.filing, brought, doing.order.override or reason)
        return _taken_in(doing, law, brought, override, doing.approver, {"reason": reason})
    return Step(
        Act.REOPEN,
        "dossier.progress",
        Progress(note=reason),
        {"ended_at": None},
        {"reason": reason},
        approved_by=doing.approver,
        statements=[results_fall(doing)],
    )


def _taken_in(
    doing: Doing,
    law: UnderLaw,
    brought: tuple[PaperLine, ...],
    override: Override | None,
    approver: str | None,
    detail: dict[str, object],
) -> Step:
    deadline, manual = _due(doing, law.filing)
    inserts: list[tuple[Table, dict[str, object]]] = [
        *law.inserts,
        *((tables.component, row) for row in rows_of(doing, brought)),
    ]
    if override is not None:
        inserts.append((component_override, override.as_row(doing.standing.id)))
    if brought:
        detail = {**detail, "items": [line.name for line in brought]}
    return Step(
        doing.order.act,
        "dossier.received",
        payload_of(law.filing, brought, received_at=doing.at, due_at=deadline.due_at),
        {
            **law.changes,
            "received_at": doing.at,
            "due_at": deadline.due_at,
            "due_reason": deadline.reason,
            "due_confirmed": deadline.confirmed,
            "due_manual": manual,
            "ended_at": None,
        },
        detail,
        code=doing.standing.number,
        approved_by=approver if override is None else override.approved_by,
        inserts=inserts,
        statements=law.statements,
        notes=[] if override is None else [(HISTORY, override.as_detail())],
    )


def _settled(
    doing: Doing, filing: StoredFiling, brought: tuple[PaperLine, ...], words: str
) -> Override | None:
    known = {rule.id for rule in filing.version.components}
    given = (*filing.given, *(line.code for line in brought if line.code in known))
    return settle_missing(
        doing.connection, doing.by, filing.version, given, filing.facts, filing.answers, words, doing.at
    )


def _due(doing: Doing, filing: StoredFiling) -> tuple[Deadline, bool]:
    """When it is due, reckoned from now, and whether an officer set the date.

    Given with the order; else by the catalogue's term; else, where it has none, as set at registration.
    Raises ``RuleError`` "due-unknown" and what ``check_manual_due`` raises.
    """
    calendar = doing.desk.reference.calendar
    given = doing.order.due_at
    if given is not None:
        return _manual(doing, given, require_text(doing.order.reason, "reason")), True
    limit = filing.version.time_limit(Channel(filing.row["channel"]))
    reckoned = reckon_due(doing.at, limit, calendar)
    if reckoned.due_at is not None:
        return reckoned, False
    kept: datetime | None = filing.row["due_at"]
    if kept is not None and kept > doing.at:
        return Deadline(kept, filing.row["due_reason"], filing.row["due_confirmed"]), True
    raise RuleError(
        "due-unknown",
        t("Danh mục chưa có thời hạn của thủ tục này."),
        t("Nhập ngày hẹn trả và lý do rồi tiếp nhận lại."),
        field="due",
    )


def _manual(doing: Doing, due_at: datetime, reason: str) -> Deadline:
    calendar = doing.desk.reference.calendar
    check_manual_due(due_at, doing.at, reason, calendar)
    return Deadline(due_at, reason, calendar.is_confirmed(due_at.year))
