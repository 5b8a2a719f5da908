"""The public post (bưu chính công ích): dossiers that arrive by it, results that go out by it (DOMAIN §11).

Out: made ready with address and bill code, handed to the post on the list of the day (bảng kê), and either
delivered, which is the return of the result (status 10, the bill code goes to the province), or back at
the counter, where the dossier keeps waiting (status 9) with a note of what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from app.clock import VIETNAM
from app.domain.bill_code import read_bill_code
from app.domain.catalogue import Channel
from app.domain.dossier_status import STEPS, Act, Status
from app.domain.hand_over_list import EnvelopeLabel
from app.domain.people import Address
from app.domain.phone import normalise_phone
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import check_name, require_text
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import hand_over_list, post_item
from app.protocol.ids import new_id
from app.services import slips
from app.services.desk import Desk, read_setting, with_fresh_profile
from app.services.dossier_view import find_dossier_id
from app.services.hand_over_lists import OUT, POST, add_line, list_no, open_list
from app.services.intake import Intake
from app.services.life import ActDone, ActOrder, Recipient, do_act_within
from app.services.reception import receive_within
from app.services.recording import Recorder
from app.services.slips import MadePaper
from app.text import t

ARRIVED, READY, HANDED, DELIVERED, CAME_BACK = "arrived", "ready", "handed", "delivered", "came_back"
PAYERS = ("citizen", "office")
LABEL_FORM = "NPB"
LONGEST_ADDRESS = 500
STATES = {
    ARRIVED: t("đã đến"),
    READY: t("chờ giao bưu chính"),
    HANDED: t("bưu chính đang giữ"),
    DELIVERED: t("đã phát"),
    CAME_BACK: t("quay lại"),
}


@dataclass(frozen=True)
class Arrival:
    """An envelope that came. ``arrived_on``: the day on the post's stamp or notice; ``number`` of the
    envelope and ``bill`` may be empty where the post gave none."""

    arrived_on: date
    envelope_no: str = ""
    bill: str = ""
    note: str = ""


@dataclass(frozen=True)
class Posted:
    """A dossier taken from an envelope. ``already``: the dossier or its envelope was stored before;
    ``warnings``: sentences that block nothing."""

    id: str
    number: str
    item_id: str
    already: bool = False
    warnings: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class Manifest:
    """The post's list of the day, stored. ``without_bill``: numbers that have no bill code yet."""

    id: str
    no: str
    numbers: tuple[str, ...]
    without_bill: tuple[str, ...] = ()


def receive_by_post(desk: Desk, by: Officer, intake: Intake, arrival: Arrival) -> Posted:
    """Take in a dossier that came by post: reception and envelope in one commit.

    Papers by post must be certified copies or originals: a plain copy is said in ``warnings``, for the
    counter cannot compare it with an original. Raises what ``receive_dossier`` raises, and ``RuleError``
    "arrived-later" (field ``arrived_on``) for an envelope of a day still to come.
    """
    by.require(Permission.RECEIVE)
    received_at = intake.received_at or desk.clock.now()
    values, warning = _arrival_values(desk, arrival, received_at)
    with desk.store.write() as connection:
        received, numbers = receive_within(connection, desk, by, replace(intake, channel=Channel.POST))
        numbers.keep()
        item_id = _arrived_before(connection, received.id)
        if item_id is None:
            item_id = _store_arrival(connection, desk, by, received.id, values, received_at)
        warnings = (*warning, *_plain_copy_words(connection, received.id))
    return Posted(received.id, received.number, item_id, received.already, warnings)


