"""The operator's page: tokens of operators; on PostgreSQL, dossier ids sort by their bytes.

A dossier's id is compared here and at the desk (pages of a snapshot, runs of a reconciliation), so its
order must be that of its bytes whatever language the database was made for.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "p0002"
down_revision = "p0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operator_tokens",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_operator_tokens")),
    )
    op.create_index(op.f("ix_events_verdict_received_at"), "events", ["verdict", "received_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE dossiers ALTER COLUMN dossier_id TYPE text COLLATE "C"')


def downgrade() -> None:
    op.drop_index(op.f("ix_events_verdict_received_at"), "events")
    op.drop_table("operator_tokens")
