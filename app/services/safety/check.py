"""``check``: pages, links, files, audit, events and the end of the store, each broken thing by name (I7)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.errors import StorageError
from app.models.database import STORE_FILE, Store, connect
from app.models.failures import told
from app.models.files import FileStore
from app.models.head_mark import HeadMark
from app.services.desk import audit_key_in
from app.services.safety.aside import keep_aside
from app.services.safety.key_change import key_that_opens, other_key
from app.services.safety.verify import (
    Problem,
    audit_problems,
    event_problems,
    file_problems,
    head_problems,
    page_problems,
)
from app.text import t


@dataclass(frozen=True)
class Checked:
    """What was found. ``problems`` empty: everything that can be checked without a line is whole."""

    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Nothing is broken."""
        return not self.problems


def check_desk(folder: Path, environ: Mapping[str, str] = os.environ) -> Checked:
    """Look through a desk that need not open any more; nothing is changed.

    Raises ``NotFoundError`` "no-desk"; what cannot be read is a problem, not an error.
    """
    try:
        key = key_that_opens(folder, environ)
    except StorageError as refused:
        return Checked((Problem("key", "desk.json", f"{refused.title} {refused.next_step}"),))
    path = folder / STORE_FILE
    if not path.is_file() or not path.stat().st_size:
        words = t("Thiếu kho dữ liệu. Đừng tạo quầy mới đè lên; khôi phục từ bản sao lưu gần nhất.")
        return Checked((Problem("database", STORE_FILE, words),))
    with keep_aside(folder) as kept:
        found = list(_step(lambda: _pages(path, key)))
        if not any(problem.kind == "database" for problem in found):
            found += _step(lambda: _contents(folder, key, other_key(folder, key, environ)))
        if any(problem.kind in ("database", "head") for problem in found):
            kept.keep()
    return Checked(tuple(found))


def _pages(path: Path, key: bytes) -> list[Problem]:
    raw = connect(path, key)
    try:
        with told():
            return list(page_problems(raw))
    finally:
        raw.close()


def _contents(folder: Path, key: bytes, other: bytes | None) -> list[Problem]:
    store = Store(folder / STORE_FILE, key)
    found: list[Problem] = []
    mark = HeadMark(folder, key).read()
    if mark is None and other is not None:
        mark = HeadMark(folder, other).read()
    try:
        with store.read() as connection:
            files = FileStore(folder / "files", key)
            found += audit_problems(connection, audit_key_in(connection, key))
            found += head_problems(connection, mark)
            found += event_problems(connection)
            found += file_problems(connection, files)
    finally:
        store.dispose()
    return found


def _step(look: Callable[[], Iterable[Problem]]) -> Iterator[Problem]:
    """What cannot be read at all is itself the finding."""
    try:
        yield from look()
    except StorageError as refused:
        words = f"{refused.title} {refused.next_step}"
        if refused.code == "wrong-key":
            words = t("Không mở được kho: đầu kho hỏng, hoặc là kho của quầy khác. Khôi phục từ bản sao lưu.")
        yield Problem("database", STORE_FILE, words)
