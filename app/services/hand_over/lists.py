"""Hand-over lists (bảng kê): dossiers that go together to another unit or come from one.

NĐ 118/2025: the counter receives regardless of boundary, the competent unit decides; each dossier moves
by the act of its own (``transfer``, ``accept-custody``), in its own commit together with its line of the
list. A dossier a rule keeps back is named and the others go on. No line is ever rewritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from app.clock import VIETNAM
from app.domain.dossier_number import check_agency_code
from app.domain.dossier_status import Act, permission_for
from app.domain.hand_over_list import HandOverList, ListLine
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import clean_text, require_text
from app.errors import AppError, NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import hand_over_item, hand_over_list, post_item
from app.protocol.ids import new_id
from app.protocol.parts import UnitRef
from app.services.desk import Desk, with_fresh_profile
from app.services.finding.dossier_view import find_dossier_id
from app.services.intake.received_event import unit_ref
from app.services.life import ActOrder, custody_acts, do_act_within
from app.services.numbering import NumberGiver
from app.services.papers import slips
from app.services.papers.slips import MadePaper
from app.services.recording import Recorder
from app.text import t

FORM = "BK"
"""How printings of a list are counted and named."""
POST, UNIT = "post", "unit"
OUT, IN = "out", "in"
MOST = 500
"""Dossiers of one list; more go on a second one."""


@dataclass(frozen=True)
class ListOrder:
    """What the officer asks for. ``unit``: GSO code of a commune or an agency code; ``numbers``: of the
    dossiers, in the order of the list; ``at``: time of the act, ``None`` is now."""

    unit: str
    numbers: Sequence[str]
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Left:
    """A dossier that did not go, and why in words. ``code``: the rule's."""

    number: str
    code: str
    title: str
    next_step: str


@dataclass(frozen=True)
class ListMade:
    """A list as far as it came. ``id`` ``None``: no dossier went, so there is no list; ``taken``: their
    numbers, in order."""

    id: str | None
    no: str
    other_name: str
    taken: tuple[str, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True)
class ListRow:
    """One list in the list of lists. ``direction``: out or in; ``kind``: post or unit."""

    id: str
    no: str
    kind: str
    direction: str
    other_name: str
    made_at: datetime
    by: str
    count: int
    note: str


def hand_over_to(desk: Desk, by: Officer, order: ListOrder) -> ListMade:
    """Hand the dossiers to another unit; each stays in this unit's custody until the other has accepted.

    Raises ``RuleError`` where nothing can be said of any dossier: "unit-missing", "unknown-unit",
    "list-empty", "list-long", "not-permitted". What a rule keeps back is in ``left``.
    """
    by.require(permission_for(Act.TRANSFER))
    other = unit_named(desk, order.unit)
    if other.code in (desk.profile.unit_code, desk.profile.agency_code):
        raise RuleError(
            "transfer-own-unit",
            t("Hồ sơ đang ở chính đơn vị này."),
            t("Chọn đơn vị nhận khác."),
            field="unit",
        )
    making = _Making(desk, by, order, other, OUT)
    return making.run(Act.TRANSFER)


def take_over_from(desk: Desk, by: Officer, order: ListOrder) -> ListMade:
    """Accept the dossiers of another unit's list. Numbers this desk does not know yet are named in
    ``left`` and kept in the list's note, for they stand on the paper."""
    by.require(permission_for(Act.ACCEPT_CUSTODY))
    making = _Making(desk, by, order, unit_named(desk, order.unit), IN)
    return making.run(Act.ACCEPT_CUSTODY)


def lists(desk: Desk, by: Officer, *, limit: int = 100) -> tuple[ListRow, ...]:
    """The newest lists first."""
    by.require(Permission.VIEW)
    c, i, o = hand_over_list.c, hand_over_item.c, tables.officer.c
    count = select(func.count()).where(i.list_id == c.id).scalar_subquery()
    query = (
        select(hand_over_list, o.name.label("officer"), count.label("count"))
        .join_from(hand_over_list, tables.officer, o.id == c.officer_id)
        .order_by(c.made_at.desc(), c.line.desc())
        .limit(limit)
    )
    with desk.store.read() as connection:
        rows = connection.execute(query).mappings().all()
    return tuple(
        ListRow(
            row["id"],
            list_no(row["book"], row["line"]),
            row["kind"],
            row["direction"],
            row["other_name"],
            row["made_at"],
            row["officer"],
            row["count"],
            row["note"],
        )
        for row in rows
    )


def list_content(desk: Desk, by: Officer, list_id: str, copy_no: int = 1) -> HandOverList:
    """What the paper says. Raises ``NotFoundError`` "no-list"."""
    by.require(Permission.PRINT)
    with desk.store.read() as connection:
        return _content(connection, desk, list_id, copy_no)


