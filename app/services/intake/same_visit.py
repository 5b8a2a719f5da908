"""One more dossier of a citizen who is still at the counter: each is stored at once, one sheet names all.

Where several are handed over together, ``group_intake`` stores all of them or none; here the officer takes
one after the other, and what is stored stays stored whatever becomes of the next.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, insert, select, update

from app.clock import VIETNAM
from app.domain.roles import Officer, Permission
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.counter_tables import intake_group
from app.protocol.ids import new_id
from app.services.desk import Desk, with_fresh_profile
from app.services.intake.group_intake import MOST, print_group_sheet
from app.services.intake.reception import Received, receive_with
from app.services.intake.visit import Intake
from app.services.numbering import NumberGiver
from app.services.papers.slips import MadePaper
from app.text import t

_d = tables.dossier.c


def receive_beside(desk: Desk, by: Officer, intake: Intake, first_id: str) -> Received:
    """Take in one more dossier of the visit that began with dossier ``first_id``.

    A visit ends with its day: the next day it is taken in on its own. Raises ``NotFoundError`` "no-dossier",
    ``RuleError`` "group-large" and what ``receive_dossier`` raises.
    """
    by.require(Permission.RECEIVE)
    with desk.store.write() as connection:
        desk = with_fresh_profile(connection, desk)
        day = (intake.received_at or desk.clock.now()).astimezone(VIETNAM).date()
        group_id = None
        if not _stored(connection, intake):
            group_id = _group_for(connection, desk, by, first_id, day)
        numbers = NumberGiver(connection, desk.profile)
        received = receive_with(connection, desk, by, intake, numbers, group_id)
        numbers.keep()
        return received


def print_visit_sheet(desk: Desk, by: Officer, first_id: str) -> MadePaper:
    """The sheet of the visit a dossier belongs to. ``NotFoundError`` "no-group" where it came alone."""
    with desk.store.read() as connection:
        group_id = connection.execute(select(_d.group_id).where(_d.id == first_id)).scalar_one_or_none()
    return print_group_sheet(desk, by, group_id or "")


def _stored(connection: Connection, intake: Intake) -> bool:
    found = connection.execute(select(_d.id).where(_d.request_id == intake.request_id))
    return found.first() is not None


def _group_for(connection: Connection, desk: Desk, by: Officer, first_id: str, day: date) -> str | None:
    """The visit's group, made with its second dossier; ``None`` once its day is over."""
    first = connection.execute(select(_d.group_id, _d.received_at).where(_d.id == first_id)).first()
    if first is None:
        raise NotFoundError("no-dossier", t("Không tìm thấy hồ sơ này."), t("Kiểm tra lại số hồ sơ."))
    if first.received_at.astimezone(VIETNAM).date() != day:
        return None
    if first.group_id is not None:
        _require_room(connection, first.group_id)
        return str(first.group_id)
    group_id = new_id()
    connection.execute(insert(intake_group).values(id=group_id, made_at=desk.clock.now(), officer_id=by.id))
    connection.execute(update(tables.dossier).where(_d.id == first_id).values(group_id=group_id))
    return group_id


def _require_room(connection: Connection, group_id: str) -> None:
    count = connection.execute(select(func.count()).where(_d.group_id == group_id)).scalar_one()
    if count >= MOST:
        raise RuleError(
            "group-large",
            t("Một lượt nhận nhiều nhất {most} hồ sơ.").format(most=MOST),
            t("Bấm F10 để xong lượt này, rồi nhận tiếp ở lượt sau."),
        )
