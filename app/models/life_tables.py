"""Tables of a dossier's life after reception: results, money, post, hand-over lists, signatures."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.models.columns import Json, Moment
from app.models.tables import metadata

result_document = Table(
    "result_document",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("book", Text, nullable=False, server_default=text("''")),
    Column("issued_at", Date, nullable=False),
    Column("signer", Text, nullable=False, server_default=text("''")),
    Column("signer_title", Text, nullable=False, server_default=text("''")),
    Column("sha256", Text, ForeignKey("stored_file.sha256")),
    Column("elsewhere", Text, nullable=False, server_default=text("''")),
    Column("superseded_at", Moment),
    Column("at", Moment, nullable=False),
)
"""What a dossier ended in. ``elsewhere``: the sector software that holds the result (DOMAIN §11);
``superseded_at``: the dossier was reopened since."""

Index("result_dossier", result_document.c.dossier_id)

payment = Table(
    "payment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("book", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("amount_vnd", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("reference", Text, nullable=False, server_default=text("''")),
    Column("payer", Text, nullable=False),
    Column("fee_ids", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
    Column("event_id", Text, ForeignKey("event.event_id")),
    Column("cancelled_at", Moment),
    Column("cancel_reason", Text, nullable=False, server_default=text("''")),
    Column("cancelled_by", Text, ForeignKey("officer.id")),
    Column("cancel_event_id", Text, ForeignKey("event.event_id")),
    UniqueConstraint("book", "number", name="receipt_once"),
    CheckConstraint("amount_vnd > 0", name="payment_positive"),
)
"""Fee receipts by book, without gaps; one is never removed, only cancelled with a reason.
``method``: the wire's (cash, bank_transfer, national_platform, province_gateway)."""

Index("payment_dossier", payment.c.dossier_id)
Index("payment_at", payment.c.at)

cash_count = Table(
    "cash_count",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False),
    Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
    Column("expected_vnd", Integer, nullable=False),
    Column("counted_vnd", Integer, nullable=False),
    Column("notes", Json, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("at", Moment, nullable=False),
)
"""The cash box at day's end: what the receipts say and what was counted. ``notes``: pieces by value."""

post_item = Table(
    "post_item",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("direction", Text, nullable=False),
    Column("bill_code", Text),
    Column("envelope_no", Text, nullable=False, server_default=text("''")),
    Column("recipient", Text, nullable=False),
    Column("phone", Text, nullable=False, server_default=text("''")),
    Column("address", Json),
    Column("fee_payer", Text, nullable=False, server_default=text("'citizen'")),
    Column("state", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("handed_at", Moment),
    Column("delivered_at", Moment),
    Column("list_id", Text, ForeignKey("hand_over_list.id")),
    Column("note", Text, nullable=False, server_default=text("''")),
    CheckConstraint("direction IN ('in','out')", name="post_direction_known"),
    CheckConstraint("state IN ('arrived','ready','handed','delivered','came_back')", name="post_state_known"),
)
"""A dossier's way through the public post (bưu chính công ích), in or out; delivery out is the return."""

Index("post_item_dossier", post_item.c.dossier_id)
Index("post_item_bill", post_item.c.bill_code, unique=True, sqlite_where=post_item.c.bill_code.is_not(None))

hand_over_list = Table(
    "hand_over_list",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("book", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("other_code", Text, nullable=False, server_default=text("''")),
    Column("other_name", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("book", "line", name="hand_over_list_once"),
    CheckConstraint("kind IN ('post','unit','internal')", name="hand_over_kind_known"),
    CheckConstraint("direction IN ('in','out')", name="hand_over_direction_known"),
)
"""Bảng kê: dossiers handed together to the post, to another unit, or taken from one."""

hand_over_item = Table(
    "hand_over_item",
    metadata,
    Column("list_id", Text, ForeignKey("hand_over_list.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("list_id", "dossier_id", name="hand_over_dossier_once"),
)

approval = Table(
    "approval",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("act", Text, nullable=False),
    Column("order", Json, nullable=False),
    Column("words", Text, nullable=False, server_default=text("''")),
    Column("asked_at", Moment, nullable=False),
    Column("asked_by", Text, ForeignKey("officer.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Text, ForeignKey("officer.id")),
    Column("answer", Text, nullable=False, server_default=text("''")),
    CheckConstraint("state IN ('waiting','approved','declined','taken_back')", name="approval_state_known"),
)
"""An act laid before the leader for signature. ``order``: what would be done, as the officer typed it."""

Index("approval_waiting", approval.c.asked_at, sqlite_where=approval.c.state == "waiting")
Index("approval_dossier", approval.c.dossier_id)

delegation = Table(
    "delegation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("leader_id", Text, ForeignKey("officer.id"), nullable=False),
    Column("deputy_id", Text, ForeignKey("officer.id"), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    CheckConstraint("to_day >= from_day", name="delegation_days"),
)
"""A leader on leave lets another officer sign, for stated days."""

component_override = Table(
    "component_override",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("missing", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Column("approved_by", Text, ForeignKey("officer.id"), nullable=False),
    Column("at", Moment, nullable=False),
)
"""Accepted without papers that are mandatory: which, why, and the leader who took it upon himself."""

guidance = Table(
    "guidance",
    metadata,
    Column("id", Text, primary_key=True),
    Column("book", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("procedure_code", Text, nullable=False),
    Column("procedure_version", Integer, nullable=False),
    Column("procedure_name", Text, nullable=False),
    Column("person", Text, nullable=False, server_default=text("''")),
    Column("phone", Text, nullable=False, server_default=text("''")),
    Column("items", Json, nullable=False),
    Column("words", Text, nullable=False, server_default=text("''")),
    Column("at", Moment, nullable=False),
    Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
    Column("withdrawn", Boolean, nullable=False, server_default=text("0")),
    UniqueConstraint("book", "line", name="guidance_once"),
)
"""Full guidance in writing where no dossier came to be; nothing of it goes to the province."""
