"""``enrol``, ``renew-keys``, ``sync``, ``outbox``, ``bundle``, ``catalogue``: the line, or a stick."""

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
    renew = commands.add_parser("renew-keys", help=t("đổi khóa quầy dùng để nối với tỉnh"))
    renew.set_defaults(run=_renew_keys)
    commands.add_parser("sync", help=t("đồng bộ một lượt với tỉnh")).set_defaults(run=_sync)
    commands.add_parser("outbox", help=t("xem những gì chờ gửi")).set_defaults(run=_outbox)
    carried = commands.add_parser("bundle", help=t("gửi tỉnh bằng USB khi không có mạng")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="act"
    )
    export = carried.add_parser("export", help=t("chép những gì chờ gửi ra gói"))
    export.add_argument("bundle", type=Path, metavar="F")
    export.set_defaults(run=_export)
    receipt = carried.add_parser("receipt", help=t("nhận biên nhận của tỉnh"))
    receipt.add_argument("bundle", type=Path, metavar="F")
    receipt.set_defaults(run=_receipt)
    catalogue = commands.add_parser("catalogue", help=t("danh mục thủ tục tỉnh công bố")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="act"
    )
    taken = catalogue.add_parser("import", help=t("nhận danh mục có chữ ký của tỉnh từ USB"))
    taken.add_argument("catalogue", type=Path, metavar="F")
    taken.set_defaults(run=_catalogue)


def _enrol(session: Session) -> Answer:
    args = session.args
    session.officer.require(Permission.SYNC)
    ca_pem = None if args.ca is None else given_file(args.ca, "ca")
    made = session.links.line(session.desk).enrol(args.url, session.text(args.code), ca_pem)
    session.shelf.forget(session.folder)
    return Answer(
        {"ok": True, **made}, [t("Quầy đã ghi danh với {gateway}.").format(gateway=made["gateway"])]
    )


def _renew_keys(session: Session) -> Answer:
    session.officer.require(Permission.CONFIGURE)
    made = session.links.line(session.desk).renew_keys()
    return Answer({"ok": True, **made}, [t("Quầy đã dùng khóa mới {key}.").format(**made)])


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


def _export(session: Session) -> Answer:
    session.officer.require(Permission.SYNC)
    made = session.links.line(session.desk).bundle_export(session.args.bundle, session.officer.id)
    if not made["files"]:
        return Answer({"ok": True, **made}, [t("Không có việc nào chờ gửi nên không tạo gói.")])
    words = [
        t("Đã chép {events} việc ra {count} gói.").format(events=made["events"], count=len(made["files"]))
    ]
    words += [str(name) for name in made["files"]]
    words.append(t("Mang USB lên tỉnh; khi có biên nhận, nhận lại bằng: bundle receipt TỆP."))
    return Answer({"ok": True, **made}, words)


def _receipt(session: Session) -> Answer:
    session.officer.require(Permission.SYNC)
    taken = session.links.line(session.desk).bundle_receipt(session.args.bundle)
    words = [
        t("Tỉnh đã nhận {events} việc, {files} tệp.").format(
            events=taken["events"], files=taken["arrived_files"]
        )
    ]
    return Answer({"ok": True, **taken}, words)


def _catalogue(session: Session) -> Answer:
    session.officer.require(Permission.SYNC)
    taken = session.links.line(session.desk).catalogue_import(session.args.catalogue)
    session.desk.reference.load_local(session.desk.store)
    words = t("Đã nhận danh mục số {catalogue_version} của tỉnh: {new} bản thủ tục mới.").format(**taken)
    return Answer({"ok": True, **taken}, [words])
