"""Tables of the counter's day: declarations, tariffs, queue, visits of several dossiers, field sessions."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.models.columns import Json, Moment
from app.models.tables import metadata

eform = Table(
    "eform",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id")),
    Column("form_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("values", Json, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
    UniqueConstraint("dossier_id", "form_id", name="eform_once"),
)
"""A statutory declaration as structured data, under the dated version it was filled in."""

eform_package = Table(
    "eform_package",
    metadata,
    Column("form_id", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("sha256", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
)
"""Declarations a province added as a file, beside those the program ships."""

tariff_line = Table(
    "tariff_line",
    metadata,
    Column("id", Text, primary_key=True),
    Column("procedure_code", Text, nullable=False),
    Column("fee_code", Text, nullable=False),
    Column("channel", Text),
    Column("amount_vnd", Integer, nullable=False),
    Column("exemptions", Json, nullable=False),
    Column("basis", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("at", Moment, nullable=False),
    Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
    CheckConstraint("amount_vnd >= 0", name="tariff_not_negative"),
)
"""What the province's resolution sets and the office has entered, dated; the newest row of a day holds."""

Index("tariff_procedure", tariff_line.c.procedure_code, tariff_line.c.effective_from)

intake_group = Table(
    "intake_group",
    metadata,
    Column("id", Text, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
)
"""Several dossiers of one citizen's visit: a slip each and one sheet for all."""

field_session = Table(
    "field_session",
    metadata,
    Column("id", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("procedures", Json, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
)
"""Registration in a hamlet (lưu động) with a laptop that is a desk of its own."""

queue_ticket = Table(
    "queue_ticket",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False),
    Column("number", Integer, nullable=False),
    Column("lane", Text, nullable=False),
    Column("priority", Boolean, nullable=False, server_default=text("0")),
    Column("taken_at", Moment, nullable=False),
    Column("called_at", Moment),
    Column("calls", Integer, nullable=False, server_default=text("0")),
    Column("ended_at", Moment),
    Column("state", Text, nullable=False),
    Column("officer_id", Text, ForeignKey("officer.id")),
    UniqueConstraint("day", "number", name="ticket_once"),
    CheckConstraint("state IN ('waiting','called','served','absent','left')", name="ticket_state_known"),
)
"""Numbers drawn at the door; no name stands on one."""

Index("ticket_waiting", queue_ticket.c.day, queue_ticket.c.state)