def note_arrival(desk: Desk, by: Officer, number: str, arrival: Arrival) -> Posted:
    """The envelope of a dossier that is stored already with the channel post; noted once.

    Raises ``NotFoundError`` "no-dossier"; ``RuleError`` "not-by-post", "arrived-later", "bill-…".
    """
    by.require(Permission.RECEIVE)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.write() as connection:
        row = _dossier(connection, dossier_id)
        if row["channel"] != Channel.POST:
            raise RuleError(
                "not-by-post",
                t("Hồ sơ này không nộp qua bưu chính."),
                t("Xem lại số hồ sơ, hoặc xem kênh nộp của hồ sơ."),
                field="number",
            )
        values, warning = _arrival_values(desk, arrival, row["received_at"])
        item_id, already = _arrived_before(connection, dossier_id), True
        if item_id is None:
            at = max(desk.clock.now(), row["received_at"])
            item_id, already = _store_arrival(connection, desk, by, dossier_id, values, at), False
        warnings = (*warning, *_plain_copy_words(connection, dossier_id))
    return Posted(dossier_id, row["number"] or row["provisional_number"], item_id, already, warnings)


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
        open_item = _open_item(connection, dossier_id)
        if open_item is None:
            _require_returnable(Status(row["status"]))
        if read is not None:
            _require_free(connection, read.text, open_item["id"] if open_item else None)
        moment = parcel.at or desk.clock.now()
        gone = open_item is not None and open_item["state"] == HANDED
        values = {} if gone else _parcel_values(connection, row, parcel, open_item)
        if read is not None:
            values["bill_code"] = read.text
        recorder = Recorder(connection, desk, by, moment)
        if open_item is None:
            item_id = new_id()
            fixed = {"id": item_id, "dossier_id": dossier_id, "direction": "out", "state": READY}
            connection.execute(insert(post_item).values(**fixed, **values, made_at=moment))
            recorder.history(dossier_id, "post_ready", {"bill": values.get("bill_code") or ""})
        else:
            item_id = open_item["id"]
            if values:
                _move(connection, item_id, values)
        recorder.audit("post_ready", "dossier", dossier_id, sorted(values))
        item = _item(_item_row(connection, item_id))
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
            for row in _rows(connection, post_item.c.state == READY, newest_first=False)
            if items is None or row["id"] in items
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
            tuple(_number(row) for row in ready),
            tuple(_number(row) for row in ready if not row["bill_code"]),
        )


def delivered(desk: Desk, by: Officer, number: str, at: datetime | None = None) -> ActDone:
    """The post has delivered: the result is returned (→ 10), by post, with its bill code.

    ``at``: the day on the post's notice; on the day of the latest act it counts from that act on. Raises
    ``NotFoundError`` "no-dossier", ``RuleError`` "not-posted", "illegal-transition", "act-before-last".
    """
    by.require(Permission.RETURN)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.write() as connection:
        item = _with_post(connection, dossier_id)
        moment = _not_before(connection, dossier_id, item, at or desk.clock.now())
        recipient = Recipient(name=item["recipient"], method="post", bill_code=item["bill_code"] or "")
        done = do_act_within(
            connection, desk, by, dossier_id, ActOrder(Act.RETURN, recipient=recipient, at=moment)
        )
        _move(connection, item["id"], {"state": DELIVERED, "delivered_at": moment})
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
        item = _with_post(connection, dossier_id)
        moment = at or desk.clock.now()
        _move(connection, item["id"], {"state": CAME_BACK, "note": words})
        recorder = Recorder(connection, desk, by, moment)
        recorder.history(dossier_id, "post_came_back", {"note": words, "bill": item["bill_code"] or ""})
        recorder.audit("post_came_back", "dossier", dossier_id, ("state", "note"))
        return _item(_item_row(connection, item["id"]))


def post_items(desk: Desk, by: Officer, *, open_only: bool = False, limit: int = 500) -> tuple[PostItem, ...]:
    """What came and went by post, the newest first; ``open_only``: what waits for an act of the counter."""
    by.require(Permission.VIEW)
    wanted = post_item.c.state.in_((READY, HANDED)) if open_only else post_item.c.id.is_not(None)
    with desk.store.read() as connection:
        return tuple(_item(row) for row in _rows(connection, wanted)[:limit])


def post_item_of(connection: Connection, dossier_id: str) -> PostItem | None:
    """The latest item going out of a dossier, whatever became of it."""
    wanted = (post_item.c.dossier_id == dossier_id) & (post_item.c.direction == "out")
    rows = _rows(connection, wanted)
    return _item(rows[0]) if rows else None


