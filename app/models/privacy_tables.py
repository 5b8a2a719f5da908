"""Tables of the law on personal data: what citizens ask of theirs, what was let go when its term ended."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.models.columns import Json, Moment
from app.models.tables import metadata

subject_request = Table(
    "subject_request",
    metadata,
    Column("id", Text, primary_key=True),
    Column("book", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("full_name", Text, nullable=False),
    Column("personal_id", Text, nullable=False),
    Column("phone", Text, nullable=False, server_default=text("''")),
    Column("address", Text, nullable=False, server_default=text("''")),
    Column("words", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
    Column("terms_version", Text, nullable=False),
    Column("reply_due", Date),
    Column("due", Date),
    Column("decision", Text),
    Column("decided_at", Moment),
    Column("decided_by", Text, ForeignKey("officer.id")),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("basis", Text, nullable=False, server_default=text("''")),
    Column("outcome", Json),
    Column("ended_at", Moment),
    UniqueConstraint("book", "line", name="subject_request_once"),
    CheckConstraint(
        "kind IN ('access','correction','erasure','restriction')", name="subject_request_kind_known"
    ),
    CheckConstraint(
        "decision IS NULL OR decision IN ('granted','partly','refused')",
        name="subject_request_decision_known",
    ),
)
"""A citizen's request about their data (Luật 91/2025/QH15), by number and year. ``reply_due``, ``due``: days
as the dated terms of ``terms_version`` had them, ``None`` where the office has set none; ``outcome``: what
was done, as counts; ``ended_at``: a restriction was taken back."""

Index("subject_request_identity", subject_request.c.personal_id)

retention_run = Table(
    "retention_run",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("counts", Json, nullable=False),
    Column("left", Json, nullable=False),
)
"""What a run removed, by kind, and how much of each it left for the next run; counts only."""