def print_list(desk: Desk, by: Officer, list_id: str) -> MadePaper:
    """Draw the list, keep the PDF, count the printing. Raises ``NotFoundError`` "no-list"."""
    by.require(Permission.PRINT)
    from app.printing.hand_over_list import draw_hand_over_list

    with desk.store.read() as connection:
        copy_no = slips.next_copy(connection, list_id, FORM)
        content = _content(connection, desk, list_id, copy_no)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=list_id,
        form=FORM,
        form_set="",
        pdf=draw_hand_over_list(content),
        copy_no=copy_no,
        record_kind="hand_over_list",
    )


def list_no(book: str, line: int) -> str:
    """The list's number as printed: ``12/BK02/2026``."""
    return f"{line}/{book}"


def open_list(
    connection: Connection, desk: Desk, by: Officer, at: datetime, values: dict[str, Any]
) -> tuple[str, str]:
    """A new list in the transaction of its first line; its id and number. ``values``: kind, direction,
    other_code, other_name, note."""
    numbers = NumberGiver(connection, desk.profile)
    book, line = numbers.hand_over_list(at.astimezone(VIETNAM).date())
    numbers.keep()
    list_id = new_id()
    row = {"id": list_id, "book": book, "line": line, "made_at": at, "officer_id": by.id, **values}
    connection.execute(insert(hand_over_list).values(**row))
    Recorder(connection, desk, by, at).audit("open_list", "hand_over_list", list_id, ("kind", "direction"))
    return list_id, list_no(book, line)


def add_line(connection: Connection, list_id: str, dossier_id: str, note: str = "") -> None:
    """One more dossier at the end of the list."""
    i = hand_over_item.c
    last = connection.execute(select(func.max(i.position)).where(i.list_id == list_id)).scalar_one()
    connection.execute(
        insert(hand_over_item).values(
            list_id=list_id, position=int(last or 0) + 1, dossier_id=dossier_id, note=note
        )
    )


def unit_named(desk: Desk, code: str) -> UnitRef:
    """The unit of a GSO or agency code. Raises ``RuleError`` "unit-missing", "unknown-unit" (``unit``)."""
    wanted = clean_text(code)
    if not wanted:
        raise RuleError(
            "unit-missing", t("Chưa chọn đơn vị."), t("Gõ tên xã, mã xã hoặc mã cơ quan."), field="unit"
        )
    try:
        if wanted.isdigit():
            return unit_ref(desk, wanted)
        return UnitRef(check_agency_code(wanted), wanted)
    except RuleError as error:
        raise RuleError(error.code, error.title, error.next_step, field="unit") from None


class _Making:
    """One list being made, a commit a dossier."""

    def __init__(self, desk: Desk, by: Officer, order: ListOrder, other: UnitRef, direction: str) -> None:
        self._desk, self._by, self._other, self._direction = desk, by, other, direction
        self._order = replace(order, note=require_text(order.note, "note"))
        self._numbers = _numbers(order.numbers)
        self._list: tuple[str, str] | None = None
        self._taken: list[str] = []
        self._left: list[Left] = []

    def run(self, act: Act) -> ListMade:
        """Every dossier in turn; what cannot go is set aside with its reason."""
        for number, dossier_id in self._known().items():
            try:
                self._take(dossier_id, act)
            except RuleError as error:
                self._left.append(_left(number, error))
        list_id, no = self._list or (None, "")
        return ListMade(list_id, no, self._other.name, tuple(self._taken), tuple(self._left))

    def _known(self) -> dict[str, str]:
        """Number to dossier, each dossier once; numbers that no dossier carries are set aside."""
        known: dict[str, str] = {}
        for number in self._numbers:
            try:
                dossier_id = find_dossier_id(self._desk, number)
            except NotFoundError as error:
                self._left.append(_left(number, error))
                continue
            if dossier_id not in known.values():
                known[number] = dossier_id
        return known

    def _take(self, dossier_id: str, act: Act) -> None:
        if self._direction == IN:
            self._note_arrival(dossier_id)
        with self._desk.store.write() as connection:
            desk = with_fresh_profile(connection, self._desk)
            listed = self._list or self._open(connection, desk, self._order.at or desk.clock.now())
            order = ActOrder(act, reason=self._words(listed[1]), to_unit=self._other.code, at=self._order.at)
            done = do_act_within(connection, desk, self._by, dossier_id, order)
            add_line(connection, listed[0], dossier_id)
        self._list = listed
        self._taken.append(done.number)

    def _note_arrival(self, dossier_id: str) -> None:
        """The papers lie here with the list: what the other unit holds may be taken over from now on."""
        try:
            custody_acts.note_arrival(self._desk, self._by, dossier_id, self._order.note, self._order.at)
        except RuleError as known:
            if known.code not in ("transfer-pending", "arrival-own"):
                raise

    def _open(self, connection: Connection, desk: Desk, at: datetime) -> tuple[str, str]:
        values = {
            "kind": UNIT,
            "direction": self._direction,
            "other_code": self._other.code,
            "other_name": self._other.name,
            "note": self._note(),
        }
        return open_list(connection, desk, self._by, at, values)

    def _words(self, no: str) -> str:
        words = t("Bảng kê số {no}").format(no=no)
        return f"{words}. {self._order.note}" if self._order.note else words

    def _note(self) -> str:
        """The officer's note, and numbers that stand on the other unit's paper alone."""
        unknown = [each.number for each in self._left if each.code == "no-dossier"]
        words = t("Có trên giấy, chưa có trên máy: {numbers}").format(numbers=", ".join(unknown))
        told = words if unknown and self._direction == IN else ""
        return "; ".join(part for part in (self._order.note, told) if part)


