"""Dossiers that arrive in an envelope (bưu chính công ích): reception and envelope in one commit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from app.clock import VIETNAM
from app.domain.bill_code import read_bill_code
from app.domain.catalogue import Channel
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import require_text
from app.errors import RuleError
from app.models import tables
from app.models.life_tables import post_item
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.finding.dossier_view import find_dossier_id
from app.services.intake.reception import receive_within
from app.services.intake.visit import Intake
from app.services.papers import slips
from app.services.post.items import ARRIVED, require_free_bill
from app.services.recording import Recorder
from app.text import t


@dataclass(frozen=True)
class Arrival:
    """An envelope that came. ``arrived_on``: the day on the post's stamp or notice; ``number`` of the
    envelope and ``bill`` may be empty where the post gave none."""

    arrived_on: date
    envelope_no: str = ""
    bill: str = ""
    note: str = ""


@dataclass(frozen=True)
class Posted:
    """A dossier taken from an envelope. ``already``: the dossier or its envelope was stored before;
    ``warnings``: sentences that block nothing."""

    id: str
    number: str
    item_id: str
    already: bool = False
    warnings: tuple[str, ...] = ()


def receive_by_post(desk: Desk, by: Officer, intake: Intake, arrival: Arrival) -> Posted:
    """Take in a dossier that came by post: reception and envelope in one commit.

    Papers by post must be certified copies or originals: a plain copy is said in ``warnings``, for the
    counter cannot compare it with an original. Raises what ``receive_dossier`` raises, and ``RuleError``
    "arrived-later" (field ``arrived_on``) for an envelope of a day still to come.
    """
    by.require(Permission.RECEIVE)
    received_at = intake.received_at or desk.clock.now()
    values, warning = _arrival_values(desk, arrival, received_at)
    with desk.store.write() as connection:
        received, numbers = receive_within(connection, desk, by, replace(intake, channel=Channel.POST))
        numbers.keep()
        item_id = _arrived_before(connection, received.id)
        if item_id is None:
            item_id = _store_arrival(connection, desk, by, received.id, values, received_at)
        warnings = (*warning, *_plain_copy_words(connection, received.id))
    return Posted(received.id, received.number, item_id, received.already, warnings)


def note_arrival(desk: Desk, by: Officer, number: str, arrival: Arrival) -> Posted:
    """The envelope of a dossier that is stored already with the channel post; noted once.

    Raises ``NotFoundError`` "no-dossier"; ``RuleError`` "not-by-post", "arrived-later", "bill-…".
    """
    by.require(Permission.RECEIVE)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.write() as connection:
        row = (
            connection.execute(select(tables.dossier).where(tables.dossier.c.id == dossier_id))
            .mappings()
            .one()
        )
        if row["channel"] != Channel.POST:
            raise RuleError(
                "not-by-post",
                t("Hồ sơ này không nộp qua bưu chính."),
                t("Xem lại số hồ sơ, hoặc xem kênh nộp của hồ sơ."),
                field="number",
            )
        values, warning = _arrival_values(desk, arrival, row["received_at"])
        item_id, already = _arrived_before(connection, dossier_id), True
        if item_id is None:
            at = max(desk.clock.now(), row["received_at"])
            item_id, already = _store_arrival(connection, desk, by, dossier_id, values, at), False
        warnings = (*warning, *_plain_copy_words(connection, dossier_id))
    return Posted(dossier_id, row["number"] or row["provisional_number"], item_id, already, warnings)


def _arrived_before(connection: Connection, dossier_id: str) -> str | None:
    p = post_item.c
    found = connection.execute(
        select(p.id).where(p.dossier_id == dossier_id, p.direction == "in").limit(1)
    ).scalar_one_or_none()
    return None if found is None else str(found)


def _arrival_values(
    desk: Desk, arrival: Arrival, received_at: datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    if arrival.arrived_on > received_at.astimezone(VIETNAM).date():
        raise RuleError(
            "arrived-later",
            t("Ngày phong bì đến sau ngày tiếp nhận."),
            t("Xem lại dấu bưu điện rồi gõ lại ngày."),
            field="arrived_on",
        )
    bill = read_bill_code(arrival.bill) if arrival.bill.strip() else None
    values = {
        "bill_code": bill.text if bill else None,
        "envelope_no": require_text(arrival.envelope_no, "envelope_no"),
        "note": require_text(arrival.note, "note"),
        "made_at": desk.reference.calendar.opening(arrival.arrived_on),
    }
    return values, ((bill.warning,) if bill and bill.warning else ())


def _store_arrival(
    connection: Connection, desk: Desk, by: Officer, dossier_id: str, values: dict[str, Any], at: datetime
) -> str:
    if values["bill_code"]:
        require_free_bill(connection, values["bill_code"], None)
    item_id, office = new_id(), slips.office_name(connection, desk)
    connection.execute(
        insert(post_item).values(
            id=item_id, dossier_id=dossier_id, direction="in", recipient=office, state=ARRIVED, **values
        )
    )
    recorder = Recorder(connection, desk, by, at)
    recorder.history(
        dossier_id,
        "post_arrived",
        {"envelope_no": values["envelope_no"], "day": values["made_at"].date().isoformat()},
    )
    recorder.audit("post_arrived", "dossier", dossier_id, ("envelope_no",))
    return item_id


def _plain_copy_words(connection: Connection, dossier_id: str) -> tuple[str, ...]:
    c = tables.component.c
    query = (
        select(c.name)
        .where(c.dossier_id == dossier_id, c.copy_kind == "photocopy", c.presented_only.is_(False))
        .order_by(c.position)
    )
    plain = [str(name) for name in connection.execute(query).scalars()]
    if not plain:
        return ()
    words = t("Nộp qua bưu chính cần bản sao chứng thực hoặc bản chính: {papers}.")
    return (words.format(papers="; ".join(plain)),)
