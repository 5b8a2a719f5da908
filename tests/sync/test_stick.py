"""A stick that fails in the middle: each failure told with a sentence, nothing half counts, again works."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import AppError
from app.models.carry_tables import bundle_out
from app.sync import bundle_out as bundles
from app.sync import status
from app.sync.bundle_out import export_bundles
from app.sync.context import SyncDesk
from tests.support.desk_store import OFFICER, receive
from tests.sync.conftest import EnrolledDesk
from tests.sync.test_uploads import scan

FAILURES = {
    errno.EIO: "stick-gone",
    errno.ENODEV: "stick-gone",
    errno.ENXIO: "stick-gone",
    errno.ENOSPC: "stick-full",
    errno.EROFS: "stick-locked",
}


def assert_nothing_counts(desk: SyncDesk, usb: Path) -> None:
    assert list(usb.iterdir()) == [], "nothing half is left"
    with desk.store.read() as connection:
        assert connection.execute(select(bundle_out.c.bundle_id)).first() is None
    assert not any("USB" in item.last for item in status.outbox(desk.store))


@pytest.mark.parametrize("failure", FAILURES, ids=lambda number: errno.errorcode[number])
@pytest.mark.parametrize("place", ["the first byte", "the middle", "the sync", "the name"])
def test_whatever_fails_nothing_counts_and_again_works(
    new_desk: EnrolledDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: int, place: str
) -> None:
    desk, usb = new_desk(), tmp_path / "usb"
    usb.mkdir()
    receive(desk, files=(scan(desk, 200_000),))
    with monkeypatch.context() as broken:
        _break(broken, place, failure)
        with pytest.raises(AppError) as told:
            export_bundles(desk, usb / "goi.bundle", OFFICER)
    assert told.value.code == FAILURES[failure]
    assert told.value.title and told.value.next_step
    assert_nothing_counts(desk, usb)
    assert export_bundles(desk, usb / "goi.bundle", OFFICER).events == 2
    assert [each.name for each in usb.iterdir()] == ["goi.bundle"]


def _break(broken: pytest.MonkeyPatch, place: str, failure: int) -> None:
    def fail(*_: Any) -> Any:
        raise OSError(failure, os.strerror(failure))

    if place == "the sync":
        broken.setattr(bundles.os, "fsync", fail)
    elif place == "the name":
        broken.setattr(Path, "replace", fail)
    else:
        most, real, sent = (0 if place == "the first byte" else 100_000), bundles._Hashed.write, [0]

        def write(self: Any, data: bytes) -> int:
            sent[0] += len(data)
            return fail() if sent[0] > most else real(self, data)

        broken.setattr(bundles._Hashed, "write", write)


def test_a_stick_that_keeps_other_bytes_than_it_was_given_is_told(
    new_desk: EnrolledDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, usb = new_desk(), tmp_path / "usb"
    usb.mkdir()
    receive(desk, files=(scan(desk, 200_000),))
    real = bundles._forget_cached

    def lose_a_bit(out: Any) -> None:
        real(out)
        with Path(out.name).open("r+b") as again:
            again.seek(100_000)
            byte = again.read(1)
            again.seek(100_000)
            again.write(bytes([byte[0] ^ 4]))

    with monkeypatch.context() as worn:
        worn.setattr(bundles, "_forget_cached", lose_a_bit)
        with pytest.raises(AppError) as told:
            export_bundles(desk, usb / "goi.bundle", OFFICER)
    assert told.value.code == "stick-unsound"
    assert_nothing_counts(desk, usb)
