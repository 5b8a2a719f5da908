"""The desk's tables. Rows stay inside services, sync and reports, which hand out frozen dataclasses.

Events carry the protocol's own bytes; the outbox is the events without a verdict. A dossier holds the
dated versions it was received under (procedure, form set, tariff, calendar) for ever.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

from app.models.columns import Json, Moment

metadata = MetaData()

desk = Table(
    "desk",
    metadata,
    Column("id", Text, primary_key=True),
    Column("only", Integer, nullable=False, unique=True, server_default=text("1")),
    Column("unit_code", Text, nullable=False),
    Column("agency_code", Text),
    Column("desk_no", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("only = 1", name="one_desk"),
)

setting = Table("setting", metadata, Column("key", Text, primary_key=True), Column("value", Json))

officer = Table(
    "officer",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("position", Text, nullable=False, server_default=text("''")),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("1")),
    Column("created_at", Moment, nullable=False),
)

login_guard = Table(
    "login_guard",
    metadata,
    Column("login_key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_failure", Moment, nullable=False),
)

stream = Table(
    "stream",
    metadata,
    Column("epoch", Text, primary_key=True),
    Column("position", Integer, nullable=False, unique=True),
    Column("reason", Text, nullable=False),
    Column("parent_epoch", Text),
    Column("parent_last_seq", Integer),
    Column("mark", Text, nullable=False, server_default=text("''")),
    Column("opened_at", Moment, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("chain", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False, server_default=text("0")),
)
"""One row an epoch, the highest ``position`` is the one written to. ``confirmed``: the province has
answered this epoch, so its provisional numbers need no mark any more (SYNC-PROTOCOL §3.8)."""

dossier = Table(
    "dossier",
    metadata,
    Column("row_no", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("request_id", Text, nullable=False, unique=True),
    Column("number", Text, unique=True),
    Column("provisional_number", Text, unique=True),
    Column("procedure_code", Text, nullable=False),
    Column("procedure_version", Integer, nullable=False),
    Column("procedure_name", Text, nullable=False),
    Column("procedure_detail", Text, nullable=False),
    Column("form_set", Text, nullable=False),
    Column("tariff_version", Text, nullable=False),
    Column("calendar_version", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("due_reason", Text, nullable=False),
    Column("due_confirmed", Boolean, nullable=False),
    Column("due_manual", Boolean, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("return_method", Text, nullable=False),
    Column("return_address", Json),
    Column("receiving_unit", Text, nullable=False),
    Column("receiving_unit_name", Text, nullable=False),
    Column("handling_unit", Text, nullable=False),
    Column("handling_unit_name", Text, nullable=False),
    Column("custodian_unit", Text, nullable=False),
    Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
    Column("owner_name", Text, nullable=False),
    Column("owner_sort", Text, nullable=False),
    Column("fee_total", Integer),
    Column("facts", Json, nullable=False),
    Column("answers", Json, nullable=False),
    Column("register_book", Text, nullable=False),
    Column("register_no", Integer, nullable=False),
    Column("ended_at", Moment),
    Column("returned_at", Moment),
    Column("supplement_rounds", Integer, nullable=False, server_default=text("0")),
    Column("province_version", Integer),
    Column("province_status", Integer),
    Column("sync_state", Text, nullable=False),
    Column("group_id", Text),
    Column("session_id", Text),
    Column("foreign_system", Text, nullable=False, server_default=text("''")),
    Column("foreign_no", Text, nullable=False, server_default=text("''")),
    CheckConstraint("number IS NOT NULL OR provisional_number IS NOT NULL", name="dossier_has_number"),
    CheckConstraint("status BETWEEN 1 AND 10", name="dossier_status_known"),
    UniqueConstraint("register_book", "register_no", name="register_line_once"),
)

Index("dossier_received", dossier.c.received_at)
Index("dossier_due", dossier.c.due_at)
Index("dossier_status", dossier.c.status, dossier.c.due_at)
Index("dossier_owner", dossier.c.owner_sort)
Index("dossier_sync", dossier.c.sync_state)
Index("dossier_procedure", dossier.c.procedure_code, dossier.c.received_at)
Index("dossier_officer", dossier.c.officer_id, dossier.c.received_at)
Index("dossier_fee", dossier.c.fee_total)
Index("dossier_shown_number", func.coalesce(dossier.c.number, dossier.c.provisional_number))
Index(
    "dossier_grid",
    dossier.c.received_at,
    dossier.c.due_at,
    dossier.c.status,
    dossier.c.officer_id,
    dossier.c.procedure_code,
    dossier.c.sync_state,
    dossier.c.fee_total,
    dossier.c.ended_at,
    dossier.c.supplement_rounds,
)
"""Everything the home screen and the filters count by, so that they read no dossier's row."""

