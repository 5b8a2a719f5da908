"""``due``: the reckoning of a due date alone."""

from __future__ import annotations

from app.cli.answer import Answer
from app.cli.commands.options import Commands
from app.cli.session import Session
from app.text import t


def add(commands: Commands) -> None:
    """Add ``due``."""
    due = commands.add_parser("due", help=t("tính ngày hẹn trả"))
    due.add_argument("--from", dest="start", required=True, metavar="ISO8601")
    due.add_argument("--procedure", required=True, metavar="CODE")
    due.set_defaults(run=_due)


def _due(session: Session) -> Answer:
    from app.domain.catalogue import Channel
    from app.domain.deadline import due_words, reckon_due

    received_at = session.moment(session.args.start, "from")
    reference = session.desk.reference
    version = reference.catalogue.version_for(session.args.procedure, received_at.date())
    deadline = reckon_due(received_at, version.time_limit(Channel.COUNTER), reference.calendar)
    body = {"due_at": deadline.due_at, "reason": deadline.reason, "confirmed": deadline.confirmed}
    when = due_words(deadline.due_at) if deadline.due_at else t("Chưa có ngày hẹn")
    return Answer(body, [when, deadline.reason])
