"""What an office gateway keeps of the gateway above it. Migration ``p0004``.

Empty in a gateway that stands at the top. Secrets lie here as the gateway's own do (table ``server``): the
store of an office is encrypted, or the copy is as secret as the original.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from app.province.tables import metadata

upward_links = Table(
    "upward_links",
    metadata,
    Column("unit_code", Text, primary_key=True),
    Column("unit_name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("ca_pem", Text),
    Column("client_id", Text, nullable=False),
    Column("token_url", Text, nullable=False),
    Column("slot", Integer, nullable=False),
    Column("kid", Text, nullable=False),
    Column("signing_secret", Text, nullable=False),
    Column("bundle_secret", Text, nullable=False),
    Column("server_id", Text),
    Column("cursor", Text),
    Column("acked_cursor", Text),
    Column("catalogue_tag", Text),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("tried_at", BigInteger),
    Column("answered_at", BigInteger),
    Column("complete_at", BigInteger),
    Column("trouble", Text),
)
"""One line upward for each unit whose desks this gateway serves; at the upper gateway it is a desk.

``complete_at``: the last round whose end check fitted; ``trouble``: code of what ended the last one."""

upward_enrolments = Table(
    "upward_enrolments",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("kid", Text, nullable=False),
    Column("signing_secret", Text, nullable=False),
    Column("bundle_secret", Text, nullable=False),
)
"""Keys that go with a code until it is answered, so that a lost answer costs nothing."""

upward_streams = Table(
    "upward_streams",
    metadata,
    Column("stream_id", BigInteger, ForeignKey("streams.stream_id"), primary_key=True),
    Column("through", BigInteger, nullable=False),
    Column("trouble", Text),
)
"""How far the upper gateway has answered each desk's stream."""

upward_events = Table(
    "upward_events",
    metadata,
    Column("row_id", BigInteger, ForeignKey("events.row_id"), primary_key=True),
    Column("final", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "final"),
)
"""The upper gateway's verdict on an event, as it came; no row: it has not answered yet."""

upward_adopts = Table(
    "upward_adopts",
    metadata,
    Column("dossier_id", Text, primary_key=True),
    Column("unit_code", Text, nullable=False),
)
"""Dossiers whose state here may differ from the upper one: asked for as soon as nothing of them waits."""

upward_blocks = Table(
    "upward_blocks",
    metadata,
    Column("block_id", Text, primary_key=True),
    Column("unit_code", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),
    Column("state", Text, nullable=False),
    Index(None, "unit_code"),
)
"""Number blocks the upper gateway granted this one, to be cut into slices for its desks."""

upward_files = Table(
    "upward_files",
    metadata,
    Column("unit_code", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("size", BigInteger),
    Column("media_type", Text),
    PrimaryKeyConstraint("unit_code", "sha256"),
    Index(None, "state"),
)
"""``sent``: the upper gateway holds it too; ``wanted``: it named the file and this gateway has not got it."""
