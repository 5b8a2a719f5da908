"""``gateway``: the province's side as a program of its own."""

from __future__ import annotations

from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands import gateway_national, gateway_upward
from app.cli.commands.options import Commands
from app.cli.links import GatewayOptions
from app.cli.session import Session
from app.errors import UsageError
from app.text import t

LAST_PORT = 65535


def add(commands: Commands) -> None:
    """Add the gateway's own commands."""
    acts = commands.add_parser("gateway", help=t("cổng tiếp nhận của tỉnh")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="act"
    )
    serve = acts.add_parser("serve", help=t("chạy cổng"))
    serve.add_argument("--db", required=True, metavar="URL")
    serve.add_argument("--listen", required=True, metavar="HOST:PORT")
    serve.add_argument("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"))
    serve.add_argument("--public-url", metavar="URL", help=t("địa chỉ mà các quầy gọi tới"))
    serve.add_argument("--files", type=Path, metavar="DIR", help=t("thư mục chứa tệp các quầy gửi lên"))
    serve.add_argument("--desk-rate", type=float, metavar="N", help=t("số lượt gọi mỗi giây của một quầy"))
    serve.add_argument("--national", type=Path, metavar="F.toml", help=t("tệp nối Cổng quốc gia"))
    serve.add_argument("--upward", action="store_true", help=t("chỉ chạy khi đã nối lên cổng cấp trên"))
    serve.set_defaults(run=_serve, alone=True)
    code = acts.add_parser("enrolment-code", help=t("cấp mã ghi danh một lần cho một quầy"))
    code.add_argument("--db", required=True, metavar="URL")
    code.add_argument("--desk", required=True, metavar="D")
    code.add_argument("--unit", metavar="CODE")
    code.set_defaults(run=_code)
    bundle = acts.add_parser("import", help=t("nạp gói quầy gửi bằng USB"))
    bundle.add_argument("--db", required=True, metavar="URL")
    bundle.add_argument("--files", type=Path, metavar="DIR", help=t("thư mục chứa tệp các quầy gửi lên"))
    bundle.add_argument("bundle", type=Path, metavar="F.bundle")
    bundle.set_defaults(run=_import)
    published = acts.add_parser("catalogue-export", help=t("xuất danh mục đã công bố ra tệp có chữ ký"))
    published.add_argument("--db", required=True, metavar="URL")
    published.add_argument("catalogue", type=Path, metavar="F")
    published.set_defaults(run=_catalogue_export)
    _add_desks(acts)
    gateway_national.add(acts)
    gateway_upward.add(acts)


def _add_desks(acts: Commands) -> None:
    desks = acts.add_parser("desks", help=t("xem các quầy đã ghi danh"))
    desks.add_argument("--db", required=True, metavar="URL")
    desks.add_argument("--unit", default="", metavar="CODE", help=t("chỉ các đơn vị có mã bắt đầu như vậy"))
    desks.set_defaults(run=_desks)
    states = (
        ("revoke", "revoked", t("thu hồi một quầy, không mở lại")),
        ("suspend", "suspended", t("tạm ngừng một quầy")),
        ("resume", "active", t("cho quầy tạm ngừng hoạt động lại")),
    )
    for name, state, words in states:
        act = acts.add_parser(name, help=words)
        act.add_argument("--db", required=True, metavar="URL")
        act.add_argument("--desk", required=True, metavar="D")
        act.set_defaults(run=_set_desk, state=state)
    token = acts.add_parser("operator-token", help=t("in mã để mở trang điều hành trong trình duyệt"))
    token.add_argument("--db", required=True, metavar="URL")
    token.set_defaults(run=_operator_token)
    restored = acts.add_parser("restored", help=t("báo kho vừa lấy lại từ bản sao lưu, trước khi chạy"))
    restored.add_argument("--db", required=True, metavar="URL")
    restored.set_defaults(run=_restored)


def _serve(session: Session) -> Answer:
    args = session.args
    host, port = _listen(args.listen)
    options = GatewayOptions(args.public_url, args.files, args.desk_rate, args.national, args.upward)
    session.links.gateway().serve(args.db, host, port, tuple(args.tls) if args.tls else None, options)
    return Answer({"ok": True}, [t("Cổng đã dừng.")])


def _code(session: Session) -> Answer:
    args = session.args
    code = session.links.gateway().enrolment_code(args.db, args.desk, args.unit)
    return Answer({"code": code}, [code])


def _desks(session: Session) -> Answer:
    lines = session.links.gateway().desks(session.args.db, session.args.unit)
    words = [t("{count} quầy.").format(count=len(lines))]
    words += [
        f"{each['desk_id']} · {each['unit_code']} · {each['state']} · {each['events']}" for each in lines
    ]
    return Answer({"count": len(lines), "desks": lines}, words)


def _set_desk(session: Session) -> Answer:
    args = session.args
    session.links.gateway().set_desk(args.db, args.desk, args.state)
    return Answer({"desk": args.desk, "state": args.state}, [t("Đã ghi. Những gì quầy đã gửi vẫn nguyên.")])


def _operator_token(session: Session) -> Answer:
    token = session.links.gateway().operator_token(session.args.db)
    return Answer({"token": token}, [token])


def _import(session: Session) -> Answer:
    args = session.args
    made = session.links.gateway().import_bundle(args.db, args.bundle, args.files)
    words = [
        t("Đã nhận gói của quầy {desk}: {events} việc, {count} tệp.").format(
            desk=made["desk"], events=made["events"], count=made["arrived_files"]
        ),
        t("Biên nhận để mang về quầy: {receipt}").format(receipt=made["receipt"]),
    ]
    return Answer({"ok": True, **made}, words)


def _catalogue_export(session: Session) -> Answer:
    made = session.links.gateway().export_catalogue(session.args.db, session.args.catalogue)
    words = t("Đã xuất danh mục số {catalogue_version} gồm {procedures} thủ tục ra {file}.").format(**made)
    return Answer({"ok": True, **made}, [words])


def _restored(session: Session) -> Answer:
    session.links.gateway().restored(session.args.db)
    return Answer({"ok": True}, [t("Đã ghi. Mỗi quầy sẽ tự tải lại hiện trạng ở lần đồng bộ tới.")])


def _listen(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port[:6]) <= LAST_PORT:
        raise UsageError(
            "listen-shape",
            t("Chưa hiểu địa chỉ lắng nghe."),
            t("Gõ máy và cổng, ví dụ 127.0.0.1:8470."),
            field="listen",
        )
    return host.strip("[]"), int(port)
