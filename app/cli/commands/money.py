"""``receipt``: fee receipts. ``cash``: the box at day's end."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands import tariff
from app.cli.commands.options import Commands, amount, group, write_out
from app.cli.moments import parse_day
from app.cli.session import Session
from app.errors import UsageError
from app.text import t


def add(commands: Commands) -> None:
    """Add the commands of money."""
    _add_receipt(commands)
    _add_cash(commands)
    tariff.add(commands)


def _add_receipt(commands: Commands) -> None:
    receipt = group(commands, "receipt", t("biên nhận thu tiền"))
    take = receipt.add_parser("take", help=t("thu tiền của một hồ sơ; bỏ --amount là thu đủ"))
    take.add_argument("number", metavar="NUMBER")
    take.add_argument("--amount", type=amount, metavar="VND")
    take.add_argument("--method", default="cash", metavar="M", help=t("cash, bank_transfer…"))
    take.add_argument("--reference", default="", metavar="T", help=t("số giao dịch của ngân hàng"))
    take.add_argument(
        "--payer", default="", metavar="T", help=t("người nộp tiền, bỏ trống là người nộp hồ sơ")
    )
    take.add_argument("--request", default="", metavar="ID", help=t("gửi lại cùng ID không thu hai lần"))
    take.set_defaults(run=_take)
    listed = receipt.add_parser("list", help=t("biên nhận của một ngày"))
    listed.add_argument("--day", metavar="D")
    listed.set_defaults(run=_list)
    cancel = receipt.add_parser("cancel", help=t("hủy biên nhận, hoàn tiền"))
    cancel.add_argument("name", metavar="BIÊN-NHẬN", help=t("ví dụ BL01/2026-12"))
    cancel.add_argument("--reason", required=True, metavar="T")
    cancel.set_defaults(run=_cancel)
    drawn = receipt.add_parser("print", help=t("in biên nhận ra tệp PDF"))
    drawn.add_argument("name", metavar="BIÊN-NHẬN")
    drawn.add_argument("--out", required=True, type=Path, metavar="F.pdf")
    drawn.set_defaults(run=_print)


def _add_cash(commands: Commands) -> None:
    cash = group(commands, "cash", t("quỹ tiền mặt trong ngày"))
    day = cash.add_parser("day", help=t("cộng sổ một ngày"))
    day.add_argument("--day", metavar="D")
    day.add_argument("--out", type=Path, metavar="F.pdf", help=t("in bảng kê ra tệp"))
    day.set_defaults(run=_day)
    count = cash.add_parser("count", help=t("ghi tiền đếm được theo mệnh giá"))
    count.add_argument("--day", metavar="D")
    count.add_argument("--note", action="append", default=[], metavar="MỆNH-GIÁ:SỐ-TỜ", type=_pieces)
    count.add_argument("--reason", default="", metavar="T", help=t("cần khi tiền đếm lệch biên nhận"))
    count.set_defaults(run=_count)


def _take(session: Session) -> Answer:
    from app.services.life.doing import Paying
    from app.services.money.payments import take_payment

    args = session.args
    paying = Paying(args.method, session.text(args.reference), session.text(args.payer), args.request)
    at = session.act_time()
    taken = take_payment(session.desk, session.officer, args.number, args.amount, paying, at)
    body = {**_body(taken.receipt), "already": taken.already}
    words = t("Biên nhận {label}: {amount} đ.").format(
        label=taken.receipt.label, amount=_money(body["amount_vnd"])
    )
    return Answer(body, [words, *taken.warnings])


def _list(session: Session) -> Answer:
    from app.services.money.payments import receipts_of_day

    receipts = receipts_of_day(session.desk, session.officer, _day_of(session))
    words = [
        t("{label}  {amount} đ  {payer}{gone}").format(
            label=each.label,
            amount=_money(each.amount_vnd),
            payer=each.payer,
            gone="" if each.stands else t("  (đã hủy)"),
        )
        for each in receipts
    ]
    body = {"count": len(receipts), "receipts": [_body(each) for each in receipts]}
    return Answer(body, words or [t("Ngày này chưa thu khoản nào.")])


def _cancel(session: Session) -> Answer:
    from app.services.money.payments import cancel_receipt

    args, at = session.args, session.act_time()
    receipt = cancel_receipt(session.desk, session.officer, args.name, session.text(args.reason), at)
    words = t("Đã hủy biên nhận {label}; khoản {amount} đ trở lại chưa thu.")
    return Answer(_body(receipt), [words.format(label=receipt.label, amount=_money(receipt.amount_vnd))])


def _print(session: Session) -> Answer:
    from app.services.money.cash_day import make_fee_note

    made = make_fee_note(session.desk, session.officer, session.args.name)
    write_out(session.args.out, made.pdf)
    body = {"form": made.form, "pages": made.pages, "copy_no": made.copy_no}
    return Answer(body, [t("Đã in biên nhận ra {file}.").format(file=session.args.out)])


def _day(session: Session) -> Answer:
    from app.services.money.cash_day import cash_day, make_cash_sheet

    args, day = session.args, _day_of(session)
    state = cash_day(session.desk, session.officer, day)
    sums = state.totals
    body: dict[str, object] = {
        "day": day.isoformat(),
        "receipts": len(state.receipts),
        "taken_vnd": sums.taken_vnd,
        "given_back_vnd": sums.given_back_vnd,
        "expected_vnd": sums.expected_vnd,
        "counted_vnd": None if state.count is None else state.count.counted_vnd,
        "by_officer": {each.key: each.net_vnd for each in sums.by_officer},
        "by_method": {each.key: each.net_vnd for each in sums.by_method},
        "books": [
            {"book": each.book, "first": each.first, "last": each.last, "cancelled": list(each.cancelled)}
            for each in sums.books
        ],
    }
    words = [
        t("Quỹ tiền mặt ngày {day}: {amount} đ.").format(
            day=f"{day:%d/%m/%Y}", amount=_money(sums.expected_vnd)
        )
    ]
    if args.out is not None:
        made = make_cash_sheet(session.desk, session.officer, day)
        write_out(args.out, made.pdf)
        body = {**body, "pages": made.pages, "copy_no": made.copy_no}
        words.append(t("Đã in bảng kê ra {file}.").format(file=args.out))
    return Answer(body, words)


def _count(session: Session) -> Answer:
    from app.services.money.cash_day import count_cash

    args = session.args
    notes: dict[int, int] = {}
    for value, count in args.note:
        notes[value] = notes.get(value, 0) + count
    reason, at = session.text(args.reason), session.act_time()
    kept = count_cash(session.desk, session.officer, _day_of(session), notes, reason, at)
    body = {
        "day": kept.day.isoformat(),
        "expected_vnd": kept.expected_vnd,
        "counted_vnd": kept.counted_vnd,
        "difference_vnd": kept.difference_vnd,
    }
    words = t("Đã ghi kiểm quỹ: đếm được {amount} đ.").format(amount=_money(kept.counted_vnd))
    return Answer(body, [words])


def _day_of(session: Session) -> date:
    from app.clock import VIETNAM

    if session.args.day is not None:
        return parse_day(session.args.day, "day")
    return (session.act_time() or session.links.clock.now()).astimezone(VIETNAM).date()


def _body(receipt: object) -> dict[str, object]:
    from app.services.money.payments import Receipt

    assert isinstance(receipt, Receipt)
    return {
        "id": receipt.id,
        "receipt": receipt.label,
        "number": receipt.dossier_number,
        "amount_vnd": receipt.amount_vnd,
        "method": receipt.method,
        "payer": receipt.payer,
        "at": receipt.at,
        "cancelled_at": receipt.cancelled_at,
        "cancel_reason": receipt.cancel_reason or None,
    }


def _pieces(text: str) -> tuple[int, int]:
    value, _, count = text.replace(".", "").partition(":")
    if all(part.isascii() and part.isdigit() and len(part) <= 9 for part in (value, count)):
        return int(value), int(count)
    raise UsageError(
        "note-shape", t("Chưa đọc được số tờ bạc."), t("Ghi mệnh giá:số tờ, ví dụ 50000:3."), field="note"
    )


def _money(amount: object) -> str:
    from app.services.papers.slip_words import money

    return money(int(str(amount)))
