"""The gateway's tables. Times are whole milliseconds since 1970 (UTC); JSON is canonical text.

Nothing here is special to one database; what is, stands in ``dialect``.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_BigId = BigInteger().with_variant(Integer, "sqlite")


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _ms(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=null)


server = Table("server", metadata, Column("name", Text, primary_key=True), _text("value"))
"""Facts of this gateway: its id, feed id, keys, the floor of the change feed."""

units = Table("units", metadata, Column("unit_code", Text, primary_key=True), _text("name"))

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    Column("code_hash", Text, primary_key=True),
    _text("desk_name"),
    _text("unit_code", null=True),
    _ms("expires_at"),
    _text("used_by", null=True),
    _text("used_keys", null=True),
)

desks = Table(
    "desks",
    metadata,
    Column("desk_id", Text, primary_key=True),
    _text("unit_code"),
    _text("name"),
    Column("slot", Integer, nullable=False),
    _text("token_url"),
    _text("bundle_recipient"),
    _text("state"),
    _ms("enrolled_at"),
    _text("acked_cursor", null=True),
    Column("acked_seq", BigInteger, nullable=False),
    _ms("acked_at", null=True),
    UniqueConstraint("unit_code", "slot"),
)

desk_keys = Table(
    "desk_keys",
    metadata,
    Column("desk_id", Text, ForeignKey("desks.desk_id"), nullable=False),
    _text("kid"),
    _text("x"),
    _ms("valid_until", null=True),
    PrimaryKeyConstraint("desk_id", "kid"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("desk_id", Text, ForeignKey("desks.desk_id"), nullable=False),
    _ms("expires_at"),
    Index(None, "expires_at"),
)

seen_assertions = Table(
    "seen_assertions",
    metadata,
    _text("desk_id"),
    _text("jti_hash"),
    _ms("forget_at"),
    PrimaryKeyConstraint("desk_id", "jti_hash"),
    Index(None, "forget_at"),
)

streams = Table(
    "streams",
    metadata,
    Column("stream_id", _BigId, primary_key=True),
    Column("desk_id", Text, ForeignKey("desks.desk_id"), nullable=False),
    _text("epoch"),
    Column("received_through", BigInteger, nullable=False),
    _text("chain"),
    Column("closed", Boolean, nullable=False),
    _ms("last_received_at", null=True),
    _ms("last_recorded_at", null=True),
    UniqueConstraint("desk_id", "epoch"),
)

events = Table(
    "events",
    metadata,
    Column("row_id", _BigId, primary_key=True),
    Column("stream_id", BigInteger, ForeignKey("streams.stream_id"), nullable=False),
    Column("desk_seq", BigInteger, nullable=False),
    _text("desk_id"),
    _text("unit_code"),
    _text("event_id"),
    _text("holds_id", null=True),
    _text("content_digest"),
    _text("digest"),
    _text("chain"),
    _text("type", null=True),
    _text("subject_kind", null=True),
    _text("subject_id", null=True),
    _text("place"),
    _text("body"),
    _ms("received_at"),
    _text("verdict"),
    Column("dossier_version", BigInteger, nullable=True),
    _text("waiting_for", null=True),
    _text("problem", null=True),
    _text("warnings", null=True),
    Column("answered", Boolean, nullable=False),
    Column("voided", Boolean, nullable=False),
    UniqueConstraint("stream_id", "desk_seq"),
    UniqueConstraint("holds_id"),
    Index(None, "event_id"),
    Index(None, "subject_id"),
    Index(None, "place"),
    Index(None, "stream_id", "verdict"),
    Index(None, "verdict", "received_at"),
)
"""Every event as it came. ``holds_id`` is the event id where this row was the first with it;
``place`` is the id of the event it stands for (itself, or the one it corrects)."""

event_files = Table(
    "event_files",
    metadata,
    Column("row_id", BigInteger, ForeignKey("events.row_id"), nullable=False),
    _text("sha256"),
    PrimaryKeyConstraint("row_id", "sha256"),
    Index(None, "sha256"),
)

waits = Table(
    "waits",
    metadata,
    Column("row_id", BigInteger, ForeignKey("events.row_id"), nullable=False),
    _text("kind"),
    _text("ref"),
    PrimaryKeyConstraint("row_id", "kind", "ref"),
    Index(None, "kind", "ref"),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("dossier_id", Text, primary_key=True),
    _text("unit_code"),
    _text("desk_id", null=True),
    _text("code"),
    _text("provisional_code", null=True),
    _text("national_code", null=True),
    Column("version", BigInteger, nullable=False),
    Column("status", Integer, nullable=False),
    _text("custodian_code"),
    _text("custodian_name"),
    _text("pending_code", null=True),
    _text("pending_name", null=True),
    _text("received", null=True),
    _text("results"),
    _text("due_at", null=True),
    _text("completed_at", null=True),
    _text("returned_at", null=True),
    _ms("changed_at"),
    Index(None, "unit_code"),
    Index(None, "custodian_code"),
    Index(None, "pending_code"),
)

numbers = Table(
    "numbers",
    metadata,
    Column("code", Text, primary_key=True),
    _text("dossier_id"),
)
"""Official dossier numbers that have been given, once and for ever."""

number_counters = Table(
    "number_counters",
    metadata,
    _text("unit_code"),
    _text("day"),
    Column("last_used", Integer, nullable=False),
    PrimaryKeyConstraint("unit_code", "day"),
)

number_blocks = Table(
    "number_blocks",
    metadata,
    Column("block_id", Text, primary_key=True),
    Column("desk_id", Text, ForeignKey("desks.desk_id"), nullable=False),
    _text("unit_code"),
    _text("kind"),
    _text("pattern"),
    _text("per"),
    _text("valid_from"),
    _text("valid_to"),
    Column("seq_from", Integer, nullable=False),
    Column("seq_to", Integer, nullable=False),
    _text("state"),
    _text("last_used", null=True),
    Index(None, "unit_code"),
    Index(None, "desk_id"),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", _BigId, primary_key=True),
    _text("change_id"),
    _text("unit_code", null=True),
    _text("desk_id", null=True),
    _text("except_desk", null=True),
    _text("change_type"),
    _ms("at"),
    _text("body"),
    UniqueConstraint("change_id"),
    Index(None, "unit_code", "seq"),
    Index(None, "desk_id", "seq"),
    sqlite_autoincrement=True,
)
"""The feed. A change is for one desk (``desk_id``), for a unit but the sender, or for everybody."""

answers = Table(
    "answers",
    metadata,
    _text("desk_id"),
    _text("operation"),
    _text("idempotency_key"),
    _text("body_digest"),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _ms("made_at"),
    PrimaryKeyConstraint("desk_id", "operation", "idempotency_key"),
    Index(None, "made_at"),
)

procedure_versions = Table(
    "procedure_versions",
    metadata,
    _text("code"),
    Column("version", Integer, nullable=False),
    _text("name"),
    _text("effective_from"),
    _text("effective_to", null=True),
    Column("body", LargeBinary, nullable=False),
    _text("sha256"),
    Column("catalogue_version", Integer, nullable=False),
    _ms("published_at"),
    PrimaryKeyConstraint("code", "version"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("upload_id", Text, primary_key=True),
    _text("unit_code"),
    _text("sha256"),
    Column("size", BigInteger, nullable=False),
    _text("media_type"),
    Column("held", BigInteger, nullable=False),
    _ms("expires_at"),
    UniqueConstraint("unit_code", "sha256"),
)

files = Table(
    "files",
    metadata,
    _text("unit_code"),
    _text("sha256"),
    Column("size", BigInteger, nullable=False),
    _text("media_type"),
    _text("fault", null=True),
    _ms("completed_at"),
    PrimaryKeyConstraint("unit_code", "sha256"),
)

operator_tokens = Table(
    "operator_tokens",
    metadata,
    Column("token_hash", Text, primary_key=True),
    _text("kind"),
    _ms("expires_at"),
)
"""What lets an operator see the page: ``login`` (made by command) and ``session`` (a browser's cookie)."""
