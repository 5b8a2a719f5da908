"""``queue``: numbers drawn at the door and called at the counter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.answer import Answer
from app.cli.commands.options import Commands, whole, write_out
from app.cli.session import Session
from app.text import t

if TYPE_CHECKING:
    from app.domain.roles import Officer
    from app.services.desk import Desk
    from app.services.queue.numbers import Ticket


def add(commands: Commands) -> None:
    """Add the commands of the queue."""
    queue = commands.add_parser("queue", help=t("số thứ tự chờ ở quầy")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="act"
    )
    for switch, on in (("on", True), ("off", False)):
        each = queue.add_parser(switch, help=t("bật số thứ tự") if on else t("tắt số thứ tự"))
        each.set_defaults(run=_switch, turn_on=on)
    draw = queue.add_parser("draw", help=t("lấy một số"))
    draw.add_argument("--lane", default="", metavar="T")
    draw.add_argument("--priority", action="store_true")
    draw.add_argument("--out", type=Path, metavar="F.pdf")
    draw.set_defaults(run=_draw)
    for name, said in (
        ("next", t("gọi số tiếp")),
        ("again", t("gọi lại")),
        ("absent", t("người được gọi vắng")),
        ("served", t("người ở quầy đã xong")),
    ):
        queue.add_parser(name, help=said).set_defaults(run=_step)
    for name, said in (("back", t("gọi lại một số đã vắng")), ("left", t("người cầm số đã về"))):
        each = queue.add_parser(name, help=said)
        each.add_argument("number", type=whole("number", 1, 999), metavar="N")
        each.set_defaults(run=_numbered)
    queue.add_parser("list", help=t("hôm nay đang thế nào")).set_defaults(run=_list)


def _switch(session: Session) -> Answer:
    from app.services.queue.numbers import switch_queue

    on = session.args.turn_on
    switch_queue(session.desk, session.officer, on)
    return Answer({"enabled": on}, [t("Đã bật số thứ tự.") if on else t("Đã tắt số thứ tự.")])


def _draw(session: Session) -> Answer:
    from app.services.queue.numbers import draw
    from app.services.queue.paper import ticket_pdf

    args = session.args
    ticket = draw(session.desk, session.officer, args.lane, priority=args.priority)
    body = _ticket(ticket)
    words = [t("Số {number}.").format(number=ticket.shown)]
    if args.out is not None:
        write_out(args.out, ticket_pdf(session.desk, session.officer, ticket))
        body["file"] = str(args.out)
    return Answer(body, words)


def _step(session: Session) -> Answer:
    from app.services.queue import numbers as queue

    steps: dict[str, Callable[[Desk, Officer], Ticket]] = {
        "next": queue.call_next,
        "again": queue.call_again,
        "absent": queue.absent,
        "served": queue.served,
    }
    ticket = steps[session.args.act](session.desk, session.officer)
    return Answer(_ticket(ticket), [t("Số {number}.").format(number=ticket.shown)])


def _numbered(session: Session) -> Answer:
    from app.services.queue import numbers as queue

    step = queue.call_back if session.args.act == "back" else queue.left
    ticket = step(session.desk, session.officer, session.args.number)
    return Answer(_ticket(ticket), [t("Số {number}.").format(number=ticket.shown)])


def _list(session: Session) -> Answer:
    from app.services.queue.numbers import queue_state

    state = queue_state(session.desk, session.officer)
    body = {
        "enabled": state.enabled,
        "day": state.day,
        "waiting": state.waiting,
        "drawn": state.drawn,
        "mine": None if state.mine is None else _ticket(state.mine),
        "calling": [_ticket(ticket) for ticket, _ in state.calling],
        "absent": [ticket.shown for ticket in state.absent],
    }
    words = t("{waiting} người chờ, hôm nay đã lấy {drawn} số.")
    return Answer(body, [words.format(waiting=state.waiting, drawn=state.drawn)])


def _ticket(ticket: Ticket) -> dict[str, object]:
    return {
        "number": ticket.number,
        "shown": ticket.shown,
        "lane": ticket.lane,
        "priority": ticket.priority,
        "state": ticket.state,
        "calls": ticket.calls,
        "taken_at": ticket.taken_at,
        "called_at": ticket.called_at,
    }
