"""The ticket of a number just drawn, as PDF for the roll printer. Nothing is stored: it names nobody."""

from __future__ import annotations

from sqlalchemy import func, select

from app.domain.queue_slip import QueueSlip
from app.domain.roles import Officer, Permission
from app.models.counter_tables import queue_ticket
from app.services.desk import Desk
from app.services.papers import slips
from app.services.queue.numbers import GENERAL, Ticket


def queue_slip(desk: Desk, by: Officer, ticket: Ticket) -> QueueSlip:
    """What the ticket says; those ahead are the waiting ones who would be called before."""
    by.require(Permission.PRINT)
    c = queue_ticket.c
    before = (
        (c.priority & (c.number < ticket.number))
        if ticket.priority
        else (c.priority | (c.number < ticket.number))
    )
    with desk.store.read() as connection:
        ahead = connection.execute(
            select(func.count())
            .select_from(queue_ticket)
            .where(c.day == ticket.day, c.state == "waiting", c.id != ticket.id, before)
        ).scalar_one()
        office = slips.office_name(connection, desk)
    return QueueSlip(
        office=office,
        number=ticket.shown,
        lane="" if ticket.lane == GENERAL else ticket.lane,
        priority=ticket.priority,
        ahead=int(ahead),
        taken_at=ticket.taken_at,
        demo=desk.profile.demo,
    )


def ticket_pdf(desk: Desk, by: Officer, ticket: Ticket) -> bytes:
    """The ticket on 80 mm paper."""
    from app.printing.queue_ticket import draw_queue_ticket

    return draw_queue_ticket(queue_slip(desk, by, ticket))
