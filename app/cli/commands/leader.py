"""``approval``: acts laid before the leader. ``delegation``: who signs while he is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.answer import Answer
from app.cli.commands.options import Commands
from app.cli.moments import parse_day
from app.cli.session import Session
from app.domain.dossier_status import Act
from app.text import t

if TYPE_CHECKING:
    from app.services.people.approvals import Approval
    from app.services.people.delegation import Delegation

_LAID = (Act.COMPLETE, Act.EXTEND, Act.STOP, Act.REOPEN, Act.ACCEPT)


def add(commands: Commands) -> None:
    """Add the commands of the leader's desk."""
    approval = commands.add_parser("approval", help=t("trình lãnh đạo ký")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="act"
    )
    ask = approval.add_parser("ask", help=t("trình một việc của hồ sơ"))
    ask.add_argument("number", metavar="NUMBER")
    ask.add_argument("wanted", metavar="ACT", choices=[act.value for act in _LAID])
    ask.add_argument("--reason", default="", metavar="T")
    ask.add_argument("--due", metavar="ISO")
    ask.add_argument("--result-no", default="", metavar="T")
    ask.add_argument("--override", default="", metavar="T", help=t("vì sao nhận thiếu giấy tờ"))
    ask.add_argument("--words", default="", metavar="T", help=t("lời trình"))
    ask.set_defaults(run=_ask)
    approval.add_parser("list", help=t("việc đang chờ ký")).set_defaults(run=_list)
    sign = approval.add_parser("approve", help=t("ký: việc được làm ngay"))
    sign.add_argument("id", metavar="ID")
    sign.set_defaults(run=_approve)
    back = approval.add_parser("decline", help=t("trả lại kèm lý do"))
    back.add_argument("id", metavar="ID")
    back.add_argument("--words", required=True, metavar="T")
    back.set_defaults(run=_decline)
    taken = approval.add_parser("take-back", help=t("rút lại việc mình đã trình"))
    taken.add_argument("id", metavar="ID")
    taken.set_defaults(run=_take_back)
    _add_delegation(commands)


def _add_delegation(commands: Commands) -> None:
    delegation = commands.add_parser("delegation", help=t("ủy quyền ký khi vắng mặt")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="act"
    )
    give = delegation.add_parser("give", help=t("ủy quyền cho một cán bộ trong những ngày đã định"))
    give.add_argument("deputy", metavar="LOGIN")
    give.add_argument("--from", dest="first", required=True, metavar="D")
    give.add_argument("--to", dest="last", required=True, metavar="D")
    give.add_argument("--reason", required=True, metavar="T")
    give.set_defaults(run=_give)
    delegation.add_parser("list", help=t("các ủy quyền còn hiệu lực")).set_defaults(run=_delegations)
    end = delegation.add_parser("end", help=t("rút lại ủy quyền"))
    end.add_argument("id", metavar="ID")
    end.set_defaults(run=_end)
    title = delegation.add_parser("title", help=t("chức danh in trên chữ ký; không có chữ thì chỉ xem"))
    title.add_argument("words", metavar="T", nargs="?")
    title.add_argument("--deputy", action="store_true", help=t("của người ký thay"))
    title.set_defaults(run=_title)


def _ask(session: Session) -> Answer:
    from app.services.life import ActOrder
    from app.services.people.approvals import ask_approval

    args = session.args
    order = ActOrder(
        act=Act(args.wanted),
        reason=session.text(args.reason),
        due_at=None if args.due is None else session.moment(args.due, "due"),
        result_no=session.text(args.result_no),
        override=session.text(args.override),
    )
    laid = ask_approval(session.desk, session.officer, args.number, order, session.text(args.words))
    words = t("Đã trình {act}, hồ sơ {number}. Mã việc: {id}")
    return Answer(_laid(laid), [words.format(act=laid.order.act.label, number=laid.number, id=laid.id)])


