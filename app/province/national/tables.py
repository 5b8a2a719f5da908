"""What the adapter remembers. Times are whole milliseconds since 1970 (UTC)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from app.province.tables import metadata


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _whole(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=null)


national_dossiers = Table(
    "national_dossiers",
    metadata,
    Column("dossier_id", Text, primary_key=True),
    _text("state"),
    _whole("wanted_version"),
    _whole("done_version"),
    _text("number", null=True),
    _text("portal_id", null=True),
    Column("created", Boolean, nullable=False),
    _text("created_digest", null=True),
    _text("body_digest", null=True),
    _text("in_flight", null=True),
    Column("doubt", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    _whole("not_before"),
    _text("claimed_by", null=True),
    _whole("claimed_until"),
    _text("trouble", null=True),
    _whole("trouble_since", null=True),
    _text("reasons", null=True),
    _text("told", null=True),
    _whole("succeeded_at", null=True),
    Index(None, "state", "not_before"),
)
"""One row a dossier. ``state``: waiting, held, done. ``in_flight``: the call that had been begun when this
was written; ``doubt``: steps may have arrived that we do not know of; ``trouble``: the kind of the last
failure; ``reasons``: why it is held, as JSON, without personal data; ``told``: what desks last heard."""

national_steps = Table(
    "national_steps",
    metadata,
    _text("dossier_id"),
    _text("event_id"),
    _whole("sent_at"),
    PrimaryKeyConstraint("dossier_id", "event_id"),
)
"""Steps the portal has: a flag per event."""

national_files = Table(
    "national_files",
    metadata,
    _text("dossier_id"),
    _text("sha256"),
    _text("file_id"),
    _text("file_hash"),
    PrimaryKeyConstraint("dossier_id", "sha256"),
)
"""Files the portal has taken, by the names it gave them (generation 3)."""

national_facts = Table("national_facts", metadata, Column("name", Text, primary_key=True), _text("value"))
"""How far the feed has been read, which mapping was in force, until when the portal is left alone."""
