"""Parcels and envelopes as they are kept: one row a dossier's way by post, never removed (DOMAIN §11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from app.domain.dossier_status import Status
from app.domain.roles import Officer, Permission
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import hand_over_list, post_item
from app.services.desk import Desk
from app.services.hand_over.lists import list_no
from app.services.post.custody import HANDED as HANDED
from app.text import t

ARRIVED, READY, DELIVERED, CAME_BACK = "arrived", "ready", "delivered", "came_back"
STATES = {
    ARRIVED: t("đã đến"),
    READY: t("chờ giao bưu chính"),
    HANDED: t("bưu chính đang giữ"),
    DELIVERED: t("đã phát"),
    CAME_BACK: t("quay lại"),
}


@dataclass(frozen=True)
class PostItem:
    """One dossier's way by post. ``direction``: in or out; ``state``: see ``STATES``; ``list_no``: the list
    it went on, or empty; ``warning``: of its bill code."""

    id: str
    dossier_id: str
    number: str
    owner: str
    procedure: str
    status: Status
    direction: str
    state: str
    bill: str
    envelope_no: str
    recipient: str
    phone: str
    address: str
    fee_payer: str
    made_at: datetime
    handed_at: datetime | None
    delivered_at: datetime | None
    list_id: str | None
    list_no: str
    note: str
    warning: str = ""

    @property
    def state_words(self) -> str:
        """The state as screens name it."""
        return STATES[self.state]


def post_items(desk: Desk, by: Officer, *, open_only: bool = False, limit: int = 500) -> tuple[PostItem, ...]:
    """What came and went by post, the newest first; ``open_only``: what waits for an act of the counter."""
    by.require(Permission.VIEW)
    waits = post_item.c.state.in_((READY, HANDED)) & (tables.dossier.c.status != int(Status.RETURNED))
    wanted = waits if open_only else post_item.c.id.is_not(None)
    with desk.store.read() as connection:
        return tuple(item_of(row) for row in item_rows(connection, wanted)[:limit])


def post_item_of(connection: Connection, dossier_id: str) -> PostItem | None:
    """The latest item going out of a dossier, whatever became of it."""
    wanted = (post_item.c.dossier_id == dossier_id) & (post_item.c.direction == "out")
    rows = item_rows(connection, wanted)
    return item_of(rows[0]) if rows else None


def open_item(connection: Connection, dossier_id: str) -> RowMapping | None:
    """The item that is ready or with the post."""
    p = post_item.c
    wanted = (p.dossier_id == dossier_id) & (p.direction == "out") & p.state.in_((READY, HANDED))
    rows = item_rows(connection, wanted)
    return rows[0] if rows else None


def item_on_its_way(connection: Connection, dossier_id: str) -> RowMapping:
    item = open_item(connection, dossier_id)
    if item is not None:
        return item
    raise RuleError(
        "not-posted",
        t("Hồ sơ này không có bưu gửi nào đang trên đường."),
        t("Xem lại số hồ sơ; muốn gửi thì chọn trả qua bưu chính trước."),
        field="number",
    )


def item_row(connection: Connection, item_id: str) -> RowMapping:
    rows = item_rows(connection, post_item.c.id == item_id)
    if not rows:
        raise NotFoundError("not-posted", t("Không có bưu gửi này."), t("Chọn lại trong danh sách."))
    return rows[0]


def require_free_bill(connection: Connection, bill: str, own_id: str | None) -> None:
    rows = item_rows(connection, post_item.c.bill_code == bill)
    if rows and rows[0]["id"] != own_id:
        raise RuleError(
            "bill-used",
            t("Mã vận đơn này đã dùng cho hồ sơ {number}.").format(number=shown_number(rows[0])),
            t("Quét lại mã trên phiếu gửi của hồ sơ đang làm."),
            field="bill",
        )


def change_item(connection: Connection, item_id: str, values: dict[str, Any]) -> None:
    connection.execute(update(post_item).where(post_item.c.id == item_id).values(**values))


def item_rows(connection: Connection, wanted: Any, *, newest_first: bool = True) -> list[RowMapping]:
    d, p, h = tables.dossier.c, post_item.c, hand_over_list.c
    order = (p.made_at.desc(), p.id.desc()) if newest_first else (p.made_at, p.id)
    query = (
        select(
            post_item,
            d.number,
            d.provisional_number,
            d.owner_name,
            d.procedure_name,
            d.status,
            h.book,
            h.line,
        )
        .join_from(post_item, tables.dossier, d.id == p.dossier_id)
        .outerjoin(hand_over_list, h.id == p.list_id)
        .where(wanted)
        .order_by(*order)
    )
    return list(connection.execute(query).mappings())


def item_of(row: RowMapping) -> PostItem:
    return PostItem(
        id=row["id"],
        dossier_id=row["dossier_id"],
        number=shown_number(row),
        owner=row["owner_name"],
        procedure=row["procedure_name"],
        status=Status(row["status"]),
        direction=row["direction"],
        state=row["state"],
        bill=row["bill_code"] or "",
        envelope_no=row["envelope_no"],
        recipient=row["recipient"],
        phone=row["phone"],
        address=kept_address(row["address"]),
        fee_payer=row["fee_payer"],
        made_at=row["made_at"],
        handed_at=row["handed_at"],
        delivered_at=row["delivered_at"],
        list_id=row["list_id"],
        list_no=list_no(row["book"], row["line"]) if row["book"] else "",
        note=row["note"],
    )


def shown_number(row: RowMapping) -> str:
    return str(row["number"] or row["provisional_number"])


def kept_address(address: object) -> str:
    return str(address.get("words") or "") if isinstance(address, dict) else ""
