"""The line to a gateway above: links, verdicts from there, number blocks and files on the way."""

import sqlalchemy as sa
from alembic import op

revision = "p0004"
down_revision = "p0003"
branch_labels = None
depends_on = None

_TABLES = (
    "upward_files",
    "upward_blocks",
    "upward_adopts",
    "upward_events",
    "upward_streams",
    "upward_enrolments",
    "upward_links",
)


def upgrade() -> None:
    op.create_table(
        "upward_links",
        sa.Column("unit_code", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("unit_name", "url")),
        sa.Column("ca_pem", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("client_id", "token_url")),
        sa.Column("slot", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kid", "signing_secret", "bundle_secret")),
        *(sa.Column(name, sa.Text()) for name in ("server_id", "cursor", "acked_cursor", "catalogue_tag")),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger()) for name in ("tried_at", "answered_at", "complete_at")),
        sa.Column("trouble", sa.Text()),
        sa.PrimaryKeyConstraint("unit_code", name=op.f("pk_upward_links")),
    )
    names = ("kid", "signing_secret", "bundle_secret")
    op.create_table(
        "upward_enrolments",
        sa.Column("code_hash", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in names),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_upward_enrolments")),
    )
    _create_progress()
    _create_things()


def _create_progress() -> None:
    op.create_table(
        "upward_streams",
        sa.Column("stream_id", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.Column("trouble", sa.Text()),
        sa.ForeignKeyConstraint(
            ["stream_id"], ["streams.stream_id"], name=op.f("fk_upward_streams_stream_id")
        ),
        sa.PrimaryKeyConstraint("stream_id", name=op.f("pk_upward_streams")),
    )
    op.create_table(
        "upward_events",
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["events.row_id"], name=op.f("fk_upward_events_row_id")),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_upward_events")),
    )
    op.create_index(op.f("ix_upward_events_final"), "upward_events", ["final"])
    op.create_table(
        "upward_adopts",
        sa.Column("dossier_id", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_upward_adopts")),
    )


def _create_things() -> None:
    names = ("unit_code", "body", "valid_from", "valid_to", "state")
    op.create_table(
        "upward_blocks",
        sa.Column("block_id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in names),
        sa.PrimaryKeyConstraint("block_id", name=op.f("pk_upward_blocks")),
    )
    op.create_index(op.f("ix_upward_blocks_unit_code"), "upward_blocks", ["unit_code"])
    op.create_table(
        "upward_files",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("unit_code", "sha256", "state")),
        sa.Column("size", sa.BigInteger()),
        sa.Column("media_type", sa.Text()),
        sa.PrimaryKeyConstraint("unit_code", "sha256", name=op.f("pk_upward_files")),
    )
    op.create_index(op.f("ix_upward_files_state"), "upward_files", ["state"])


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
