"""``ui``: the window."""

from __future__ import annotations

from pathlib import Path

from app.cli.answer import Answer, as_json
from app.cli.commands.options import Commands
from app.cli.commands.phrase import ask_phrase
from app.cli.links import UiOrder
from app.cli.session import Session
from app.text import t


def add(commands: Commands) -> None:
    """Add ``ui``."""
    ui = commands.add_parser("ui", help=t("mở cửa sổ chương trình"))
    ui.add_argument("--tour", type=Path, metavar="DIR", help=t("vẽ mọi màn hình ra tệp PNG rồi thoát"))
    ui.add_argument("--exit-when-ready", action="store_true", help=t("thoát khi màn hình tiếp nhận sẵn sàng"))
    ui.set_defaults(run=_ui, alone=True)


def _ui(session: Session) -> Answer:
    args = session.args
    if not args.tour and not args.exit_when_ready:
        ask_phrase(session.folder)
    order = UiOrder(args.data, args.login, tour=args.tour, exit_when_ready=args.exit_when_ready)
    body = session.links.window(order)
    return Answer(body, [as_json(body)] if args.exit_when_ready else [])
