"""The national adapter: what is to be told to the portal, what it has, and why something is held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "p0003"
down_revision = "p0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "national_dossiers",
        sa.Column("dossier_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wanted_version", sa.BigInteger(), nullable=False),
        sa.Column("done_version", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("portal_id", sa.Text(), nullable=True),
        sa.Column("created", sa.Boolean(), nullable=False),
        sa.Column("created_digest", sa.Text(), nullable=True),
        sa.Column("body_digest", sa.Text(), nullable=True),
        sa.Column("in_flight", sa.Text(), nullable=True),
        sa.Column("doubt", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until", sa.BigInteger(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("trouble_since", sa.BigInteger(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("succeeded_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_national_dossiers")),
    )
    op.create_index(
        op.f("ix_national_dossiers_state_not_before"), "national_dossiers", ["state", "not_before"]
    )
    op.create_table(
        "national_steps",
        sa.Column("dossier_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dossier_id", "event_id", name=op.f("pk_national_steps")),
    )
    op.create_table(
        "national_files",
        sa.Column("dossier_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dossier_id", "sha256", name=op.f("pk_national_files")),
    )
    op.create_table(
        "national_facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_national_facts")),
    )


def downgrade() -> None:
    op.drop_table("national_facts")
    op.drop_table("national_files")
    op.drop_table("national_steps")
    op.drop_index(op.f("ix_national_dossiers_state_not_before"), "national_dossiers")
    op.drop_table("national_dossiers")
