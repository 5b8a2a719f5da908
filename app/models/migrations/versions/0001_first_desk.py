"""The first desk: dossiers, events, officers, account help, sync.

Written out in SQL: a migration never looks at today's tables.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE audit (
        seq INTEGER NOT NULL,
        at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        act TEXT NOT NULL,
        record_kind TEXT NOT NULL,
        record_id TEXT NOT NULL,
        fields TEXT NOT NULL,
        mac TEXT NOT NULL,
        PRIMARY KEY (seq)
    )
    """,
    """
    CREATE TABLE calendar_edit (
        id INTEGER NOT NULL,
        day DATE NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        basis TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE change (
        change_id TEXT NOT NULL,
        type TEXT NOT NULL,
        at TEXT NOT NULL,
        subject_kind TEXT NOT NULL,
        subject_id TEXT NOT NULL,
        body TEXT NOT NULL,
        taken_at TEXT NOT NULL,
        applied BOOLEAN NOT NULL,
        PRIMARY KEY (change_id)
    )
    """,
    """
    CREATE TABLE counter (
        scope TEXT NOT NULL,
        period TEXT NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (scope, period)
    )
    """,
    """
    CREATE TABLE desk (
        id TEXT NOT NULL,
        only INTEGER DEFAULT 1 NOT NULL,
        unit_code TEXT NOT NULL,
        agency_code TEXT,
        desk_no INTEGER NOT NULL,
        name TEXT NOT NULL,
        demo BOOLEAN NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT one_desk CHECK (only = 1),
        UNIQUE (only)
    )
    """,
    """
    CREATE TABLE draft (
        id TEXT NOT NULL,
        screen TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        saved_at TEXT NOT NULL,
        focus TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE gateway (
        only INTEGER NOT NULL,
        url TEXT NOT NULL,
        client_id TEXT NOT NULL,
        token_url TEXT NOT NULL,
        unit_code TEXT NOT NULL,
        unit_name TEXT NOT NULL,
        signing_kid TEXT NOT NULL,
        secret BLOB NOT NULL,
        server_keys TEXT NOT NULL,
        bundle_recipients TEXT NOT NULL,
        ca_pem TEXT,
        enrolled_at TEXT NOT NULL,
        PRIMARY KEY (only),
        CONSTRAINT one_gateway CHECK (only = 1)
    )
    """,
    """
    CREATE TABLE help_count (
        day DATE NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (day)
    )
    """,
    """
    CREATE TABLE login_guard (
        login_key TEXT NOT NULL,
        failures INTEGER NOT NULL,
        last_failure TEXT NOT NULL,
        PRIMARY KEY (login_key)
    )
    """,
    """
    CREATE TABLE notice (
        id INTEGER NOT NULL,
        at TEXT NOT NULL,
        severity TEXT NOT NULL,
        body TEXT NOT NULL,
        seen_at TEXT,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE number_block (
        block_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        unit_code TEXT NOT NULL,
        pattern TEXT NOT NULL,
        per TEXT NOT NULL,
        valid_from DATE NOT NULL,
        valid_to DATE NOT NULL,
        seq_from INTEGER NOT NULL,
        seq_to INTEGER NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (block_id)
    )
    """,
    """
    CREATE TABLE officer (
        id TEXT NOT NULL,
        login TEXT NOT NULL,
        name TEXT NOT NULL,
        position TEXT DEFAULT '' NOT NULL,
        role TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        must_change BOOLEAN NOT NULL,
        active BOOLEAN DEFAULT 1 NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (login)
    )
    """,
    """
    CREATE TABLE procedure_package (
        code TEXT NOT NULL,
        version INTEGER NOT NULL,
        effective_from DATE NOT NULL,
        effective_to DATE,
        sha256 TEXT NOT NULL,
        body BLOB NOT NULL,
        taken_at TEXT NOT NULL,
        PRIMARY KEY (code, version)
    )
    """,
    """
    CREATE TABLE procedure_use (
        code TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (code)
    )
    """,
    """
    CREATE TABLE setting (
        "key" TEXT NOT NULL,
        value TEXT,
        PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE stored_file (
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        media_type TEXT NOT NULL,
        purpose TEXT NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (sha256)
    )
    """,
    """
    CREATE TABLE stream (
        epoch TEXT NOT NULL,
        position INTEGER NOT NULL,
        reason TEXT NOT NULL,
        parent_epoch TEXT,
        parent_last_seq INTEGER,
        mark TEXT DEFAULT '' NOT NULL,
        opened_at TEXT NOT NULL,
        last_seq INTEGER NOT NULL,
        chain TEXT NOT NULL,
        confirmed BOOLEAN DEFAULT 0 NOT NULL,
        PRIMARY KEY (epoch),
        UNIQUE (position)
    )
    """,
    """
    CREATE TABLE sync_mark (
        "key" TEXT NOT NULL,
        value TEXT,
        PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE sync_round (
        id INTEGER NOT NULL,
        started_at TEXT NOT NULL,
        ended_at TEXT NOT NULL,
        outcome TEXT NOT NULL,
        counts TEXT NOT NULL,
        word TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE dossier (
        row_no INTEGER NOT NULL,
        id TEXT NOT NULL,
        request_id TEXT NOT NULL,
        number TEXT,
        provisional_number TEXT,
        procedure_code TEXT NOT NULL,
        procedure_version INTEGER NOT NULL,
        procedure_name TEXT NOT NULL,
        procedure_detail TEXT NOT NULL,
        form_set TEXT NOT NULL,
        tariff_version TEXT NOT NULL,
        calendar_version TEXT NOT NULL,
        channel TEXT NOT NULL,
        status INTEGER NOT NULL,
        submitted_at TEXT NOT NULL,
        received_at TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        due_at TEXT,
        due_reason TEXT NOT NULL,
        due_confirmed BOOLEAN NOT NULL,
        due_manual BOOLEAN NOT NULL,
        copies INTEGER NOT NULL,
        return_method TEXT NOT NULL,
        return_address TEXT,
        receiving_unit TEXT NOT NULL,
        receiving_unit_name TEXT NOT NULL,
        handling_unit TEXT NOT NULL,
        handling_unit_name TEXT NOT NULL,
        custodian_unit TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        owner_name TEXT NOT NULL,
        owner_sort TEXT NOT NULL,
        fee_total INTEGER,
        facts TEXT NOT NULL,
        answers TEXT NOT NULL,
        register_book TEXT NOT NULL,
        register_no INTEGER NOT NULL,
        ended_at TEXT,
        returned_at TEXT,
        supplement_rounds INTEGER DEFAULT 0 NOT NULL,
        province_version INTEGER,
        province_status INTEGER,
        sync_state TEXT NOT NULL,
        PRIMARY KEY (row_no),
        CONSTRAINT dossier_has_number CHECK (number IS NOT NULL OR provisional_number IS NOT NULL),
        CONSTRAINT dossier_status_known CHECK (status BETWEEN 1 AND 10),
        CONSTRAINT register_line_once UNIQUE (register_book, register_no),
        UNIQUE (id),
        UNIQUE (request_id),
        UNIQUE (number),
        UNIQUE (provisional_number),
        FOREIGN KEY(officer_id) REFERENCES officer (id)
    )
    """,
    """
    CREATE INDEX dossier_due ON dossier (due_at)
    """,
    """
    CREATE INDEX dossier_officer ON dossier (officer_id, received_at)
    """,
    """
    CREATE INDEX dossier_owner ON dossier (owner_sort)
    """,
    """
    CREATE INDEX dossier_procedure ON dossier (procedure_code, received_at)
    """,
    """
    CREATE INDEX dossier_received ON dossier (received_at)
    """,
    """
    CREATE INDEX dossier_status ON dossier (status, due_at)
    """,
    """
    CREATE INDEX dossier_sync ON dossier (sync_state)
    """,
    """
    CREATE TABLE component (
        id TEXT NOT NULL,
        dossier_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        code TEXT NOT NULL,
        national_code TEXT NOT NULL,
        name TEXT NOT NULL,
        mandatory TEXT NOT NULL,
        presented_only BOOLEAN NOT NULL,
        copy_kind TEXT NOT NULL,
        quantity INTEGER NOT NULL,
        reuse TEXT DEFAULT 'none' NOT NULL,
        from_national_store BOOLEAN DEFAULT 0 NOT NULL,
        note TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT component_once UNIQUE (dossier_id, code),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id)
    )
    """,
    """
    CREATE TABLE event (
        event_id TEXT NOT NULL,
        epoch TEXT NOT NULL,
        desk_seq INTEGER NOT NULL,
        type TEXT NOT NULL,
        schema INTEGER NOT NULL,
        subject_kind TEXT NOT NULL,
        subject_id TEXT NOT NULL,
        dossier_id TEXT,
        occurred_at TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        body BLOB NOT NULL,
        digest TEXT NOT NULL,
        chain TEXT NOT NULL,
        files TEXT NOT NULL,
        corrects TEXT,
        verdict TEXT,
        verdict_at TEXT,
        verdict_body TEXT,
        answered_by TEXT,
        tries INTEGER DEFAULT 0 NOT NULL,
        last_try_at TEXT,
        last_word TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (event_id),
        CONSTRAINT event_sequence_once UNIQUE (epoch, desk_seq),
        CONSTRAINT event_verdict_known CHECK (
            verdict IS NULL OR verdict IN ('accepted','deferred','rejected')
        ),
        FOREIGN KEY(epoch) REFERENCES stream (epoch),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id)
    )
    """,
    """
    CREATE INDEX event_dossier ON event (dossier_id)
    """,
    """
    CREATE INDEX event_open ON event (verdict) WHERE verdict IN ('rejected', 'deferred')
    """,
    """
    CREATE INDEX event_waiting ON event (epoch, desk_seq) WHERE verdict IS NULL
    """,
    """
    CREATE TABLE fee (
        id TEXT NOT NULL,
        dossier_id TEXT NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        amount_vnd INTEGER,
        rule TEXT NOT NULL,
        kind TEXT NOT NULL,
        stage TEXT NOT NULL,
        exempt_reason TEXT,
        PRIMARY KEY (id),
        CONSTRAINT fee_not_negative CHECK (amount_vnd IS NULL OR amount_vnd >= 0),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id)
    )
    """,
    """
    CREATE INDEX fee_dossier ON fee (dossier_id)
    """,
    """
    CREATE TABLE party (
        id TEXT NOT NULL,
        dossier_id TEXT NOT NULL,
        role TEXT NOT NULL,
        full_name TEXT NOT NULL,
        id_kind TEXT NOT NULL,
        id_value TEXT,
        old_id TEXT,
        birth_date DATE,
        sex TEXT,
        nationality TEXT,
        phone TEXT,
        email TEXT,
        address TEXT NOT NULL,
        relation TEXT DEFAULT '' NOT NULL,
        source TEXT NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id)
    )
    """,
    """
    CREATE INDEX party_dossier ON party (dossier_id)
    """,
    """
    CREATE INDEX party_identity ON party (id_value)
    """,
    """
    CREATE INDEX party_phone ON party (phone)
    """,
    """
    CREATE TABLE print_job (
        id INTEGER NOT NULL,
        dossier_id TEXT,
        subject_id TEXT NOT NULL,
        form TEXT NOT NULL,
        form_set TEXT NOT NULL,
        copy_no INTEGER NOT NULL,
        made_at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        state TEXT NOT NULL,
        printer TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT print_copy_once UNIQUE (subject_id, form, copy_no),
        CONSTRAINT print_state_known CHECK (state IN ('kept','printed','failed')),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id),
        FOREIGN KEY(sha256) REFERENCES stored_file (sha256)
    )
    """,
    """
    CREATE TABLE proposal (
        id TEXT NOT NULL,
        dossier_id TEXT NOT NULL,
        change_id TEXT NOT NULL,
        field TEXT NOT NULL,
        ours TEXT,
        theirs TEXT,
        made_at TEXT NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id),
        FOREIGN KEY(change_id) REFERENCES change (change_id)
    )
    """,
    """
    CREATE TABLE help_case (
        id TEXT NOT NULL,
        state TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        full_name TEXT,
        name_folded TEXT,
        personal_id TEXT,
        birth_date DATE,
        sex TEXT,
        phone TEXT,
        next_visit DATE,
        event_id TEXT,
        province_outcome TEXT,
        PRIMARY KEY (id),
        FOREIGN KEY(event_id) REFERENCES event (event_id)
    )
    """,
    """
    CREATE INDEX help_case_identity ON help_case (personal_id)
    """,
    """
    CREATE TABLE history (
        id INTEGER NOT NULL,
        dossier_id TEXT NOT NULL,
        act TEXT NOT NULL,
        at TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        officer_id TEXT,
        by_name TEXT NOT NULL,
        detail TEXT NOT NULL,
        event_id TEXT,
        PRIMARY KEY (id),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id),
        FOREIGN KEY(event_id) REFERENCES event (event_id)
    )
    """,
    """
    CREATE INDEX history_dossier ON history (dossier_id, id)
    """,
    """
    CREATE TABLE consent (
        id TEXT NOT NULL,
        case_id TEXT NOT NULL,
        purpose TEXT NOT NULL,
        wording_version INTEGER NOT NULL,
        given_at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        keep_until DATE NOT NULL,
        withdrawn_at TEXT,
        PRIMARY KEY (id),
        FOREIGN KEY(case_id) REFERENCES help_case (id)
    )
    """,
    """
    CREATE TABLE help_step (
        id INTEGER NOT NULL,
        case_id TEXT NOT NULL,
        state TEXT NOT NULL,
        at TEXT NOT NULL,
        officer_id TEXT NOT NULL,
        obstacles TEXT NOT NULL,
        note TEXT NOT NULL,
        next_visit DATE,
        PRIMARY KEY (id),
        FOREIGN KEY(case_id) REFERENCES help_case (id)
    )
    """,
    """
    CREATE INDEX dossier_fee ON dossier (fee_total)
    """,
    """
    CREATE INDEX dossier_shown_number ON dossier (coalesce(number, provisional_number))
    """,
    """
    CREATE INDEX dossier_grid ON dossier (
        received_at, due_at, status, officer_id, procedure_code, sync_state, fee_total, ended_at,
        supplement_rounds
    )
    """,
    """
    CREATE TABLE certified_copy (
        id TEXT NOT NULL,
        dossier_id TEXT NOT NULL,
        book TEXT NOT NULL,
        line INTEGER NOT NULL,
        paper TEXT NOT NULL,
        pages INTEGER NOT NULL,
        copies INTEGER NOT NULL,
        fee_vnd INTEGER,
        at TEXT NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT day_book_line_once UNIQUE (book, line),
        CONSTRAINT certified_counts CHECK (pages > 0 AND copies > 0),
        FOREIGN KEY(dossier_id) REFERENCES dossier (id)
    )
    """,
    """
    CREATE INDEX certified_copy_dossier ON certified_copy (dossier_id)
    """,
    """
    CREATE VIRTUAL TABLE dossier_search USING fts5(
        body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0", prefix='1 2 3'
    )
    """,
    """
    CREATE TRIGGER history_never_changes BEFORE UPDATE ON history
    BEGIN SELECT RAISE(ABORT, 'history never changes'); END
    """,
    """
    CREATE TRIGGER history_is_kept BEFORE DELETE ON history
    BEGIN SELECT RAISE(ABORT, 'history is kept'); END
    """,
    """
    CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit never changes'); END
    """,
    """
    CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit is kept'); END
    """,
    """
    CREATE TRIGGER event_never_changes BEFORE UPDATE OF event_id, desk_seq, body, digest, chain ON event
    WHEN OLD.epoch = NEW.epoch
    BEGIN SELECT RAISE(ABORT, 'an event never changes within its epoch'); END
    """,
    """
    CREATE TRIGGER event_is_kept BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'events are kept'); END
    """,
)

TABLES = (
    "certified_copy",
    "help_step",
    "consent",
    "history",
    "help_case",
    "proposal",
    "print_job",
    "party",
    "fee",
    "event",
    "component",
    "dossier",
    "sync_round",
    "sync_mark",
    "stream",
    "stored_file",
    "setting",
    "procedure_use",
    "procedure_package",
    "officer",
    "number_block",
    "notice",
    "login_guard",
    "help_count",
    "gateway",
    "draft",
    "desk",
    "counter",
    "change",
    "calendar_edit",
    "audit",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE dossier_search")
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
