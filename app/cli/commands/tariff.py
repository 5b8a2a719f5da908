"""``tariff``: amounts the office enters. ``fee-account``: where the VietQR code of the slip leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.answer import Answer
from app.cli.commands.options import Commands, amount, group
from app.cli.moments import parse_day
from app.cli.session import Session
from app.services.papers.slip_words import money
from app.text import t

if TYPE_CHECKING:
    from app.domain.tariff import TariffLine


def add(commands: Commands) -> None:
    """Add both."""
    _add_tariff(commands)
    _add_account(commands)


def _add_tariff(commands: Commands) -> None:
    tariff = group(commands, "tariff", t("mức thu theo nghị quyết của tỉnh"))
    new = tariff.add_parser("add", help=t("ghi một mức thu; mức ghi sau thay mức trước"))
    new.add_argument("procedure", metavar="CODE")
    new.add_argument("--fee", default="LP", metavar="CODE", help=t("LP, PHI…"))
    new.add_argument("--amount", required=True, type=amount, metavar="VND")
    new.add_argument("--basis", required=True, metavar="T", help=t("nghị quyết, số, ngày"))
    new.add_argument("--from", dest="first", required=True, metavar="D")
    new.add_argument("--to", dest="last", metavar="D")
    new.add_argument("--channel", choices=["counter", "online", "post"])
    new.add_argument("--exempt", action="append", default=[], metavar="T", help=t("đối tượng miễn"))
    new.set_defaults(run=_tariff_add)
    listed = tariff.add_parser("list", help=t("mức thu đã ghi của một thủ tục"))
    listed.add_argument("procedure", metavar="CODE")
    listed.set_defaults(run=_tariff_list)


def _add_account(commands: Commands) -> None:
    account = group(commands, "fee-account", t("tài khoản nhận phí, lệ phí (mã VietQR trên giấy hẹn)"))
    kept = account.add_parser("set", help=t("ghi tài khoản"))
    kept.add_argument("--bin", required=True, metavar="BIN", help=t("mã ngân hàng, sáu chữ số"))
    kept.add_argument("--account", required=True, metavar="N")
    kept.add_argument("--name", required=True, metavar="T", help=t("tên chủ tài khoản"))
    kept.add_argument("--bank", default="", metavar="T", help=t("tên ngân hàng in cho người nộp"))
    kept.set_defaults(run=_account_set)
    account.add_parser("show", help=t("xem tài khoản đang dùng")).set_defaults(run=_account_show)
    account.add_parser("clear", help=t("thôi in mã VietQR")).set_defaults(run=_account_clear)


def _tariff_add(session: Session) -> Answer:
    from app.domain.catalogue import Channel
    from app.services.money.tariff import TariffEntry, enter_tariff

    args = session.args
    entry = TariffEntry(
        procedure_code=args.procedure,
        fee_code=session.text(args.fee),
        amount_vnd=args.amount,
        basis=session.text(args.basis),
        effective_from=parse_day(args.first, "from"),
        channel=None if args.channel is None else Channel(args.channel),
        exemptions=tuple(session.text(each) for each in args.exempt),
        effective_to=None if args.last is None else parse_day(args.last, "to"),
    )
    line = enter_tariff(session.desk, session.officer, entry)
    words = t("Đã ghi mức thu {code} {fee}: {amount} đ từ {day}.").format(
        code=line.procedure_code,
        fee=line.fee_code,
        amount=money(line.amount_vnd),
        day=f"{line.effective_from:%d/%m/%Y}",
    )
    return Answer(_tariff_body(line), [words])


def _tariff_list(session: Session) -> Answer:
    from app.services.money.tariff import tariff_lines

    lines = tariff_lines(session.desk, session.officer, session.args.procedure)
    words = [
        t("{fee}: {amount} đ từ {day} ({basis})").format(
            fee=each.fee_code,
            amount=money(each.amount_vnd),
            day=f"{each.effective_from:%d/%m/%Y}",
            basis=each.basis,
        )
        for each in lines
    ]
    body = {"count": len(lines), "lines": [_tariff_body(each) for each in lines]}
    return Answer(body, words or [t("Chưa ghi mức thu nào cho thủ tục này.")])


def _tariff_body(line: TariffLine) -> dict[str, object]:
    return {
        "id": line.id,
        "procedure": line.procedure_code,
        "fee": line.fee_code,
        "amount_vnd": line.amount_vnd,
        "channel": None if line.channel is None else line.channel.value,
        "exemptions": list(line.exemptions),
        "basis": line.basis,
        "from": line.effective_from.isoformat(),
        "to": None if line.effective_to is None else line.effective_to.isoformat(),
    }


def _account_set(session: Session) -> Answer:
    from app.services.money.fee_account import configure_account

    args = session.args
    configure_account(
        session.desk,
        session.officer,
        args.bin,
        args.account,
        session.text(args.name),
        session.text(args.bank),
    )
    return _account_show(session)


def _account_show(session: Session) -> Answer:
    from app.services.money.fee_account import fee_account

    kept = fee_account(session.desk)
    if kept is None:
        return Answer({"account": None}, [t("Chưa ghi tài khoản; giấy hẹn không in mã VietQR.")])
    body = {"bin": kept.bin, "account": kept.account, "name": kept.name, "bank": kept.bank or None}
    words = t("Tài khoản {account} ({bin}), {name}.")
    return Answer(body, [words.format(account=kept.account, bin=kept.bin, name=kept.name)])


def _account_clear(session: Session) -> Answer:
    from app.services.money.fee_account import forget_account

    forget_account(session.desk, session.officer)
    return _account_show(session)
