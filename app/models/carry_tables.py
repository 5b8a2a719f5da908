"""Tables of what leaves the desk besides events: files on their way, bundles on a stick, backups."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, text

from app.models.columns import Json, Moment
from app.models.tables import metadata

upload = Table(
    "upload",
    metadata,
    Column("sha256", Text, ForeignKey("stored_file.sha256"), primary_key=True),
    Column("upload_url", Text),
    Column("offset", Integer, nullable=False, server_default=text("0")),
    Column("state", Text, nullable=False),
    Column("wanted", Boolean, nullable=False, server_default=text("0")),
    Column("queued_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("sent_bytes", Integer, nullable=False, server_default=text("0")),
    Column("last_word", Text, nullable=False, server_default=text("''")),
    CheckConstraint("state IN ('waiting','sending','complete','refused')", name="upload_state_known"),
)
"""Files that events name. ``wanted``: a deferred verdict waits for it; ``sent_bytes``: with all repeats."""

Index("upload_open", upload.c.wanted, upload.c.queued_at, sqlite_where=upload.c.state != "complete")

bundle_out = Table(
    "bundle_out",
    metadata,
    Column("bundle_id", Text, primary_key=True),
    Column("epoch", Text, ForeignKey("stream.epoch"), nullable=False),
    Column("from_seq", Integer, nullable=False),
    Column("to_seq", Integer, nullable=False),
    Column("files", Json, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("receipt_at", Moment),
)
"""Handed over on a stick; its events count as sent only by the receipt."""

backup_made = Table(
    "backup_made",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("verified_at", Moment),
    Column("size", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("word", Text, nullable=False, server_default=text("''")),
)
"""Backups and whether reading them back succeeded; the file name alone, never where it lies."""
