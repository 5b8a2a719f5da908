"""The cash box at day's end: totals of the receipts, counting by notes, the sheet that says both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from app.clock import VIETNAM
from app.domain.cash import CashEntry, CashSheet, CashTotals, FeeNote, SheetLine, counted, totals
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import require_text
from app.errors import RuleError
from app.models import tables
from app.models.life_tables import cash_count
from app.services.audit.printed import printed_anchor
from app.services.desk import Desk
from app.services.money.payments import Receipt, read_receipts, receipt_of
from app.services.papers import slips
from app.services.papers.slip_words import money
from app.services.papers.slips import MadePaper
from app.services.recording import Recorder
from app.text import t

SHEET_FORM, NOTE_FORM = "bang-ke-thu", "bien-nhan"
"""Names of the counter's own papers among the printings; ``form_set`` is empty, no circular has them."""
METHOD_WORDS = {
    "cash": t("Tiền mặt"),
    "bank_transfer": t("Chuyển khoản"),
    "national_platform": t("Cổng dịch vụ công quốc gia"),
    "province_gateway": t("Cổng thanh toán của tỉnh"),
}


@dataclass(frozen=True)
class CashCount:
    """One counting of the box. ``expected_vnd``: what the receipts said at that moment."""

    day: date
    at: datetime
    officer_name: str
    expected_vnd: int
    counted_vnd: int
    notes: Mapping[int, int]
    reason: str

    @property
    def difference_vnd(self) -> int:
        """Counted less expected."""
        return self.counted_vnd - self.expected_vnd


@dataclass(frozen=True)
class CashDay:
    """One day: its receipts, what they add up to, and the latest counting (``None``: not counted yet)."""

    day: date
    receipts: tuple[Receipt, ...]
    totals: CashTotals
    count: CashCount | None

    @property
    def moved_since(self) -> bool:
        """Whether money came or went after the box was counted."""
        return self.count is not None and self.count.expected_vnd != self.totals.expected_vnd


def cash_day(desk: Desk, by: Officer, day: date) -> CashDay:
    """The day as the receipts tell it."""
    by.require(Permission.VIEW)
    with desk.store.read() as connection:
        return _day(connection, day)


def count_cash(
    desk: Desk, by: Officer, day: date, notes: Mapping[int, int], reason: str = "", at: datetime | None = None
) -> CashCount:
    """Keep one counting of the box. ``notes``: value to pieces, those left out are none.

    Counting again is allowed and adds a row; the latest holds. Raises ``RuleError`` "note-unknown",
    "note-count", "cash-difference" (field ``reason``) where the sums differ and nobody says why,
    "day-future", "text-long".
    """
    by.require(Permission.RECEIVE)
    moment = at or desk.clock.now()
    words = require_text(reason, "reason")
    if len(words) > 500:
        raise RuleError("text-long", t("Lý do dài quá 500 ký tự."), t("Ghi ngắn lại."), field="reason")
    if day > moment.astimezone(VIETNAM).date():
        raise RuleError(
            "day-future", t("Ngày này chưa đến."), t("Chọn hôm nay hoặc ngày đã qua."), field="day"
        )
    there = counted(notes)
    with desk.store.write() as connection:
        expected = _day(connection, day).totals.expected_vnd
        if there != expected and not words:
            raise _differs(there - expected)
        connection.execute(
            insert(cash_count).values(
                day=day,
                officer_id=by.id,
                expected_vnd=expected,
                counted_vnd=there,
                notes={str(value): count for value, count in sorted(notes.items(), reverse=True) if count},
                reason=words,
                at=moment,
            )
        )
        Recorder(connection, desk, by, moment).audit("cash_count", "cash_day", day.isoformat())
        kept = _latest(connection, day)
    assert kept is not None
    return kept


def cash_sheet(desk: Desk, by: Officer, day: date, copy_no: int = 1) -> CashSheet:
    """What the day sheet says."""
    by.require(Permission.PRINT)
    with desk.store.read() as connection:
        return _sheet(connection, desk, by, day, copy_no)


def make_cash_sheet(desk: Desk, by: Officer, day: date) -> MadePaper:
    """Draw the day sheet, keep it, note the printing."""
    by.require(Permission.PRINT)
    from app.printing.cash_sheet import draw_cash_sheet

    subject = f"cash/{day.isoformat()}"
    with desk.store.read() as connection:
        copy_no = slips.next_copy(connection, subject, SHEET_FORM)
        content = _sheet(connection, desk, by, day, copy_no)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=subject,
        form=SHEET_FORM,
        form_set="",
        pdf=draw_cash_sheet(content),
        copy_no=copy_no,
        record_kind="cash_day",
    )


