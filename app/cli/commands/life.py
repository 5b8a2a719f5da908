"""``certify``: the certified-copy lane. ``do``: an act of a dossier's life after it has arrived."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable
from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands
from app.cli.moments import parse_day
from app.cli.session import Session
from app.domain.dossier_status import Act
from app.errors import UsageError
from app.text import t

_MOST = 10**12


def add(commands: Commands) -> None:
    """Add ``do``."""
    do = commands.add_parser("do", help=t("làm một việc với hồ sơ đã nhận"))
    do.add_argument("number", metavar="NUMBER")
    do.add_argument("act", metavar="ACT", choices=[act.value for act in Act])
    do.add_argument("--reason", default="", metavar="T")
    do.add_argument("--due", metavar="ISO8601")
    do.add_argument("--item", action="append", default=[], metavar="T")
    do.add_argument("--result-no", default="", metavar="T")
    do.add_argument("--file", type=Path, metavar="F")
    do.add_argument("--amount", type=_amount, metavar="VND")
    do.add_argument("--to", default="", metavar="UNIT")
    do.add_argument("--override-reason", default="", metavar="T", help=t("lãnh đạo nhận khi thiếu giấy"))
    for option in ("--book", "--signer", "--signer-title", "--system", "--foreign-no"):
        do.add_argument(option, default="", metavar="T", help=t("của kết quả, với complete"))
    do.add_argument("--issued-on", metavar="D", help=t("ngày ký kết quả, với complete"))
    for option in ("--recipient", "--recipient-id", "--relation", "--bill"):
        do.add_argument(option, default="", metavar="T", help=t("của người nhận, với return"))
    do.add_argument("--return-method", choices=("counter", "post", "online"), default="")
    do.set_defaults(run=_do)
    certify = commands.add_parser("certify", help=t("chứng thực bản sao từ bản chính"))
    certify.add_argument("--card", required=True, metavar="TEXT")
    certify.add_argument("--paper", required=True, metavar="NAME")
    certify.add_argument("--pages", required=True, type=_count("pages"), metavar="N")
    certify.add_argument("--copies", required=True, type=_count("copies"), metavar="N")
    certify.set_defaults(run=_certify)


def _do(session: Session) -> Answer:
    from app.services.life import ActOrder, Recipient, ResultPaper, do_act

    args = session.args
    order = ActOrder(
        act=Act(args.act),
        reason=session.text(args.reason),
        due_at=None if args.due is None else session.moment(args.due, "due"),
        items=tuple(session.text(item) for item in args.item),
        result_no=session.text(args.result_no),
        amount_vnd=args.amount,
        to_unit=args.to,
        at=session.act_time(),
        result=ResultPaper(
            book=session.text(args.book),
            signer=session.text(args.signer),
            signer_title=session.text(args.signer_title),
            issued_on=None if args.issued_on is None else parse_day(args.issued_on, "issued_on"),
            file=args.file,
            system=session.text(args.system),
            foreign_no=session.text(args.foreign_no),
        ),
        recipient=Recipient(
            name=session.text(args.recipient),
            id_value=session.text(args.recipient_id),
            relation=session.text(args.relation),
            method=args.return_method,
            bill_code=session.text(args.bill),
        ),
        override=session.text(args.override_reason),
    )
    done = do_act(session.desk, session.officer, args.number, order)
    body = {"number": done.number, "status": int(done.status), "due_at": done.due_at}
    words = t("{number}: {status}.").format(number=done.number, status=done.status.label)
    return Answer(body, [words, *done.warnings])


def _certify(session: Session) -> Answer:
    from app.cli.commands.people import read_card
    from app.services.certify import CopyJob, certify

    args = session.args
    at = session.act_time()
    person, card = read_card(session.text(args.card), (at or session.links.clock.now()).date())
    for warning in card.warnings:
        print(warning.text, file=sys.stderr)
    job = CopyJob(str(uuid.uuid4()), person, session.text(args.paper), args.pages, args.copies, at=at)
    made = certify(session.desk, session.officer, job)
    body = {
        "id": made.id,
        "number": made.number,
        "register_no": made.register_no,
        "fee_vnd": made.fee_vnd,
    }
    words = t("Đã lưu {number}, số chứng thực {register}.")
    return Answer(body, [words.format(number=made.number, register=made.register_no)])


def _count(name: str) -> Callable[[str], int]:
    """A whole number; what is out of the rule's range is read too, so that the rule refuses it in words."""

    def read(text: str) -> int:
        digits = text.removeprefix("-")
        if digits.isascii() and digits.isdigit() and int(digits[:13]) < _MOST:
            return int(text)
        raise UsageError("number-range", t("Cần một số nguyên."), t("Gõ lại số."), field=name)

    return read


def _amount(text: str) -> int:
    """Whole VND; below zero is read too, so that the rule can refuse it in words."""
    digits = text[1:] if text.startswith("-") else text
    if digits.isascii() and digits.isdigit() and int(digits) < _MOST:
        return int(text)
    raise UsageError(
        "number-range",
        t("Cần số tiền bằng đồng, không có dấu chấm."),
        t("Gõ lại, ví dụ 16000."),
        field="amount",
    )
