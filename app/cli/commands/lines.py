"""``enrol``, ``sync``, ``outbox``: the line to the province."""

from __future__ import annotations

from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands, given_file
from app.cli.session import Session
from app.domain.roles import Permission
from app.errors import LineError
from app.text import t


def add(commands: Commands) -> None:
    """Add the commands of the line."""
    enrol = commands.add_parser("enrol", help=t("ghi danh quầy với cổng của tỉnh"))
    enrol.add_argument("--url", required=True)
    enrol.add_argument("--code", required=True, help=t("mã ghi danh tỉnh cấp; “-” là một dòng từ stdin"))
    enrol.add_argument("--ca", type=Path, metavar="F.pem")
    enrol.set_defaults(run=_enrol)
    commands.add_parser("sync", help=t("đồng bộ một lượt với tỉnh")).set_defaults(run=_sync)
    commands.add_parser("outbox", help=t("xem những gì chờ gửi")).set_defaults(run=_outbox)


def _enrol(session: Session) -> Answer:
    args = session.args
    session.officer.require(Permission.SYNC)
    ca_pem = None if args.ca is None else given_file(args.ca, "ca")
    made = session.links.line(session.desk).enrol(args.url, session.text(args.code), ca_pem)
    session.shelf.forget(session.folder)
    return Answer(
        {"ok": True, **made}, [t("Quầy đã ghi danh với {gateway}.").format(gateway=made["gateway"])]
    )


def _sync(session: Session) -> Answer:
    session.officer.require(Permission.SYNC)
    made = session.links.line(session.desk).sync()
    done = bool(made["reconciled"])
    session.desk.reference.load_local(session.desk.store)
    words = [
        t("Đã gửi {pushed}, tỉnh nhận {accepted}, trả về {rejected}; còn chờ {waiting}.").format(**made),
        t("Hai bên đã khớp nhau.") if done else t("Hai bên chưa khớp hết; dữ liệu ở quầy vẫn nguyên."),
    ]
    return Answer(made, words, exit=0 if done else LineError.exit_code)


def _outbox(session: Session) -> Answer:
    session.officer.require(Permission.SYNC)
    items = session.links.line(session.desk).outbox()
    words = [t("{count} việc chờ gửi tỉnh.").format(count=len(items))]
    words += [f"{each['desk_seq']} · {each['type']} · {each['number'] or ''}" for each in items]
    return Answer({"count": len(items), "items": items}, words)