def withdraw_parcel(connection: Connection, dossier_id: str, note: str) -> None:
    """The citizen came before the post took it: what was made ready is no longer sent."""
    item = _open_item(connection, dossier_id)
    if item is not None and item["state"] == READY:
        _move(connection, item["id"], {"state": CAME_BACK, "note": note})


def envelope_label(desk: Desk, by: Officer, number: str) -> EnvelopeLabel:
    """What the label of a dossier's envelope says. Raises "no-dossier", ``RuleError`` "not-posted"."""
    by.require(Permission.PRINT)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        item = _with_post(connection, dossier_id)
        return _label(connection, desk, _item(_item_row(connection, item["id"])))


def print_labels(desk: Desk, by: Officer, numbers: Sequence[str], paper: str = "a4") -> MadePaper:
    """Labels of several envelopes: ``a4`` a sheet of eight, ``c5`` or ``a6`` one a page.

    Raises ``NotFoundError`` "no-dossier", ``RuleError`` "not-posted".
    """
    from app.printing.envelope_label import draw_labels

    labels = [envelope_label(desk, by, number) for number in numbers]
    one = find_dossier_id(desk, numbers[0]) if len(numbers) == 1 else None
    subject = one or "labels"
    with desk.store.read() as connection:
        copy_no = slips.next_copy(connection, subject, LABEL_FORM)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=one,
        subject_id=subject,
        form=LABEL_FORM,
        form_set="",
        pdf=draw_labels(labels, paper),
        copy_no=copy_no,
        record_kind="post_labels",
    )


def _arrived_before(connection: Connection, dossier_id: str) -> str | None:
    p = post_item.c
    found = connection.execute(
        select(p.id).where(p.dossier_id == dossier_id, p.direction == "in").limit(1)
    ).scalar_one_or_none()
    return None if found is None else str(found)


