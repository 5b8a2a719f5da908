"""Files that come from the province: by pieces, resumed, believed by their hash alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.models import tables
from app.sync import downloads
from app.sync.context import SyncDesk
from app.sync.report import RoundReport
from app.sync.round import run_round
from tests.support.desk_store import receive
from tests.support.fault_proxy import FaultProxy, drop_answer, truncated
from tests.sync.conftest import EnrolledDesk
from tests.sync.test_uploads import scan


def sync(desk: SyncDesk) -> RoundReport:
    return run_round(desk, sleep=lambda _: None)


def want(desk: SyncDesk, file: Any, **changed: Any) -> None:
    named = {"sha256": file.sha256, "size": file.size, "media_type": file.media_type, **changed}
    with desk.store.write() as connection:
        downloads.want_files(connection, {"results": [{"file": named}]}, "result")


def wanted(desk: SyncDesk) -> list[str]:
    c = tables.sync_mark.c
    with desk.store.read() as connection:
        return list(connection.execute(select(c.key).where(c.key.startswith(downloads.WANTED))).scalars())


def test_a_result_of_another_desk_is_fetched_by_pieces(
    proxy: FaultProxy, new_desk: EnrolledDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "PIECE", 16 * 1024)
    other, desk = new_desk(), new_desk(proxy.url)
    file = scan(other, 60 * 1024)
    receive(other, files=(file,))
    assert sync(other).reconciled
    want(desk, file)
    proxy.once(drop_answer(), f"/v1/files/{file.sha256}")
    assert sync(desk).reconciled
    assert desk.files.get(file.sha256) == other.files.get(file.sha256)
    with desk.store.read() as connection:
        row = connection.execute(select(tables.stored_file)).one()
    assert (row.sha256, row.size, row.purpose) == (file.sha256, file.size, "result")
    assert wanted(desk) == []
    pieces = [seen for seen in proxy.seen if seen.path.startswith(f"/v1/files/{file.sha256}")]
    assert len(pieces) == 5, "four pieces, one of them twice"


def test_what_is_not_there_waits_and_what_lies_is_not_kept(proxy: FaultProxy, new_desk: EnrolledDesk) -> None:
    other, desk = new_desk(), new_desk(proxy.url)
    file = scan(other, 3000)
    want(desk, file)
    assert sync(desk).reconciled
    assert wanted(desk) and not desk.files.has(file.sha256)
    receive(other, files=(file,))
    assert sync(other).reconciled
    proxy.once(truncated(b"x" * file.size), f"/v1/files/{file.sha256}")
    assert sync(desk).reconciled
    assert wanted(desk) and not desk.files.has(file.sha256)
    assert sync(desk).reconciled
    assert wanted(desk) == [] and desk.files.has(file.sha256)
    want(desk, file)
    assert wanted(desk) == [], "what is here is not asked for"
