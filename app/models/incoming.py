"""A file that comes over a bad line piece by piece, kept sealed between two tries (§3.6, I20)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.keys import sync_file
from app.models.failures import told
from app.models.sealed import DamagedError, SealedReader, SealedWriter


class WrongFileError(ValueError):
    """What came is another file than its name says; it is not kept."""


class Incoming:
    """What has come of one file so far. ``held``: its bytes; go on from there.

    What a break left behind is sealed anew under a fresh nonce before more is added: no nonce ever seals
    two texts, whatever the other side sends the second time.
    """

    def __init__(self, path: Path, cipher: AESGCM, sha256: str, place: Callable[[Path], None]) -> None:
        self._sha256, self._place = sha256, place
        self._state, self.held = hashlib.sha256(), 0
        with told():
            before, self._path = _names(path)
            self._out = self._path.open("wb")
            self._sealed = SealedWriter(self._out, cipher)
            self._take_over(before, cipher)

    def write(self, data: bytes) -> None:
        """The next bytes."""
        self._state.update(data)
        self.held += len(data)
        with told():
            self._sealed.write(data)

    def leave_off(self) -> None:
        """Keep whole pieces for the next try."""
        with told():
            self._sealed.leave_off()
            self._out.close()

    def finish(self) -> None:
        """All has come: durable under its own name. Raises ``WrongFileError`` and keeps nothing of it."""
        if self._state.hexdigest() != self._sha256:
            self.drop()
            raise WrongFileError("another file than its name says")
        with told():
            self._sealed.close()
            sync_file(self._out)
            self._out.close()
            self._place(self._path)

    def drop(self) -> None:
        """Begin anew next time."""
        with told():
            self._out.close()
            self._path.unlink(missing_ok=True)

    def _take_over(self, before: Path, cipher: AESGCM) -> None:
        try:
            with before.open("rb") as source:
                for piece in SealedReader(source, cipher).begun():
                    self._state.update(piece)
                    self.held += len(piece)
                    self._sealed.write(piece)
        except FileNotFoundError:
            return
        except DamagedError:
            pass
        before.unlink()


def _names(path: Path) -> tuple[Path, Path]:
    """Where the last try left off, and the other name, for this one. After a kill between the two there may
    be both: the longer one has more."""
    names = [path.with_name(f"{path.name}.{number}") for number in range(2)]
    names.sort(key=lambda name: name.stat().st_size if name.exists() else -1)
    return names[1], names[0]