def make_fee_note(desk: Desk, by: Officer, name: str) -> MadePaper:
    """Draw the counter's note of one receipt. Raises ``NotFoundError`` "no-receipt"."""
    by.require(Permission.PRINT)
    from app.printing.fee_receipt import draw_fee_note

    receipt = receipt_of(desk, by, name)
    subject = f"payment/{receipt.id}"
    with desk.store.read() as connection:
        copy_no = slips.next_copy(connection, subject, NOTE_FORM)
        content = _note(connection, desk, receipt, copy_no)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=receipt.dossier_id,
        subject_id=subject,
        form=NOTE_FORM,
        form_set="",
        pdf=draw_fee_note(content),
        copy_no=copy_no,
    )


def _day(connection: Connection, day: date) -> CashDay:
    receipts = read_receipts(connection, day)
    entries = [
        CashEntry(
            book=each.book,
            number=each.number,
            amount_vnd=each.amount_vnd,
            method=each.method,
            officer=each.officer_name,
            taken=_local(each.at) == day,
            given_back=each.cancelled_at is not None and _local(each.cancelled_at) == day,
        )
        for each in receipts
    ]
    return CashDay(day, receipts, totals(entries), _latest(connection, day))


def _latest(connection: Connection, day: date) -> CashCount | None:
    c, o = cash_count.c, tables.officer.c
    row = connection.execute(
        select(cash_count, o.name)
        .join(tables.officer, o.id == c.officer_id)
        .where(c.day == day)
        .order_by(c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return CashCount(
        day=row.day,
        at=row.at,
        officer_name=row.name,
        expected_vnd=row.expected_vnd,
        counted_vnd=row.counted_vnd,
        notes={int(value): count for value, count in row.notes.items()},
        reason=row.reason,
    )


def _sheet(connection: Connection, desk: Desk, by: Officer, day: date, copy_no: int) -> CashSheet:
    state = _day(connection, day)
    count = state.count
    return CashSheet(
        head=slips.slip_head(connection, desk, serial=""),
        office=slips.office_name(connection, desk),
        day=day,
        made_at=desk.clock.now(),
        lines=tuple(_line(each, day) for each in state.receipts),
        totals=_in_words(state.totals),
        notes={} if count is None else count.notes,
        counted_vnd=None if count is None else count.counted_vnd,
        reason="" if count is None else count.reason,
        counted_by="" if count is None else count.officer_name,
        officer_name=by.name,
        copy_no=copy_no,
        demo=desk.profile.demo,
        anchor=printed_anchor(connection),
    )


def _in_words(day: CashTotals) -> CashTotals:
    methods = tuple(replace(each, key=METHOD_WORDS[each.key]) for each in day.by_method)
    return replace(day, by_method=methods)


def _line(receipt: Receipt, day: date) -> SheetLine:
    return SheetLine(
        label=receipt.label,
        at=receipt.at,
        payer=receipt.payer,
        dossier=receipt.dossier_number,
        purpose=purpose(receipt),
        method=METHOD_WORDS[receipt.method],
        amount_vnd=receipt.amount_vnd,
        note=_line_note(receipt, day),
    )


def _line_note(receipt: Receipt, day: date) -> str:
    if receipt.cancelled_at is None or _local(receipt.cancelled_at) > day:
        return ""
    hour = receipt.cancelled_at.astimezone(VIETNAM)
    if _local(receipt.at) < day:
        taken = t("Thu ngày {day}, hủy lúc {hour}: {reason}")
        return taken.format(
            day=f"{_local(receipt.at):%d/%m/%Y}", hour=f"{hour:%H:%M}", reason=receipt.cancel_reason
        )
    return t("Đã hủy lúc {hour}: {reason}").format(hour=f"{hour:%H:%M}", reason=receipt.cancel_reason)


def purpose(receipt: Receipt) -> str:
    """What the money was for, in words."""
    return "; ".join(dict.fromkeys(receipt.fees)) or t("Phí, lệ phí")


def _note(connection: Connection, desk: Desk, receipt: Receipt, copy_no: int) -> FeeNote:
    cancelled = ""
    if receipt.cancelled_at is not None:
        cancelled = t("Đã hủy ngày {day}. Lý do: {reason}").format(
            day=f"{_local(receipt.cancelled_at):%d/%m/%Y}", reason=receipt.cancel_reason
        )
    return FeeNote(
        head=slips.slip_head(connection, desk, serial=receipt.label),
        office=slips.office_name(connection, desk),
        label=receipt.label,
        at=receipt.at,
        payer=receipt.payer,
        dossier=receipt.dossier_number,
        procedure=receipt.procedure,
        purpose=purpose(receipt),
        amount_vnd=receipt.amount_vnd,
        method=METHOD_WORDS[receipt.method],
        reference=receipt.reference,
        officer_name=receipt.officer_name,
        cancelled_words=cancelled,
        copy_no=copy_no,
        demo=desk.profile.demo,
    )


def _differs(difference: int) -> RuleError:
    title = t("Tiền đếm được thừa {amount} đ.") if difference > 0 else t("Tiền đếm được thiếu {amount} đ.")
    return RuleError(
        "cash-difference",
        title.format(amount=money(abs(difference))),
        t("Đếm lại; nếu vẫn lệch thì ghi lý do rồi lưu."),
        field="reason",
    )


def _local(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
