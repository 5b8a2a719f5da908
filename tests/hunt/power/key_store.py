"""The key store of an operating system, as the product meets it: beside the disk that fails, not on it.

A real one (Windows, Secret Service, kwallet, macOS) keeps keys in a place of its own and answers when they
are kept; this one is a file outside the disk under test, written whole. A desk without one has its key under
a phrase in ``desk.json``, and that file lies on the disk that fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import keys


class FileKeyStore:
    """Entries by name in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get_password(self, service: str, name: str) -> str | None:
        """What is kept under the name."""
        return self._kept().get(f"{service}/{name}")

    def set_password(self, service: str, name: str, value: str) -> None:
        """Keep it."""
        self._write({**self._kept(), f"{service}/{name}": value})

    def delete_password(self, service: str, name: str) -> None:
        """Let it go."""
        self._write({entry: kept for entry, kept in self._kept().items() if entry != f"{service}/{name}"})

    def _kept(self) -> dict[str, str]:
        return json.loads(self._path.read_bytes()) if self._path.exists() else {}

    def _write(self, kept: dict[str, str]) -> None:
        fresh = self._path.with_suffix(".part")
        fresh.write_text(json.dumps(kept), "utf-8")
        fresh.replace(self._path)


@contextmanager
def key_store(store: FileKeyStore | None) -> Iterator[None]:
    """Every process begun in between has this key store, or none."""
    honest = keys._system_key_store
    keys._system_key_store = lambda: store
    try:
        yield
    finally:
        keys._system_key_store = honest
