"""The desk can be trusted: requests about personal data, what was let go at the end of its term."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE subject_request (
        id TEXT NOT NULL,
        book TEXT NOT NULL,
        line INTEGER NOT NULL,
        kind TEXT NOT NULL,
        full_name TEXT NOT NULL,
        personal_id TEXT NOT NULL,
        phone TEXT DEFAULT '' NOT NULL,
        address TEXT DEFAULT '' NOT NULL,
        words TEXT NOT NULL,
        received_at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        terms_version TEXT NOT NULL,
        reply_due DATE,
        due DATE,
        decision TEXT,
        decided_at TEXT,
        decided_by TEXT,
        reason TEXT DEFAULT '' NOT NULL,
        basis TEXT DEFAULT '' NOT NULL,
        outcome TEXT,
        ended_at TEXT,
        PRIMARY KEY (id),
        CONSTRAINT subject_request_once UNIQUE (book, line),
        CONSTRAINT subject_request_kind_known
            CHECK (kind IN ('access','correction','erasure','restriction')),
        CONSTRAINT subject_request_decision_known
            CHECK (decision IS NULL OR decision IN ('granted','partly','refused')),
        FOREIGN KEY(officer_id) REFERENCES officer (id),
        FOREIGN KEY(decided_by) REFERENCES officer (id)
    )
    """,
    "CREATE INDEX subject_request_identity ON subject_request (personal_id)",
    """
    CREATE TABLE retention_run (
        id INTEGER NOT NULL,
        at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        counts TEXT NOT NULL,
        "left" TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE officer_factor (
        officer_id TEXT NOT NULL,
        secret BLOB NOT NULL,
        last_step INTEGER DEFAULT '0' NOT NULL,
        spare TEXT NOT NULL,
        since TEXT NOT NULL,
        PRIMARY KEY (officer_id),
        FOREIGN KEY(officer_id) REFERENCES officer (id)
    )
    """,
)

COLUMNS: tuple[tuple[str, str], ...] = ()
"""(table, column) added above, for the way down."""

TABLES = ("subject_request", "retention_run", "officer_factor")


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