def _numbers(given: Sequence[str]) -> list[str]:
    numbers = list(dict.fromkeys(clean_text(each) for each in given if clean_text(each)))
    if not numbers:
        raise RuleError(
            "list-empty",
            t("Bảng kê chưa có hồ sơ nào."),
            t("Quét phiếu hoặc gõ số từng hồ sơ."),
            field="number",
        )
    if len(numbers) > MOST:
        raise RuleError(
            "list-long",
            t("Bảng kê có quá {most} hồ sơ.").format(most=MOST),
            t("Chia ra nhiều bảng kê."),
            field="number",
        )
    return numbers


def _left(number: str, error: AppError) -> Left:
    return Left(number, error.code, error.title, error.next_step)


def _content(connection: Connection, desk: Desk, list_id: str, copy_no: int) -> HandOverList:
    c, o = hand_over_list.c, tables.officer.c
    row = (
        connection.execute(
            select(hand_over_list, o.name.label("officer"))
            .join_from(hand_over_list, tables.officer, o.id == c.officer_id)
            .where(c.id == list_id)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFoundError("no-list", t("Không có bảng kê này."), t("Chọn lại trong danh sách bảng kê."))
    office = slips.office_name(connection, desk)
    return HandOverList(
        head=slips.slip_head(connection, desk, serial=list_no(row["book"], row["line"])),
        no=list_no(row["book"], row["line"]),
        kind=row["kind"],
        giver=office if row["direction"] == OUT else row["other_name"],
        receiver=row["other_name"] if row["direction"] == OUT else office,
        made_at=row["made_at"],
        lines=_lines(connection, list_id, post=row["kind"] == POST),
        note=row["note"],
        giver_name=row["officer"] if row["direction"] == OUT else "",
        receiver_name="" if row["direction"] == OUT else row["officer"],
        copy_no=copy_no,
        demo=desk.profile.demo,
    )


def _lines(connection: Connection, list_id: str, *, post: bool) -> tuple[ListLine, ...]:
    i, d, p = hand_over_item.c, tables.dossier.c, post_item.c
    papers = (
        select(func.coalesce(func.sum(tables.component.c.quantity), 0))
        .where(tables.component.c.dossier_id == d.id, tables.component.c.presented_only.is_(False))
        .scalar_subquery()
    )
    query = (
        select(
            i.position,
            i.note,
            d.number,
            d.provisional_number,
            d.owner_name,
            d.procedure_name,
            d.due_at,
            papers.label("papers"),
            p.bill_code,
            p.recipient,
            p.phone,
            p.address,
        )
        .join_from(hand_over_item, tables.dossier, d.id == i.dossier_id)
        .outerjoin(post_item, (p.list_id == i.list_id) & (p.dossier_id == i.dossier_id))
        .where(i.list_id == list_id)
        .order_by(i.position)
    )
    return tuple(
        ListLine(
            number=row["number"] or row["provisional_number"],
            owner_name=row["owner_name"],
            procedure=row["procedure_name"],
            due_at=row["due_at"],
            papers=row["papers"],
            bill=row["bill_code"] or "",
            recipient=(row["recipient"] or "") if post else "",
            phone=slips.phone_words(row["phone"]) if post else "",
            address=address_of(row["address"]) if post else "",
            note=row["note"],
        )
        for row in connection.execute(query).mappings()
    )


def address_of(kept: object) -> str:
    """A kept address as papers carry it."""
    return str(kept.get("words") or "") if isinstance(kept, dict) else ""
