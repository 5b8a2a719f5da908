"""The first tables of the gateway."""

import sqlalchemy as sa
from alembic import op

revision = "p0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("desk_id", "operation", "idempotency_key", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_made_at"), "answers", ["made_at"], unique=False)
    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("change_id", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("desk_id", sa.Text(), nullable=True),
        sa.Column("except_desk", sa.Text(), nullable=True),
        sa.Column("change_type", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
        sa.UniqueConstraint("change_id", name=op.f("uq_changes_change_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_changes_desk_id_seq"), "changes", ["desk_id", "seq"], unique=False)
    op.create_index(op.f("ix_changes_unit_code_seq"), "changes", ["unit_code", "seq"], unique=False)
    op.create_table(
        "desks",
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("token_url", sa.Text(), nullable=False),
        sa.Column("bundle_recipient", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("acked_cursor", sa.Text(), nullable=True),
        sa.Column("acked_seq", sa.BigInteger(), nullable=False),
        sa.Column("acked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("desk_id", name=op.f("pk_desks")),
        sa.UniqueConstraint("unit_code", "slot", name=op.f("uq_desks_unit_code_slot")),
    )
    op.create_table(
        "dossiers",
        sa.Column("dossier_id", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("provisional_code", sa.Text(), nullable=True),
        sa.Column("national_code", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("custodian_code", sa.Text(), nullable=False),
        sa.Column("custodian_name", sa.Text(), nullable=False),
        sa.Column("pending_code", sa.Text(), nullable=True),
        sa.Column("pending_name", sa.Text(), nullable=True),
        sa.Column("received", sa.Text(), nullable=True),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=True),
        sa.Column("completed_at", sa.Text(), nullable=True),
        sa.Column("returned_at", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_dossiers")),
    )
    op.create_index(op.f("ix_dossiers_custodian_code"), "dossiers", ["custodian_code"], unique=False)
    op.create_index(op.f("ix_dossiers_pending_code"), "dossiers", ["pending_code"], unique=False)
    op.create_index(op.f("ix_dossiers_unit_code"), "dossiers", ["unit_code"], unique=False)
    op.create_table(
        "enrolment_codes",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("desk_name", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_by", sa.Text(), nullable=True),
        sa.Column("used_keys", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_enrolment_codes")),
    )
    op.create_table(
        "files",
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("completed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_code", "sha256", name=op.f("pk_files")),
    )
    op.create_table(
        "number_counters",
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("last_used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_code", "day", name=op.f("pk_number_counters")),
    )
    op.create_table(
        "numbers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("dossier_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_numbers")),
    )
    op.create_table(
        "procedure_versions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Text(), nullable=False),
        sa.Column("effective_to", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_procedure_versions")),
    )
    op.create_table(
        "seen_assertions",
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("jti_hash", sa.Text(), nullable=False),
        sa.Column("forget_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("desk_id", "jti_hash", name=op.f("pk_seen_assertions")),
    )
    op.create_index(op.f("ix_seen_assertions_forget_at"), "seen_assertions", ["forget_at"], unique=False)
    op.create_table(
        "server",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_server")),
    )
    op.create_table(
        "units",
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit_code", name=op.f("pk_units")),
    )
    op.create_table(
        "uploads",
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("unit_code", "sha256", name=op.f("uq_uploads_unit_code_sha256")),
    )
    op.create_table(
        "desk_keys",
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("x", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.desk_id"], name=op.f("fk_desk_keys_desk_id")),
        sa.PrimaryKeyConstraint("desk_id", "kid", name=op.f("pk_desk_keys")),
    )
    op.create_table(
        "number_blocks",
        sa.Column("block_id", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("per", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=False),
        sa.Column("seq_from", sa.Integer(), nullable=False),
        sa.Column("seq_to", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last_used", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.desk_id"], name=op.f("fk_number_blocks_desk_id")),
        sa.PrimaryKeyConstraint("block_id", name=op.f("pk_number_blocks")),
    )
    op.create_index(op.f("ix_number_blocks_desk_id"), "number_blocks", ["desk_id"], unique=False)
    op.create_index(op.f("ix_number_blocks_unit_code"), "number_blocks", ["unit_code"], unique=False)
    op.create_table(
        "streams",
        sa.Column("stream_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("received_through", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("last_received_at", sa.BigInteger(), nullable=True),
        sa.Column("last_recorded_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.desk_id"], name=op.f("fk_streams_desk_id")),
        sa.PrimaryKeyConstraint("stream_id", name=op.f("pk_streams")),
        sa.UniqueConstraint("desk_id", "epoch", name=op.f("uq_streams_desk_id_epoch")),
    )
    op.create_table(
        "tokens",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.desk_id"], name=op.f("fk_tokens_desk_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_expires_at"), "tokens", ["expires_at"], unique=False)
    op.create_table(
        "events",
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stream_id", sa.BigInteger(), nullable=False),
        sa.Column("desk_seq", sa.BigInteger(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("holds_id", sa.Text(), nullable=True),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("dossier_version", sa.BigInteger(), nullable=True),
        sa.Column("waiting_for", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("warnings", sa.Text(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["stream_id"], ["streams.stream_id"], name=op.f("fk_events_stream_id")),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_events")),
        sa.UniqueConstraint("holds_id", name=op.f("uq_events_holds_id")),
        sa.UniqueConstraint("stream_id", "desk_seq", name=op.f("uq_events_stream_id_desk_seq")),
    )
    op.create_index(op.f("ix_events_event_id"), "events", ["event_id"], unique=False)
    op.create_index(op.f("ix_events_place"), "events", ["place"], unique=False)
    op.create_index(op.f("ix_events_stream_id_verdict"), "events", ["stream_id", "verdict"], unique=False)
    op.create_index(op.f("ix_events_subject_id"), "events", ["subject_id"], unique=False)
    op.create_table(
        "event_files",
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["events.row_id"], name=op.f("fk_event_files_row_id")),
        sa.PrimaryKeyConstraint("row_id", "sha256", name=op.f("pk_event_files")),
    )
    op.create_index(op.f("ix_event_files_sha256"), "event_files", ["sha256"], unique=False)
    op.create_table(
        "waits",
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["events.row_id"], name=op.f("fk_waits_row_id")),
        sa.PrimaryKeyConstraint("row_id", "kind", "ref", name=op.f("pk_waits")),
    )
    op.create_index(op.f("ix_waits_kind_ref"), "waits", ["kind", "ref"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_waits_kind_ref"), table_name="waits")
    op.drop_table("waits")
    op.drop_index(op.f("ix_event_files_sha256"), table_name="event_files")
    op.drop_table("event_files")
    op.drop_index(op.f("ix_events_subject_id"), table_name="events")
    op.drop_index(op.f("ix_events_stream_id_verdict"), table_name="events")
    op.drop_index(op.f("ix_events_place"), table_name="events")
    op.drop_index(op.f("ix_events_event_id"), table_name="events")
    op.drop_table("events")
    op.drop_index(op.f("ix_tokens_expires_at"), table_name="tokens")
    op.drop_table("tokens")
    op.drop_table("streams")
    op.drop_index(op.f("ix_number_blocks_unit_code"), table_name="number_blocks")
    op.drop_index(op.f("ix_number_blocks_desk_id"), table_name="number_blocks")
    op.drop_table("number_blocks")
    op.drop_table("desk_keys")
    op.drop_table("uploads")
    op.drop_table("units")
    op.drop_table("server")
    op.drop_index(op.f("ix_seen_assertions_forget_at"), table_name="seen_assertions")
    op.drop_table("seen_assertions")
    op.drop_table("procedure_versions")
    op.drop_table("numbers")
    op.drop_table("number_counters")
    op.drop_table("files")
    op.drop_table("enrolment_codes")
    op.drop_index(op.f("ix_dossiers_unit_code"), table_name="dossiers")
    op.drop_index(op.f("ix_dossiers_pending_code"), table_name="dossiers")
    op.drop_index(op.f("ix_dossiers_custodian_code"), table_name="dossiers")
    op.drop_table("dossiers")
    op.drop_table("desks")
    op.drop_index(op.f("ix_changes_unit_code_seq"), table_name="changes")
    op.drop_index(op.f("ix_changes_desk_id_seq"), table_name="changes")
    op.drop_table("changes")
    op.drop_index(op.f("ix_answers_made_at"), table_name="answers")
    op.drop_table("answers")
