"""The public post (bưu chính công ích): dossiers that arrive by it, results that go out by it (DOMAIN §11).

Out: made ready with address and bill code, handed to the post on the list of the day (bảng kê), and either
delivered, which is the return of the result (status 10, the bill code goes to the province), or back at
the counter, where the dossier keeps waiting (status 9) with a note of what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from app.clock import VIETNAM
from app.domain.bill_code import read_bill_code
from app.domain.dossier_status import STEPS, Act, Status
from app.domain.people import Address
from app.domain.phone import normalise_phone
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import check_name, require_text
from app.errors import RuleError
from app.models import tables
from app.models.life_tables import post_item
from app.protocol.ids import new_id
from app.services.demo.acts import read_standing
from app.services.desk import Desk, read_setting, with_fresh_profile
from app.services.finding.dossier_view import find_dossier_id
from app.services.hand_over.lists import OUT, POST, add_line, open_list
from app.services.life import ActDone, ActOrder, Recipient, do_act_within
from app.services.papers import slips
from app.services.post.items import (
    CAME_BACK,
    DELIVERED,
    HANDED,
    READY,
    PostItem,
    change_item,
    item_of,
    item_on_its_way,
    item_row,
    item_rows,
    kept_address,
    open_item,
    require_free_bill,
    shown_number,
)
from app.services.recording import Recorder
from app.text import t

PAYERS = ("citizen", "office")
LONGEST_ADDRESS = 500


@dataclass(frozen=True)
class Parcel:
    """What the officer asks to send. An empty name, phone or address is taken from the dossier;
    ``fee_payer``: citizen or office."""

    bill: str = ""
    recipient: str = ""
    phone: str = ""
    address: str = ""
    fee_payer: str = "citizen"
    at: datetime | None = None


@dataclass(frozen=True)
class Manifest:
    """The post's list of the day, stored. ``without_bill``: numbers that have no bill code yet."""

    id: str
    no: str
    numbers: tuple[str, ...]
    without_bill: tuple[str, ...] = ()


def prepare(desk: Desk, by: Officer, number: str, parcel: Parcel) -> PostItem:
    """Make a result ready for the post, or give the bill code of one that is ready or handed.

    With the post, name and address are on their way: the bill code alone can still be written.
    Raises ``NotFoundError`` "no-dossier"; ``RuleError`` "illegal-transition" before processing is done,
    "bill-…" and "bill-used" (field ``bill``), "post-address-missing" (``address``), "phone-…", "name-…".
    """
    by.require(Permission.RETURN)
    dossier_id = find_dossier_id(desk, number)
    read = read_bill_code(parcel.bill) if parcel.bill.strip() else None
    with desk.store.write() as connection:
        desk = with_fresh_profile(connection, desk)
        row = _dossier(connection, dossier_id)
        before = open_item(connection, dossier_id)
        if before is None:
            _require_returnable(Status(row["status"]))
        if read is not None:
            require_free_bill(connection, read.text, before["id"] if before else None)
        moment = parcel.at or desk.clock.now()
        gone = before is not None and before["state"] == HANDED
        values = {} if gone else _parcel_values(connection, row, parcel, before)
        if read is not None:
            values["bill_code"] = read.text
        recorder = Recorder(connection, desk, by, moment)
        if before is None:
            item_id = new_id()
            fixed = {"id": item_id, "dossier_id": dossier_id, "direction": "out", "state": READY}
            connection.execute(insert(post_item).values(**fixed, **values, made_at=moment))
            recorder.history(dossier_id, "post_ready", {"bill": values.get("bill_code") or ""})
        else:
            item_id = before["id"]
            if values:
                change_item(connection, item_id, values)
        recorder.audit("post_ready", "dossier", dossier_id, sorted(values))
        item = item_of(item_row(connection, item_id))
    return replace(item, warning=read.warning if read else "")


def hand_to_post(
    desk: Desk,
    by: Officer,
    *,
    items: Sequence[str] | None = None,
    carrier: str = "",
    at: datetime | None = None,
) -> Manifest:
    """The list of the day: everything that is ready (or the chosen items) goes to the post, in one commit.

    Raises ``RuleError`` "nothing-ready".
    """
    by.require(Permission.RETURN)
    with desk.store.write() as connection:
        desk = with_fresh_profile(connection, desk)
        moment = at or desk.clock.now()
        ready = [
            row
            for row in item_rows(connection, post_item.c.state == READY, newest_first=False)
            if Status(row["status"]) in STEPS[Act.RETURN] and (items is None or row["id"] in items)
        ]
        if not ready:
            raise RuleError(
                "nothing-ready",
                t("Chưa có kết quả nào chờ giao bưu chính."),
                t("Quét phiếu của hồ sơ, chọn trả qua bưu chính rồi lập bảng kê."),
                field="items",
            )
        name = require_text(carrier, "carrier") or _carrier(connection)
        values = {"kind": POST, "direction": OUT, "other_name": name, "note": ""}
        list_id, no = open_list(connection, desk, by, moment, values)
        recorder = Recorder(connection, desk, by, moment)
        for row in ready:
            add_line(connection, list_id, row["dossier_id"])
            connection.execute(
                update(post_item)
                .where(post_item.c.id == row["id"])
                .values(state=HANDED, handed_at=moment, list_id=list_id)
            )
            recorder.history(
                row["dossier_id"], "post_handed", {"list_no": no, "bill": row["bill_code"] or ""}
            )
            recorder.audit("post_handed", "dossier", row["dossier_id"], ("state",))
        return Manifest(
            list_id,
            no,
            tuple(shown_number(row) for row in ready),
            tuple(shown_number(row) for row in ready if not row["bill_code"]),
        )


