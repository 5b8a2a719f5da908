"""The life of a dossier: results, receipts, post, hand-over lists, signatures; the counter's day."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE backup_made (
        id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        made_at TEXT NOT NULL,
        verified_at TEXT,
        size INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        word TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE bundle_out (
        bundle_id TEXT NOT NULL,
        epoch TEXT NOT NULL,
        from_seq INTEGER NOT NULL,
        to_seq INTEGER NOT NULL,
        files TEXT NOT NULL,
        made_at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        receipt_at TEXT,
        PRIMARY KEY (bundle_id),
        FOREIGN KEY(epoch) REFERENCES stream (epoch)
    )
    """,
    """
    CREATE TABLE cash_count (
        id INTEGER NOT NULL,
        day DATE NOT NULL,
        officer_id TEXT NOT NULL,
        expected_vnd INTEGER NOT NULL,
        counted_vnd INTEGER NOT NULL,
        notes TEXT NOT NULL,
        reason TEXT DEFAULT '' NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(officer_id) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE delegation (
        id TEXT NOT NULL,
        leader_id TEXT NOT NULL,
        deputy_id TEXT NOT NULL,
        from_day DATE NOT NULL,
        to_day DATE NOT NULL,
        reason TEXT NOT NULL,
        made_at TEXT NOT NULL,
        ended_at TEXT,
        PRIMARY KEY (id),
        CONSTRAINT delegation_days CHECK (to_day >= from_day),
        FOREIGN KEY(leader_id) REFERENCES officer (id),
        FOREIGN KEY(deputy_id) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE eform_package (
        form_id TEXT NOT NULL,
        version TEXT NOT NULL,
        effective_from DATE NOT NULL,
        effective_to DATE,
        sha256 TEXT NOT NULL,
        body BLOB NOT NULL,
        taken_at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        PRIMARY KEY (form_id, version),
        FOREIGN KEY(officer_id) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE field_session (
        id TEXT NOT NULL,
        place TEXT NOT NULL,
        procedures TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        closed_at TEXT,
        officer_id TEXT NOT NULL,
        note TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(officer_id) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE guidance (
        id TEXT NOT NULL,
        book TEXT NOT NULL,
        line INTEGER NOT NULL,
        procedure_code TEXT NOT NULL,
        procedure_version INTEGER NOT NULL,
        procedure_name TEXT NOT NULL,
        person TEXT DEFAULT '' NOT NULL,
        phone TEXT DEFAULT '' NOT NULL,
        items TEXT NOT NULL,
        words TEXT DEFAULT '' NOT NULL,
        at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        withdrawn BOOLEAN DEFAULT 0 NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT guidance_once UNIQUE (book, line),
        FOREIGN KEY(officer_id) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE hand_over_list (
        id TEXT NOT NULL,
        kind TEXT NOT NULL,
        direction TEXT NOT NULL,
        book TEXT NOT NULL,
        line INTEGER NOT NULL,
        other_code TEXT DEFAULT '' NOT NULL,
        other_name TEXT NOT NULL,
        made_at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        note TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT hand_over_list_once UNIQUE (book, line),
        CONSTRAINT hand_over_kind_known CHECK (kind IN ('post','unit','internal')),
        CONSTRAINT hand_over_direction_known CHECK (direction IN ('in','out')),
        FOREIGN KEY(officer_id) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE intake_group (
        id TEXT NOT NULL,
        made_at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(officer_id) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE queue_ticket (
        id INTEGER NOT NULL,
        day DATE NOT NULL,
        number INTEGER NOT NULL,
        lane TEXT NOT NULL,
        priority BOOLEAN DEFAULT 0 NOT NULL,
        taken_at TEXT NOT NULL,
        called_at TEXT,
        calls INTEGER DEFAULT 0 NOT NULL,
        ended_at TEXT,
        state TEXT NOT NULL,
        officer_id TEXT,
        PRIMARY KEY (id),
        CONSTRAINT ticket_once UNIQUE (day, number),
        CONSTRAINT ticket_state_known CHECK (state IN ('waiting','called','served','absent','left')),
        FOREIGN KEY(officer_id) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE tariff_line (
        id TEXT NOT NULL,
        procedure_code TEXT NOT NULL,
        fee_code TEXT NOT NULL,
        channel TEXT,
        amount_vnd INTEGER NOT NULL,
        exemptions TEXT NOT NULL,
        basis TEXT NOT NULL,
        effective_from DATE NOT NULL,
        effective_to DATE,
        at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT tariff_not_negative CHECK (amount_vnd >= 0),
        FOREIGN KEY(officer_id) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE upload (
        sha256 TEXT NOT NULL,
        upload_url TEXT,
        "offset" INTEGER DEFAULT 0 NOT NULL,
        state TEXT NOT NULL,
        wanted BOOLEAN DEFAULT 0 NOT NULL,
        queued_at TEXT NOT NULL,
        tries INTEGER DEFAULT 0 NOT NULL,
        sent_bytes INTEGER DEFAULT 0 NOT NULL,
        last_word TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (sha256),
        CONSTRAINT upload_state_known CHECK (state IN ('waiting','sending','complete','refused')),
        FOREIGN KEY(sha256) REFERENCES stored_file (sha256)
    )
    """,
    """
    CREATE TABLE approval (
        id TEXT NOT NULL,
        dossier_id TEXT NOT NULL,
        act TEXT NOT NULL,
        "order" TEXT NOT NULL,
        words TEXT DEFAULT '' NOT NULL,
        asked_at TEXT NOT NULL,
        asked_by TEXT NOT NULL,
        state TEXT NOT NULL,
        decided_at TEXT,
        decided_by TEXT,
        answer TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT approval_state_known CHECK (state IN ('waiting','approved','declined','taken_back')),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id),
        FOREIGN KEY(asked_by) REFERENCES officer (id),
        FOREIGN KEY(decided_by) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE component_override (
        id TEXT NOT NULL,
        dossier_id TEXT NOT NULL,
        missing TEXT NOT NULL,
        reason TEXT NOT NULL,
        approved_by TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id),
        FOREIGN KEY(approved_by) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE eform (
        id TEXT NOT NULL,
        dossier_id TEXT,
        form_id TEXT NOT NULL,
        version TEXT NOT NULL,
        "values" TEXT NOT NULL,
        finished BOOLEAN NOT NULL,
        saved_at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT eform_once UNIQUE (dossier_id, form_id),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id),
        FOREIGN KEY(officer_id) REFERENCES officer (id)
    )
    """,
    """
    CREATE TABLE hand_over_item (
        list_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        dossier_id TEXT NOT NULL,
        note TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (list_id, position),
        CONSTRAINT hand_over_dossier_once UNIQUE (list_id, dossier_id),
        FOREIGN KEY(list_id) REFERENCES hand_over_list (id),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id)
    )
    """,
    """
    CREATE TABLE post_item (
        id TEXT NOT NULL,
        dossier_id TEXT NOT NULL,
        direction TEXT NOT NULL,
        bill_code TEXT,
        envelope_no TEXT DEFAULT '' NOT NULL,
        recipient TEXT NOT NULL,
        phone TEXT DEFAULT '' NOT NULL,
        address TEXT,
        fee_payer TEXT DEFAULT 'citizen' NOT NULL,
        state TEXT NOT NULL,
        made_at TEXT NOT NULL,
        handed_at TEXT,
        delivered_at TEXT,
        list_id TEXT,
        note TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT post_direction_known CHECK (direction IN ('in','out')),
        CONSTRAINT post_state_known CHECK (state IN ('arrived','ready','handed','delivered','came_back')),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id),
        FOREIGN KEY(list_id) REFERENCES hand_over_list (id)
    )
    """,
    """
    CREATE TABLE result_document (
        id TEXT NOT NULL,
        dossier_id TEXT NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        number TEXT NOT NULL,
        book TEXT DEFAULT '' NOT NULL,
        issued_at DATE NOT NULL,
        signer TEXT DEFAULT '' NOT NULL,
        signer_title TEXT DEFAULT '' NOT NULL,
        sha256 TEXT,
        elsewhere TEXT DEFAULT '' NOT NULL,
        superseded_at TEXT,
        at TEXT NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id),
        FOREIGN KEY(sha256) REFERENCES stored_file (sha256)
    )
    """,
    """
    CREATE TABLE payment (
        id TEXT NOT NULL,
        dossier_id TEXT NOT NULL,
        book TEXT NOT NULL,
        number INTEGER NOT NULL,
        amount_vnd INTEGER NOT NULL,
        method TEXT NOT NULL,
        reference TEXT DEFAULT '' NOT NULL,
        payer TEXT NOT NULL,
        fee_ids TEXT NOT NULL,
        at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        event_id TEXT,
        cancelled_at TEXT,
        cancel_reason TEXT DEFAULT '' NOT NULL,
        cancelled_by TEXT,
        cancel_event_id TEXT,
        PRIMARY KEY (id),
        CONSTRAINT receipt_once UNIQUE (book, number),
        CONSTRAINT payment_positive CHECK (amount_vnd > 0),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id),
        FOREIGN KEY(officer_id) REFERENCES officer (id),
        FOREIGN KEY(event_id) REFERENCES event (event_id),
        FOREIGN KEY(cancelled_by) REFERENCES officer (id),
        FOREIGN KEY(cancel_event_id) REFERENCES event (event_id)
    )
    """,
    """
    CREATE INDEX ticket_waiting ON queue_ticket (day, state)
    """,
    """
    CREATE INDEX tariff_procedure ON tariff_line (procedure_code, effective_from)
    """,
    """
    CREATE INDEX upload_open ON upload (wanted, queued_at) WHERE state != 'complete'
    """,
    """
    CREATE INDEX approval_dossier ON approval (dossier_id)
    """,
    """
    CREATE INDEX approval_waiting ON approval (asked_at) WHERE state = 'waiting'
    """,
    """
    CREATE UNIQUE INDEX post_item_bill ON post_item (bill_code) WHERE bill_code IS NOT NULL
    """,
    """
    CREATE INDEX post_item_dossier ON post_item (dossier_id)
    """,
    """
    CREATE INDEX result_dossier ON result_document (dossier_id)
    """,
    """
    CREATE INDEX payment_at ON payment (at)
    """,
    """
    CREATE INDEX payment_dossier ON payment (dossier_id)
    """,
    """
    ALTER TABLE dossier ADD COLUMN group_id TEXT
    """,
    """
    ALTER TABLE dossier ADD COLUMN session_id TEXT
    """,
    """
    ALTER TABLE dossier ADD COLUMN foreign_system TEXT DEFAULT '' NOT NULL
    """,
    """
    ALTER TABLE dossier ADD COLUMN foreign_no TEXT DEFAULT '' NOT NULL
    """,
    """
    ALTER TABLE party ADD COLUMN authority TEXT
    """,
    """
    ALTER TABLE component ADD COLUMN reuse_source TEXT DEFAULT '' NOT NULL
    """,
    """
    ALTER TABLE component ADD COLUMN reuse_day DATE
    """,
    """
    ALTER TABLE component ADD COLUMN substitute TEXT DEFAULT '' NOT NULL
    """,
    """
    ALTER TABLE print_job ADD COLUMN replaces INTEGER
    """,
    """
    ALTER TABLE print_job ADD COLUMN reason TEXT DEFAULT '' NOT NULL
    """,
    """
    INSERT INTO payment
        (id, dossier_id, book, number, amount_vnd, method, payer, fee_ids, at, officer_id, event_id)
    SELECT h.event_id, h.dossier_id,
        substr(h.detail ->> 'receipt', 1, instr(h.detail ->> 'receipt', '-') - 1),
        CAST(substr(h.detail ->> 'receipt', instr(h.detail ->> 'receipt', '-') + 1) AS INTEGER),
        h.detail ->> 'amount_vnd', coalesce(h.detail ->> 'method', 'cash'), d.owner_name,
        h.detail -> 'fee_ids', h.at, h.officer_id, h.event_id
    FROM history AS h JOIN dossier AS d ON d.id = h.dossier_id
    WHERE h.act = 'pay' AND h.detail ->> 'receipt' IS NOT NULL
        AND h.officer_id IS NOT NULL AND h.event_id IS NOT NULL
    """,
    """
    CREATE TRIGGER payment_is_kept BEFORE DELETE ON payment
    BEGIN SELECT RAISE(ABORT, 'receipts are kept'); END
    """,
    """
    CREATE TRIGGER payment_never_changes BEFORE UPDATE OF book, number, amount_vnd, at ON payment
    BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END
    """,
    """
    CREATE TRIGGER hand_over_item_never_changes BEFORE UPDATE ON hand_over_item
    BEGIN SELECT RAISE(ABORT, 'a hand-over list never changes'); END
    """,
    """
    CREATE TRIGGER hand_over_item_is_kept BEFORE DELETE ON hand_over_item
    BEGIN SELECT RAISE(ABORT, 'hand-over lists are kept'); END
    """,
)

COLUMNS = (
    ("dossier", "group_id"),
    ("dossier", "session_id"),
    ("dossier", "foreign_system"),
    ("dossier", "foreign_no"),
    ("party", "authority"),
    ("component", "reuse_source"),
    ("component", "reuse_day"),
    ("component", "substitute"),
    ("print_job", "replaces"),
    ("print_job", "reason"),
)

TABLES = (
    "payment",
    "result_document",
    "post_item",
    "hand_over_item",
    "eform",
    "component_override",
    "approval",
    "upload",
    "tariff_line",
    "queue_ticket",
    "intake_group",
    "hand_over_list",
    "guidance",
    "field_session",
    "eform_package",
    "delegation",
    "cash_count",
    "bundle_out",
    "backup_made",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
