"""Tables of who signs in beside ``officer``: the second step, which an officer may put on his own account."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text, text

from app.models.columns import Json, Moment
from app.models.tables import metadata

officer_factor = Table(
    "officer_factor",
    metadata,
    Column("officer_id", Text, ForeignKey("officer.id"), primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("last_step", Integer, nullable=False, server_default=text("0")),
    Column("spare", Json, nullable=False),
    Column("since", Moment, nullable=False),
)
"""One-time codes by time (RFC 6238) of an officer who asked for them. ``last_step``: the latest step of 30 s
whose code was taken, so that none counts twice; ``spare``: Argon2id hashes of spare codes not used yet."""