def _list(session: Session) -> Answer:
    from app.services.people.approvals import waiting_approvals

    waiting = waiting_approvals(session.desk, session.officer)
    words = [t("{count} việc chờ ký.").format(count=len(waiting))]
    words += [f"{laid.id} · {laid.number} · {laid.order.act.label} · {laid.asked_by}" for laid in waiting]
    return Answer({"count": len(waiting), "items": [_laid(laid) for laid in waiting]}, words)


def _approve(session: Session) -> Answer:
    from app.services.people.approvals import approve

    done = approve(session.desk, session.officer, session.args.id, at=session.act_time())
    body = {"number": done.number, "status": int(done.status), "due_at": done.due_at}
    words = t("Đã ký. {number}: {status}.").format(number=done.number, status=done.status.label)
    return Answer(body, [words, *done.warnings])


def _decline(session: Session) -> Answer:
    from app.services.people.approvals import decline

    args = session.args
    laid = decline(session.desk, session.officer, args.id, session.text(args.words))
    return Answer(_laid(laid), [t("Đã trả lại cho {name}.").format(name=laid.asked_by)])


def _take_back(session: Session) -> Answer:
    from app.services.people.approvals import take_back

    laid = take_back(session.desk, session.officer, session.args.id)
    return Answer(_laid(laid), [t("Đã rút lại việc trình ký.")])


def _give(session: Session) -> Answer:
    from app.services.people.access import officer_by_login
    from app.services.people.delegation import delegate

    args = session.args
    given = delegate(
        session.desk,
        session.officer,
        officer_by_login(session.desk, args.deputy).id,
        parse_day(args.first, "from"),
        parse_day(args.last, "to"),
        session.text(args.reason),
    )
    return Answer(_given(given), [t("Đã ủy quyền cho {name}.").format(name=given.deputy_name)])


def _delegations(session: Session) -> Answer:
    from app.services.people.delegation import list_delegations

    given = list_delegations(session.desk, session.officer)
    words = [t("{count} ủy quyền còn hiệu lực.").format(count=len(given))]
    words += [f"{one.id} · {one.deputy_name} · {one.from_day} – {one.to_day}" for one in given]
    return Answer({"count": len(given), "items": [_given(one) for one in given]}, words)


def _end(session: Session) -> Answer:
    from app.services.people.delegation import end_delegation

    given = end_delegation(session.desk, session.officer, session.args.id)
    return Answer(_given(given), [t("Đã rút ủy quyền của {name}.").format(name=given.deputy_name)])


def _title(session: Session) -> Answer:
    """The words above a signature on letters 04 and 05: set, taken away with empty words, or shown."""
    from app.services.people.delegation import set_signer_title, signer_title

    desk, deputy, words = session.desk, bool(session.args.deputy), session.args.words
    if words is not None:
        set_signer_title(desk, session.officer, session.text(words), deputy=deputy)
    kept = signer_title(desk, deputy=deputy)
    said = t("Chức danh in trên chữ ký: {title}.").format(title=kept)
    none = t("Chưa đặt chức danh: in theo chữ của mẫu.")
    return Answer({"title": kept, "deputy": deputy}, [said if kept else none])


def _laid(laid: Approval) -> dict[str, object]:
    return {
        "id": laid.id,
        "number": laid.number,
        "act": laid.order.act.value,
        "state": laid.state,
        "words": laid.words,
        "asked_at": laid.asked_at,
        "asked_by": laid.asked_by,
        "decided_at": laid.decided_at,
        "decided_by": laid.decided_by or None,
        "answer": laid.answer,
        "possible": laid.possible,
    }


def _given(given: Delegation) -> dict[str, object]:
    return {
        "id": given.id,
        "leader": given.leader_name,
        "deputy": given.deputy_name,
        "from": given.from_day.isoformat(),
        "to": given.to_day.isoformat(),
        "reason": given.reason,
        "ended_at": given.ended_at,
    }
