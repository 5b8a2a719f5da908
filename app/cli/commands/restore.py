"""``restore``: a working desk out of one backup, with the printed sheet at hand (docs/backup.md).

At a terminal the program asks for what it lacks, one thing at a time, so that nobody has to set variables
and no word of the sheet stays in the shell's memory. Scripts set ``MOTCUA_RECOVERY`` and are never asked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.cli.answer import Answer
from app.cli.commands.phrase import new_phrase, say
from app.cli.session import Session
from app.errors import StorageError
from app.keys import PASSPHRASE
from app.text import t

if TYPE_CHECKING:
    from app.services.safety.restore import Restored

_MOST_QUESTIONS: Final = 8


def restore(session: Session) -> Answer:
    """The command. Without ``--into`` the desk goes where ``motcua`` looks for it."""
    into = session.args.into or session.folder
    made = _patiently(session)
    body = {"ok": True, "data": str(made.folder.resolve()), "epoch": made.epoch, "dossiers": made.dossiers}
    words = [
        t("Quầy làm việc lại được, {count} hồ sơ, trong {folder}.").format(count=made.dossiers, folder=into),
        t("Mở chương trình rồi đồng bộ: tỉnh trả lại những gì đã gửi sau bản sao lưu."),
    ]
    return Answer(body, words)


def _patiently(session: Session) -> Restored:
    """Ask and try again, at a terminal alone; the last refusal is told as it is."""
    from app.services.safety.restore import WORDS, restore_backup

    args, environ = session.args, dict(os.environ)
    asks: dict[str, tuple[str, Callable[[], str]]] = {
        "key-unreachable": (WORDS, _recovery_words),
        "wrong-passphrase": (WORDS, _recovery_words),
        "wrong-recovery-words": (WORDS, _recovery_words),
        "no-key-store": (PASSPHRASE, new_phrase),
    }
    may_ask = not args.json and not session.batch and sys.stdin.isatty()
    for left in range(_MOST_QUESTIONS, -1, -1):
        try:
            return restore_backup(args.file, args.into or session.folder, session.links.clock, environ)
        except StorageError as refused:
            if not may_ask or not left or refused.code not in asks:
                raise
            if refused.code == "wrong-recovery-words":
                say(f"{refused.title} {refused.next_step}")
            name, ask = asks[refused.code]
            environ[name] = ask()
    raise AssertionError("the last try raises")


def _recovery_words() -> str:
    say(t("Gõ chín từ trên tờ khôi phục, cách nhau một dấu cách, rồi bấm Enter:"))
    return sys.stdin.readline().strip()
