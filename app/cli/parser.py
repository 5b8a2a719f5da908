"""The commands and their options. Wrong usage is a ``UsageError``, never argparse's own exit."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any, NoReturn

from app.cli.commands import (
    account,
    audit,
    card,
    day_book,
    due,
    eform,
    enter,
    evidence,
    field,
    gateway,
    guide,
    key,
    leader,
    life,
    lines,
    look,
    money,
    paper,
    post,
    privacy,
    queue,
    report,
    safety,
    setup,
    support,
    window,
)
from app.cli.folder import default_folder
from app.errors import UsageError
from app.text import t

PROGRAM = "motcua"


class HelpAsked(Exception):  # noqa: N818
    """Ends parsing: the text of the help is the answer."""


class Parser(argparse.ArgumentParser):
    """Raises instead of printing and leaving; options are never guessed from their beginning."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **options})

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does; but ``--option=--`` is wrong usage, for argparse makes an empty list of it."""
        for each in args or ():
            if each.startswith("--") and each.endswith("=--"):
                self.error(f"argument {each.removesuffix('=--')}: expected one argument")
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """What argparse found wrong, as our own error."""
        named = re.match(r"argument (?:.*/)?-{0,2}([\w-]+)", message)
        choices = re.search(r"\(choose from (.*)\)$", message)
        hint = t("Xem cách dùng: {command} --help").format(command=self.prog)
        if choices:
            words = choices.group(1).replace("'", "")
            hint = t("Chọn một trong: {choices}.").format(choices=words)
        raise UsageError(
            "usage",
            t("Lệnh chưa đủ hoặc chưa đúng cách dùng."),
            hint,
            field=named.group(1).replace("-", "_").lower() if named else None,
        )

    def print_help(self, file: Any = None) -> None:
        """Hand the help to whoever asked."""
        raise HelpAsked(self.format_help())


def build_parser() -> Parser:
    """The whole command line."""
    parser = Parser(
        prog=PROGRAM, allow_abbrev=False, description=t("Quầy một cửa cấp xã, làm việc được khi mất mạng.")
    )
    _common(parser)
    parser.set_defaults(data=default_folder(), login=None, json=False, at=None, alone=False)
    commands = parser.add_subparsers(metavar=t("LỆNH"), required=True, dest="command")
    rooms = (
        setup,
        card,
        enter,
        guide,
        look,
        evidence,
        life,
        money,
        paper,
        report,
        post,
        day_book,
        due,
        eform,
        account,
        lines,
        audit,
        gateway,
        safety,
        key,
        window,
        leader,
        field,
        queue,
        privacy,
        support,
    )
    for room in rooms:
        room.add(commands)
    batch = commands.add_parser("batch", help=t("đọc mỗi dòng một lệnh (mảng JSON) từ stdin"))
    batch.set_defaults(alone=True)
    _common_everywhere(parser)
    return parser


def _common_everywhere(parser: argparse.ArgumentParser) -> None:
    """The common options may stand before or after the command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in dict.fromkeys(action.choices.values()):
                _common(child)
                _common_everywhere(child)


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise UsageError(
            "data-folder",
            t("Thư mục của quầy chưa đúng."),
            t("Gõ đường dẫn của thư mục sau --data."),
            field="data",
        )
    return Path(text)


def _common(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(t("chung cho mọi lệnh"))
    off = argparse.SUPPRESS
    group.add_argument("--data", type=_folder, metavar="DIR", default=off, help=t("thư mục của quầy"))
    group.add_argument("--as", dest="login", metavar="OFFICER", default=off, help=t("cán bộ làm việc này"))
    group.add_argument("--json", action="store_true", default=off, help=t("trả lời bằng một đối tượng JSON"))
    group.add_argument("--at", metavar="ISO8601", default=off, help=t("thời điểm của việc (nhập lại, thử)"))
