"""Acceptance of what only arrived, refusal, and reversal of a refusal or reopening by a leader."""

from __future__ import annotations

from app.domain.catalogue import Channel
from app.domain.deadline import check_manual_due, reckon_due
from app.domain.dossier_status import Act, Status
from app.domain.roles import Permission
from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.protocol.payloads import EndWithReason, Progress
from app.services.acts import Step
from app.services.life.doing import Doing, required_words
from app.services.reception import require_complete
from app.services.stored_filing import payload_of, read_filing
from app.text import t


def accept(doing: Doing) -> Step:
    """Take in what was only registered (1 → 2): papers complete, the term runs from now."""
    filing = read_filing(doing.connection, doing.desk, doing.standing.id)
    require_complete(filing.version, filing.given, filing.facts, filing.answers)
    deadline = reckon_due(
        doing.at, filing.version.time_limit(Channel(filing.row["channel"])), doing.desk.reference.calendar
    )
    due_at, reason, confirmed = deadline.due_at, deadline.reason, deadline.confirmed
    if doing.order.due_at is not None:
        check_manual_due(doing.order.due_at, doing.at, doing.order.reason, doing.desk.reference.calendar)
        due_at, reason = doing.order.due_at, clean_text(doing.order.reason)
        confirmed = doing.desk.reference.calendar.is_confirmed(due_at.year)
    elif due_at is None and filing.row["due_at"] is not None:
        due_at, reason = filing.row["due_at"], filing.row["due_reason"]
    if due_at is None:
        raise RuleError(
            "due-unknown",
            t("Danh mục chưa có thời hạn của thủ tục này."),
            t("Nhập ngày hẹn trả và lý do rồi tiếp nhận lại."),
            field="due",
        )
    return Step(
        Act.ACCEPT,
        "dossier.received",
        payload_of(filing, received_at=doing.at, due_at=due_at),
        {"received_at": doing.at, "due_at": due_at, "due_reason": reason, "due_confirmed": confirmed},
        {"number": doing.standing.number},
        code=doing.standing.number,
    )


def refuse(doing: Doing) -> Step:
    """Not taken in (1 → 3; form 03)."""
    words = required_words(doing.order.reason, "reason")
    filing = read_filing(doing.connection, doing.desk, doing.standing.id)
    return Step(
        Act.REFUSE,
        "dossier.refused",
        EndWithReason(reason=words, filing=payload_of(filing)),
        {"ended_at": doing.at},
        {"reason": words},
        code=doing.standing.number,
    )


def reopen(doing: Doing) -> Step:
    """A leader reverses a refusal (3 → 2) or reopens a finished dossier (7, 9 → 4)."""
    doing.by.require(Permission.REOPEN)
    reason = clean_text(doing.order.reason)
    if doing.standing.status is Status.REFUSED:
        filing = read_filing(doing.connection, doing.desk, doing.standing.id)
        limit = filing.version.time_limit(Channel(filing.row["channel"]))
        reckoned = reckon_due(doing.at, limit, doing.desk.reference.calendar).due_at
        due_at = doing.order.due_at or reckoned or filing.row["due_at"]
        if doing.order.due_at is not None:
            check_manual_due(doing.order.due_at, doing.at, reason, doing.desk.reference.calendar)
        return Step(
            Act.REOPEN,
            "dossier.received",
            payload_of(filing, received_at=doing.at, due_at=due_at),
            {"received_at": doing.at, "due_at": due_at, "ended_at": None},
            {"reason": reason},
            code=doing.standing.number,
            approved_by=doing.by.id,
        )
    return Step(
        Act.REOPEN,
        "dossier.progress",
        Progress(note=reason or None),
        {"ended_at": None},
        {"reason": reason},
        approved_by=doing.by.id,
    )
