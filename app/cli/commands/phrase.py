"""The passphrase of a PC without a key store: asked for at a terminal, kept in no variable of the shell."""

from __future__ import annotations

import os
import sys
from getpass import getpass
from pathlib import Path
from typing import Final

from app.errors import AppError
from app.keys import PASSPHRASE, read_desk_file
from app.text import t

SHORTEST: Final = 8


def new_phrase() -> str:
    """A new one, typed twice the same: nothing on this PC could give it back."""
    say(t("Máy này không có kho khóa. Đặt một cụm mật khẩu mới cho quầy, ghi lại và cất kỹ."))
    while True:
        first = getpass(t("Cụm mật khẩu mới (không hiện khi gõ): "))
        if len(first) < SHORTEST:
            say(t("Cần ít nhất {least} ký tự.").format(least=SHORTEST))
        elif getpass(t("Gõ lại lần nữa: ")) == first:
            return first
        else:
            say(t("Hai lần gõ chưa giống nhau, gõ lại từ đầu."))


def ask_phrase(folder: Path) -> None:
    """Before the window opens: where the desk's key lies under a passphrase and nobody has set it."""
    if os.environ.get(PASSPHRASE) or not sys.stdin.isatty():
        return
    try:
        mode = read_desk_file(folder)["key"]["mode"]
    except AppError:
        return
    if mode == "passphrase":
        os.environ[PASSPHRASE] = getpass(t("Cụm mật khẩu của quầy (không hiện khi gõ): "))


def say(words: str) -> None:
    """To the person at the terminal, beside the answer."""
    print(words, file=sys.stderr, flush=True)