def delivered(desk: Desk, by: Officer, number: str, at: datetime | None = None) -> ActDone:
    """The post has delivered: the result is returned (→ 10), by post, with its bill code.

    ``at``: the day on the post's notice; on the day of the latest act it counts from that act on. Raises
    ``NotFoundError`` "no-dossier", ``RuleError`` "not-posted", "illegal-transition", "act-before-last".
    """
    by.require(Permission.RETURN)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.write() as connection:
        item = item_on_its_way(connection, dossier_id)
        moment = _not_before(connection, dossier_id, item, at or desk.clock.now())
        recipient = Recipient(name=item["recipient"], method="post", bill_code=item["bill_code"] or "")
        done = do_act_within(
            connection, desk, by, dossier_id, ActOrder(Act.RETURN, recipient=recipient, at=moment)
        )
        change_item(connection, item["id"], {"state": DELIVERED, "delivered_at": moment})
        return done


def came_back(desk: Desk, by: Officer, number: str, note: str, at: datetime | None = None) -> PostItem:
    """The post brought it back undelivered: the dossier keeps waiting (9), with why and what to do.

    Raises ``NotFoundError`` "no-dossier", ``RuleError`` "not-posted", "reason-missing" (field ``note``).
    """
    by.require(Permission.RETURN)
    words = require_text(note, "note")
    if not words:
        raise RuleError(
            "reason-missing",
            t("Chưa ghi vì sao bưu chính chuyển lại."),
            t("Ghi như trên phong bì, ví dụ: không có người nhận."),
            field="note",
        )
    dossier_id = find_dossier_id(desk, number)
    with desk.store.write() as connection:
        desk = with_fresh_profile(connection, desk)
        item = item_on_its_way(connection, dossier_id)
        moment = at or desk.clock.now()
        change_item(connection, item["id"], {"state": CAME_BACK, "note": words})
        recorder = Recorder(connection, desk, by, moment)
        recorder.history(dossier_id, "post_came_back", {"note": words, "bill": item["bill_code"] or ""})
        recorder.audit("post_came_back", "dossier", dossier_id, ("state", "note"))
        return item_of(item_row(connection, item["id"]))


def withdraw_parcel(connection: Connection, dossier_id: str, note: str) -> None:
    """The citizen came before the post took it: what was made ready is no longer sent."""
    item = open_item(connection, dossier_id)
    if item is not None and item["state"] == READY:
        change_item(connection, item["id"], {"state": CAME_BACK, "note": note})


def _dossier(connection: Connection, dossier_id: str) -> RowMapping:
    return (
        connection.execute(select(tables.dossier).where(tables.dossier.c.id == dossier_id)).mappings().one()
    )


def _require_returnable(status: Status) -> None:
    if status in STEPS[Act.RETURN]:
        return
    done = status is Status.RETURNED
    raise RuleError(
        "illegal-transition",
        t("Hồ sơ này đã trả rồi.")
        if done
        else t("Hồ sơ đang ở bước “{status}”, chưa có kết quả để gửi bưu chính.").format(status=status.label),
        t("Mở hồ sơ để xem đã trả thế nào.") if done else t("Xử lý xong rồi gửi; hồ sơ giữ nguyên."),
        field="number",
    )


def _parcel_values(
    connection: Connection, row: RowMapping, parcel: Parcel, before: RowMapping | None
) -> dict[str, Any]:
    """Columns of the item: what was typed, else what was kept, else what the dossier says."""
    p = tables.party.c
    people = {
        each["role"]: each
        for each in connection.execute(select(tables.party).where(p.dossier_id == row["id"])).mappings()
    }
    person = people.get("submitter", people["owner"])
    kept = before or {"recipient": "", "phone": "", "address": None}
    address = require_text(parcel.address, "address") or kept_address(kept["address"])
    address = address or _words(row["return_address"]) or _words(person["address"])
    if not address:
        raise RuleError(
            "post-address-missing",
            t("Chưa có địa chỉ nhận qua bưu chính."),
            t("Gõ số nhà hoặc thôn, xã, tỉnh của người nhận."),
            field="address",
        )
    if parcel.fee_payer not in PAYERS:
        raise RuleError(
            "payer-unknown",
            t("Chưa rõ ai trả cước bưu chính."),
            t("Chọn người nhận trả hoặc cơ quan trả."),
            field="fee_payer",
        )
    name = parcel.recipient.strip() or kept["recipient"] or person["full_name"]
    phone = normalise_phone(parcel.phone) if parcel.phone.strip() else kept["phone"] or person["phone"] or ""
    return {
        "recipient": check_name(name, "recipient"),
        "phone": phone,
        "address": {"words": address[:LONGEST_ADDRESS]},
        "fee_payer": parcel.fee_payer,
    }


def _words(address: object) -> str:
    return slips.address_words(Address(**address)) if isinstance(address, dict) else ""


def _not_before(connection: Connection, dossier_id: str, item: RowMapping, moment: datetime) -> datetime:
    """A notice states the day alone: on the day of the latest act it is not before that act."""
    last = read_standing(connection, dossier_id).last_at
    same_day = moment.astimezone(VIETNAM).date() == last.astimezone(VIETNAM).date()
    handed = item["handed_at"]
    if handed is not None and moment.astimezone(VIETNAM).date() < handed.astimezone(VIETNAM).date():
        raise RuleError(
            "act-before-last",
            t("Ngày phát trước ngày giao cho bưu chính."),
            t("Xem lại giấy báo phát rồi gõ lại ngày."),
            field="at",
        )
    return max(moment, last) if same_day else moment


def _carrier(connection: Connection) -> str:
    kept = read_setting(connection, "post_carrier")
    return kept if isinstance(kept, str) and kept else t("Bưu chính công ích")
