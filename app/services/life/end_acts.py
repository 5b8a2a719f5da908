"""Processing, its end, and the way of the result to the citizen."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.dossier_status import Act
from app.domain.vietnamese import clean_text
from app.models import tables
from app.protocol.ids import new_id
from app.protocol.parts import Result
from app.protocol.payloads import Completed, Returned
from app.services import acts
from app.services.acts import Step
from app.services.life.doing import Doing
from app.services.received_event import party
from app.services.stored_filing import read_filing
from app.text import t


def start(doing: Doing) -> Step:
    """Hand over to processing (2 → 4)."""
    return acts.start(doing.standing, doing.at)


def complete(doing: Doing) -> Step:
    """Processing is done (→ 9), with the number of the result."""
    number = clean_text(doing.order.result_no)
    results = []
    if number:
        filing = read_filing(doing.connection, doing.desk, doing.standing.id)
        version = filing.version
        results.append(
            Result(
                result_id=new_id(),
                code=version.result_code or version.code,
                name=version.result_name or version.short_name,
                number=number,
                issued_at=doing.at.date(),
                signer=_leader_name(doing),
            )
        )
    return Step(
        Act.COMPLETE,
        "dossier.completed",
        Completed(results, note=clean_text(doing.order.reason) or None),
        {"ended_at": doing.at},
        {"result_no": number} if number else {},
    )


def hand_over(doing: Doing) -> Step:
    """Give the result to the citizen, by the way chosen at reception (→ 10)."""
    filing = read_filing(doing.connection, doing.desk, doing.standing.id)
    recipient = filing.submitter or filing.owner
    identifiers = party(recipient).identifiers
    method = filing.row["return_method"]
    return Step(
        Act.RETURN,
        "dossier.returned",
        Returned(
            method=method,
            recipient_name=recipient.name,
            recipient_identifier=identifiers[0] if identifiers else None,
        ),
        {"returned_at": doing.at},
        {"method": method},
    )


def withdraw(doing: Doing) -> Step:
    """The citizen takes the dossier back (→ 7)."""
    reason = clean_text(doing.order.reason) or t("Công dân yêu cầu rút hồ sơ")
    return acts.withdraw(reason)(doing.standing, doing.at)


def stop(doing: Doing) -> Step:
    """Processing is stopped (→ 8; form 05)."""
    return acts.stop(doing.order.reason)(doing.standing, doing.at)


def _leader_name(doing: Doing) -> str | None:
    o = tables.officer.c
    name = doing.connection.execute(
        select(o.name).where(o.role == "leader", o.active).order_by(o.created_at).limit(1)
    ).scalar_one_or_none()
    return str(name) if name else None
