"""``assist``: helping a citizen to an electronic account, step by step (DOMAIN §9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.answer import Answer
from app.cli.commands.options import Commands
from app.cli.session import Session
from app.text import t

if TYPE_CHECKING:
    from app.services.help.account_help import Case


def add(commands: Commands) -> None:
    """Add ``assist``."""
    acts = commands.add_parser("assist", help=t("hỗ trợ công dân lập tài khoản")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="act"
    )
    opened = acts.add_parser("open", help=t("mở một lượt hỗ trợ"))
    opened.add_argument(
        "--card", required=True, metavar="TEXT", help=t("mã QR của thẻ; “-” là một dòng từ stdin")
    )
    opened.add_argument("--phone", metavar="N")
    opened.add_argument("--consent", action="append", default=[], metavar="PURPOSE")
    opened.set_defaults(run=_open)
    step = acts.add_parser("step", help=t("ghi một bước của lượt hỗ trợ"))
    step.add_argument("case", metavar="ID")
    step.add_argument("--to", required=True, metavar="STATE")
    step.add_argument("--obstacle", action="append", default=[], metavar="CODE")
    step.add_argument("--note", default="", metavar="T")
    step.add_argument("--next", metavar="D", help=t("ngày hẹn quay lại"))
    step.set_defaults(run=_step)
    acts.add_parser("list", help=t("các lượt hỗ trợ đang theo dõi")).set_defaults(run=_list)


def _open(session: Session) -> Answer:
    from app.cli.commands.people import read_card
    from app.domain.account_help import parse_purpose
    from app.services.help.account_help import open_case

    args = session.args
    officer = session.officer
    at = session.act_time() or session.links.clock.now()
    person, _ = read_card(session.text(args.card), at.date())
    phone = session.text(args.phone) if args.phone else None
    consents = tuple(dict.fromkeys(parse_purpose(text) for text in args.consent))
    return _answer(open_case(session.desk, officer, person, phone, consents, at))


def _step(session: Session) -> Answer:
    from app.cli.moments import parse_day
    from app.domain.account_help import parse_obstacle, parse_state
    from app.services.help.account_help import step_case

    args = session.args
    case = step_case(
        session.desk,
        session.officer,
        args.case,
        parse_state(args.to),
        tuple(parse_obstacle(text) for text in args.obstacle),
        session.text(args.note),
        parse_day(args.next, "next") if args.next else None,
        session.act_time() or session.links.clock.now(),
    )
    return _answer(case)


def _list(session: Session) -> Answer:
    from app.domain.account_help import STATE_LABELS
    from app.services.help.account_help import list_cases

    cases = list_cases(session.desk, session.officer)
    rows = [
        {"id": case.id, "state": case.state, "opened_at": case.opened_at, "next_visit": case.next_visit}
        for case in cases
    ]
    words = [t("{count} lượt hỗ trợ.").format(count=len(rows))]
    words += [f"{case.id} · {STATE_LABELS[case.state]}" for case in cases]
    return Answer({"count": len(rows), "cases": rows}, words)


def _answer(case: Case) -> Answer:
    from app.domain.account_help import STATE_LABELS

    return Answer({"id": case.id, "state": case.state}, [f"{case.id} · {STATE_LABELS[case.state]}"])