party = Table(
    "party",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("full_name", Text, nullable=False),
    Column("id_kind", Text, nullable=False),
    Column("id_value", Text),
    Column("old_id", Text),
    Column("birth_date", Date),
    Column("sex", Text),
    Column("nationality", Text),
    Column("phone", Text),
    Column("email", Text),
    Column("address", Json, nullable=False),
    Column("relation", Text, nullable=False, server_default=text("''")),
    Column("source", Text, nullable=False),
    Column("authority", Json),
)
"""``role``: owner, submitter or another party (spouse, child, father, mother, witness); ``source``: card
or typed; ``authority``: the paper by which a representative acts (kind, number, day, issuer)."""

Index("party_dossier", party.c.dossier_id)
Index("party_identity", party.c.id_value)
Index("party_phone", party.c.phone)

component = Table(
    "component",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("national_code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("mandatory", Text, nullable=False),
    Column("presented_only", Boolean, nullable=False),
    Column("copy_kind", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("reuse", Text, nullable=False, server_default=text("'none'")),
    Column("from_national_store", Boolean, nullable=False, server_default=text("0")),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("reuse_source", Text, nullable=False, server_default=text("''")),
    Column("reuse_day", Date),
    Column("substitute", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("dossier_id", "code", name="component_once"),
)

fee = Table(
    "fee",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("amount_vnd", Integer),
    Column("rule", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("exempt_reason", Text),
    CheckConstraint("amount_vnd IS NULL OR amount_vnd >= 0", name="fee_not_negative"),
)

Index("fee_dossier", fee.c.dossier_id)

event = Table(
    "event",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("epoch", Text, ForeignKey("stream.epoch"), nullable=False),
    Column("desk_seq", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("dossier_id", Text, ForeignKey("dossier.id")),
    Column("occurred_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("digest", Text, nullable=False),
    Column("chain", Text, nullable=False),
    Column("files", Json, nullable=False),
    Column("corrects", Text),
    Column("verdict", Text),
    Column("verdict_at", Moment),
    Column("verdict_body", Json),
    Column("answered_by", Text),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("last_try_at", Moment),
    Column("last_word", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("epoch", "desk_seq", name="event_sequence_once"),
    CheckConstraint(
        "verdict IS NULL OR verdict IN ('accepted','deferred','rejected')", name="event_verdict_known"
    ),
)
"""``body``: the canonical JSON bytes of the whole event, never changed. ``answered_by``: the event that
corrects or voids a rejected one."""

Index("event_dossier", event.c.dossier_id)
Index("event_waiting", event.c.epoch, event.c.desk_seq, sqlite_where=event.c.verdict.is_(None))
Index("event_open", event.c.verdict, sqlite_where=event.c.verdict.in_(("rejected", "deferred")))

history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("act", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("officer_id", Text),
    Column("by_name", Text, nullable=False),
    Column("detail", Json, nullable=False),
    Column("event_id", Text, ForeignKey("event.event_id")),
)

Index("history_dossier", history.c.dossier_id, history.c.id)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("record_kind", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("fields", Json, nullable=False),
    Column("mac", Text, nullable=False),
)

stored_file = Table(
    "stored_file",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

print_job = Table(
    "print_job",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("dossier_id", Text, ForeignKey("dossier.id")),
    Column("subject_id", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("form_set", Text, nullable=False),
    Column("copy_no", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("sha256", Text, ForeignKey("stored_file.sha256"), nullable=False),
    Column("state", Text, nullable=False),
    Column("printer", Text, nullable=False, server_default=text("''")),
    Column("replaces", Integer),
    Column("reason", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("subject_id", "form", "copy_no", name="print_copy_once"),
    CheckConstraint("state IN ('kept','printed','failed')", name="print_state_known"),
)
"""``replaces``: the printing that a corrected paper takes the place of, with the reason."""

certified_copy = Table(
    "certified_copy",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("book", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("paper", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("fee_vnd", Integer),
    Column("at", Moment, nullable=False),
    UniqueConstraint("book", "line", name="day_book_line_once"),
    CheckConstraint("pages > 0 AND copies > 0", name="certified_counts"),
)
"""The day book of certified copies; a book a desk and year."""

Index("certified_copy_dossier", certified_copy.c.dossier_id)

draft = Table(
    "draft",
    metadata,
    Column("id", Text, primary_key=True),
    Column("screen", Text, nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("focus", Text, nullable=False),
    Column("body", Json, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("help_case.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("wording_version", Integer, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("keep_until", Date, nullable=False),
    Column("withdrawn_at", Moment),
)

help_case = Table(
    "help_case",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("full_name", Text),
    Column("name_folded", Text),
    Column("personal_id", Text),
    Column("birth_date", Date),
    Column("sex", Text),
    Column("phone", Text),
    Column("next_visit", Date),
    Column("event_id", Text, ForeignKey("event.event_id")),
    Column("province_outcome", Text),
)

Index("help_case_identity", help_case.c.personal_id)

help_step = Table(
    "help_step",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case_id", Text, ForeignKey("help_case.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("obstacles", Json, nullable=False),
    Column("note", Text, nullable=False),
    Column("next_visit", Date),
)

help_count = Table(
    "help_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("count", Integer, nullable=False),
)

number_block = Table(
    "number_block",
    metadata,
    Column("block_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("pattern", Text, nullable=False),
    Column("per", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("seq_from", Integer, nullable=False),
    Column("seq_to", Integer, nullable=False),
    Column("state", Text, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""Numbers given so far: scope is a block id, ``provisional:<epoch>`` or ``register:<book>``; period a
day or year. Never moved back, whatever the clock says."""

procedure_package = Table(
    "procedure_package",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("sha256", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("taken_at", Moment, nullable=False),
)
"""Procedure versions published by the province, beside those the program ships."""

calendar_edit = Table(
    "calendar_edit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
"""The office's own decisions on days; the newest row of a day holds. ``kind``: off, working, as_law."""

procedure_use = Table(
    "procedure_use",
    metadata,
    Column("code", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

gateway = Table(
    "gateway",
    metadata,
    Column("only", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("token_url", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("signing_kid", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("server_keys", Json, nullable=False),
    Column("bundle_recipients", Json, nullable=False),
    Column("ca_pem", Text),
    Column("enrolled_at", Moment, nullable=False),
    CheckConstraint("only = 1", name="one_gateway"),
)
"""The province this desk is known to. ``secret``: the desk's private keys, sealed by a key of their own
where the key store holds one (app.sync.credentials), inside the encrypted store in any case."""

sync_mark = Table("sync_mark", metadata, Column("key", Text, primary_key=True), Column("value", Json))
"""Cursor, clock offset, last complete round, catalogue tag, sending key: moved only in the transaction
that stores what they stand for (I12)."""

sync_round = Table(
    "sync_round",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("counts", Json, nullable=False),
    Column("word", Text, nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("change_id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("body", Json, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("applied", Boolean, nullable=False),
)

proposal = Table(
    "proposal",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("change_id", Text, ForeignKey("change.change_id"), nullable=False),
    Column("field", Text, nullable=False),
    Column("ours", Json),
    Column("theirs", Json),
    Column("made_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
)
"""A value of the province that differs from what the citizen's paper states: a case for the officer,
never an overwrite (I17)."""

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("severity", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("seen_at", Moment),
)

SEARCH_TABLE = "dossier_search"
"""FTS5 over folded text, row id = ``dossier.row_no``; made by the migration (no Core type for it)."""
