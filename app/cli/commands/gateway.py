"""``gateway``: the province's side as a program of its own."""

from __future__ import annotations

from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands
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
    serve.set_defaults(run=_serve, alone=True)
    code = acts.add_parser("enrolment-code", help=t("cấp mã ghi danh một lần cho một quầy"))
    code.add_argument("--db", required=True, metavar="URL")
    code.add_argument("--desk", required=True, metavar="D")
    code.add_argument("--unit", metavar="CODE")
    code.set_defaults(run=_code)


def _serve(session: Session) -> Answer:
    args = session.args
    host, port = _listen(args.listen)
    session.links.gateway().serve(args.db, host, port, tuple(args.tls) if args.tls else None)
    return Answer({"ok": True}, [t("Cổng đã dừng.")])


def _code(session: Session) -> Answer:
    args = session.args
    code = session.links.gateway().enrolment_code(args.db, args.desk, args.unit)
    return Answer({"code": code}, [code])


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