def _arrival_values(
    desk: Desk, arrival: Arrival, received_at: datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    if arrival.arrived_on > received_at.astimezone(VIETNAM).date():
        raise RuleError(
            "arrived-later",
            t("Ngày phong bì đến sau ngày tiếp nhận."),
            t("Xem lại dấu bưu điện rồi gõ lại ngày."),
            field="arrived_on",
        )
    bill = read_bill_code(arrival.bill) if arrival.bill.strip() else None
    values = {
        "bill_code": bill.text if bill else None,
        "envelope_no": require_text(arrival.envelope_no, "envelope_no"),
        "note": require_text(arrival.note, "note"),
        "made_at": desk.reference.calendar.opening(arrival.arrived_on),
    }
    return values, ((bill.warning,) if bill and bill.warning else ())


def _store_arrival(
    connection: Connection, desk: Desk, by: Officer, dossier_id: str, values: dict[str, Any], at: datetime
) -> str:
    if values["bill_code"]:
        _require_free(connection, values["bill_code"], None)
    item_id, office = new_id(), slips.office_name(connection, desk)
    connection.execute(
        insert(post_item).values(
            id=item_id, dossier_id=dossier_id, direction="in", recipient=office, state=ARRIVED, **values
        )
    )
    recorder = Recorder(connection, desk, by, at)
    recorder.history(
        dossier_id,
        "post_arrived",
        {"envelope_no": values["envelope_no"], "day": values["made_at"].date().isoformat()},
    )
    recorder.audit("post_arrived", "dossier", dossier_id, ("envelope_no",))
    return item_id


def _plain_copy_words(connection: Connection, dossier_id: str) -> tuple[str, ...]:
    c = tables.component.c
    query = (
        select(c.name)
        .where(c.dossier_id == dossier_id, c.copy_kind == "photocopy", c.presented_only.is_(False))
        .order_by(c.position)
    )
    plain = [str(name) for name in connection.execute(query).scalars()]
    if not plain:
        return ()
    words = t("Nộp qua bưu chính cần bản sao chứng thực hoặc bản chính: {papers}.")
    return (words.format(papers="; ".join(plain)),)


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


def _open_item(connection: Connection, dossier_id: str) -> RowMapping | None:
    """The item that is ready or with the post."""
    p = post_item.c
    wanted = (p.dossier_id == dossier_id) & (p.direction == "out") & p.state.in_((READY, HANDED))
    rows = _rows(connection, wanted)
    return rows[0] if rows else None


def _with_post(connection: Connection, dossier_id: str) -> RowMapping:
    item = _open_item(connection, dossier_id)
    if item is not None:
        return item
    raise RuleError(
        "not-posted",
        t("Hồ sơ này không có bưu gửi nào đang trên đường."),
        t("Xem lại số hồ sơ; muốn gửi thì chọn trả qua bưu chính trước."),
        field="number",
    )


def _require_free(connection: Connection, bill: str, own_id: str | None) -> None:
    rows = _rows(connection, post_item.c.bill_code == bill)
    if rows and rows[0]["id"] != own_id:
        raise RuleError(
            "bill-used",
            t("Mã vận đơn này đã dùng cho hồ sơ {number}.").format(number=_number(rows[0])),
            t("Quét lại mã trên phiếu gửi của hồ sơ đang làm."),
            field="bill",
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
    address = require_text(parcel.address, "address") or _kept_words(kept["address"])
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


def _kept_words(address: object) -> str:
    return str(address.get("words") or "") if isinstance(address, dict) else ""


def _not_before(connection: Connection, dossier_id: str, item: RowMapping, moment: datetime) -> datetime:
    """A notice states the day alone: on the day of the latest act it is not before that act."""
    from app.services.acts import read_standing

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


def _move(connection: Connection, item_id: str, values: dict[str, Any]) -> None:
    connection.execute(update(post_item).where(post_item.c.id == item_id).values(**values))


def _carrier(connection: Connection) -> str:
    kept = read_setting(connection, "post_carrier")
    return kept if isinstance(kept, str) and kept else t("Bưu chính công ích")


def _label(connection: Connection, desk: Desk, item: PostItem) -> EnvelopeLabel:
    address, phone = read_setting(connection, "office_address"), read_setting(connection, "counter_phone")
    payers = {"citizen": t("Người nhận trả cước"), "office": t("Người gửi trả cước")}
    return EnvelopeLabel(
        sender=slips.office_name(connection, desk),
        sender_address=address if isinstance(address, str) else "",
        sender_phone=phone if isinstance(phone, str) else "",
        recipient=item.recipient,
        recipient_phone=slips.phone_words(item.phone),
        recipient_address=item.address,
        number=item.number,
        bill=item.bill,
        pay_words=payers[item.fee_payer],
        demo=desk.profile.demo,
    )


def _item_row(connection: Connection, item_id: str) -> RowMapping:
    rows = _rows(connection, post_item.c.id == item_id)
    if not rows:
        raise NotFoundError("not-posted", t("Không có bưu gửi này."), t("Chọn lại trong danh sách."))
    return rows[0]


def _rows(connection: Connection, wanted: Any, *, newest_first: bool = True) -> list[RowMapping]:
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


def _number(row: RowMapping) -> str:
    return str(row["number"] or row["provisional_number"])


def _item(row: RowMapping) -> PostItem:
    return PostItem(
        id=row["id"],
        dossier_id=row["dossier_id"],
        number=_number(row),
        owner=row["owner_name"],
        procedure=row["procedure_name"],
        status=Status(row["status"]),
        direction=row["direction"],
        state=row["state"],
        bill=row["bill_code"] or "",
        envelope_no=row["envelope_no"],
        recipient=row["recipient"],
        phone=row["phone"],
        address=_kept_words(row["address"]),
        fee_payer=row["fee_payer"],
        made_at=row["made_at"],
        handed_at=row["handed_at"],
        delivered_at=row["delivered_at"],
        list_id=row["list_id"],
        list_no=list_no(row["book"], row["line"]) if row["book"] else "",
        note=row["note"],
    )
