"""What the command modules share: the type of a set of commands, whole numbers, files."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from app.errors import CircumstanceError, StorageError, UsageError
from app.text import t

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""A set of commands to add to."""

LARGEST_FILE = 1_000_000
MOST_VND = 10**12


def whole(name: str, first: int, last: int) -> Callable[[str], int]:
    """A type for options: a whole number from ``first`` to ``last``, else ``UsageError`` on ``name``."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) <= 12 and first <= int(text) <= last:
            return int(text)
        raise UsageError(
            "number-range",
            t("Cần một số nguyên từ {first} đến {last}.").format(first=first, last=last),
            t("Gõ lại số."),
            field=name,
        )

    return read


def group(commands: Commands, name: str, help: str) -> Commands:
    """A command with further commands below it."""
    return commands.add_parser(name, help=help).add_subparsers(metavar=t("VIỆC"), required=True, dest="act")


def amount(text: str) -> int:
    """Whole VND; below zero is read too, so that the rule can refuse it in words."""
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and int(digits[:13]) < MOST_VND:
        return int(text)
    raise UsageError(
        "number-range",
        t("Cần số tiền bằng đồng, không có dấu chấm."),
        t("Gõ lại, ví dụ 16000."),
        field="amount",
    )


def given_file(path: Path, name: str) -> bytes:
    """The bytes of a small file named on the command line. Raises ``UsageError`` "file-unreadable".

    Nothing of what is no plain file: a pipe or a device may never end.
    """
    try:
        if not path.is_file():
            raise OSError
        with path.open("rb") as handle:
            content = handle.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise OSError
        return content
    except (OSError, ValueError):
        raise UsageError(
            "file-unreadable",
            t("Không đọc được tệp đã chỉ."),
            t("Kiểm tra tên tệp và quyền đọc; tệp không quá 1 MB."),
            field=name,
        ) from None


def write_out(path: Path, content: bytes) -> None:
    """Write the file an officer asked for by name, whole or not at all (I4)."""
    from app.keys import write_whole

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except CircumstanceError:
        raise
    except (OSError, ValueError):
        raise StorageError(
            "file-not-written",
            t("Chưa ghi được tệp ra nơi đã chỉ; trong quầy không có gì bị mất."),
            t("Kiểm tra thư mục và chỗ trống trên ổ đĩa rồi chạy lại."),
            field="out",
        ) from None
