"""Files to the province in chunks: resumed at every byte, each damage found, events always first."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.models import tables
from app.models.carry_tables import upload
from app.protocol.parts import FileRef
from app.province.tables import files as province_files
from app.sync import uploads
from app.sync.context import SyncDesk
from app.sync.file_calls import own_path
from app.sync.marks import CHUNK_SIZE, read_mark, write_mark
from app.sync.report import Progress, RoundReport
from app.sync.round import run_round
from app.sync.trouble import NotBelievedError
from tests.support.desk_store import act, dossier_row, receive
from tests.support.fault_proxy import (
    FaultProxy,
    captive_portal,
    cut_request,
    drop_answer,
    duplicate,
    unavailable,
)
from tests.support.gateway import Gateway
from tests.sync.conftest import EnrolledDesk
from tests.sync.peer import province_of

KIB = 1024
UPLOADS = "/v1/uploads"


def scan(desk: SyncDesk, size: int, seed: int = 1) -> FileRef:
    """A made-up scan kept by the desk."""
    content = b"%PDF-1.7\n" + random.Random(seed).randbytes(size)
    sha256 = desk.files.put(content)
    with desk.store.write() as connection:
        connection.execute(
            insert(tables.stored_file).values(
                sha256=sha256,
                size=len(content),
                media_type="application/pdf",
                purpose="component",
                created_at=desk.clock.now(),
            )
        )
    return FileRef(sha256, len(content), "application/pdf", "giay.pdf")


def small_chunks(desk: SyncDesk, size: int = 16 * KIB) -> None:
    with desk.store.write() as connection:
        write_mark(connection, CHUNK_SIZE, size)


def sync(desk: SyncDesk, **more: Any) -> RoundReport:
    return run_round(desk, sleep=lambda _: None, **more)


def row_of(desk: SyncDesk, file: FileRef) -> Any:
    with desk.store.read() as connection:
        return connection.execute(select(upload).where(upload.c.sha256 == file.sha256)).one()


def at_province(gateway: Gateway, file: FileRef) -> bool:
    with gateway.store() as store, store.read() as db:
        query = select(province_files.c.sha256).where(province_files.c.sha256 == file.sha256)
        return db.execute(query).first() is not None


def test_a_scan_goes_after_its_event_and_ends_the_wait(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    file = scan(desk, 700 * KIB)
    dossier = receive(desk, files=(file,))
    report = sync(desk)
    assert report.outcome.code == "complete", report.outcome
    assert (report.files_sent, report.files_left, report.deferred) == (1, 0, 1)
    assert at_province(gateway, file)
    assert dossier_row(desk, dossier.id)["sync_state"] == "accepted"
    row = row_of(desk, file)
    assert (row.state, row.sent_bytes, row.offset) == ("complete", file.size, file.size)
    assert sync(desk).files_sent == 0


def test_what_another_dossier_already_brought_is_not_sent_again(new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    file = scan(desk, 20 * KIB)
    receive(desk, 1, files=(file,))
    sync(desk)
    receive(desk, 2, files=(file,))
    report = sync(desk)
    assert report.outcome.code == "complete" and report.files_sent == 0
    assert row_of(desk, file).sent_bytes == file.size


@pytest.mark.parametrize(
    "fault",
    [drop_answer(), cut_request(0), cut_request(9000), duplicate(), captive_portal(), unavailable(1)],
    ids=lambda fault: fault.kind + str(fault.count),
)
def test_a_chunk_broken_anywhere_costs_a_chunk_at_most(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk, fault: Any
) -> None:
    desk = new_desk(proxy.url)
    small_chunks(desk, 64 * KIB)
    file = scan(desk, 200 * KIB, seed=fault.count + len(fault.kind))
    receive(desk, files=(file,))
    proxy.once(fault, UPLOADS)
    for _ in range(3):
        report = sync(desk)
        if report.outcome.code == "complete":
            break
    assert report.outcome.code == "complete", report.outcome
    assert at_province(gateway, file)
    assert row_of(desk, file).sent_bytes <= file.size + 64 * KIB


def test_a_flipped_bit_in_a_chunk_is_found_and_the_chunk_sent_again(
    gateway: Gateway, new_desk: EnrolledDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = new_desk()
    small_chunks(desk, 64 * KIB)
    file = scan(desk, 150 * KIB)
    receive(desk, files=(file,))
    real, spoilt = uploads.append_chunk, []

    def spoil(province: Any, sha256: str, url: str, offset: int, chunk: bytes, *, last: bool) -> Any:
        if offset and not spoilt:
            spoilt.append(offset)
            real_call = province.authorised

            def damaged(method: str, path: str, headers: Any, params: Any, body: bytes, most: int) -> Any:
                return real_call(method, path, headers, params, bytes([body[0] ^ 1]) + body[1:], most)

            province.authorised = damaged
            try:
                return real(province, sha256, url, offset, chunk, last=last)
            finally:
                province.authorised = real_call
        return real(province, sha256, url, offset, chunk, last=last)

    monkeypatch.setattr(uploads, "append_chunk", spoil)
    report = sync(desk)
    assert spoilt and report.outcome.code == "complete"
    assert at_province(gateway, file)
    assert row_of(desk, file).sent_bytes == 2 * file.size - 64 * KIB, "the second chunk twice"


def test_an_event_made_meanwhile_goes_before_the_next_chunk(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    small_chunks(desk)
    file = scan(desk, 300 * KIB)
    receive(desk, 1, files=(file,))
    steps: list[str] = []

    def watch(progress: Progress) -> None:
        steps.append(progress.step)
        if steps.count("files") == 1 and progress.step == "files":
            receive(desk, 2)

    report = sync(desk, progress=watch)
    assert report.outcome.code == "complete" and report.waiting == 0
    assert steps.index("files") < len(steps) - 1 - steps[::-1].index("push")
    assert at_province(gateway, file)


def test_wanted_files_go_first(new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    plain, wanted = scan(desk, 8 * KIB, 1), scan(desk, 8 * KIB, 2)
    with desk.store.write() as connection:
        for file, first in ((plain, False), (wanted, True)):
            uploads_row = {"sha256": file.sha256, "state": "waiting", "queued_at": desk.clock.now()}
            connection.execute(insert(upload).values(**uploads_row, wanted=first))
        from app.sync.file_queue import next_file

        row = next_file(connection, ())
        assert row is not None and row["sha256"] == wanted.sha256


def test_quick_chunks_grow_slow_ones_shrink(new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    small_chunks(desk)
    receive(desk, files=(scan(desk, 200 * KIB),))
    sync(desk)
    with desk.store.read() as connection:
        assert read_mark(connection, CHUNK_SIZE) > 16 * KIB


def test_killed_between_chunks_it_goes_on_where_it_was(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    small_chunks(desk)
    file = scan(desk, 100 * KIB)
    receive(desk, files=(file,))
    desk.store.dispose()
    program = (
        "import sys; from pathlib import Path; from tests.support.desk_store import reopen;"
        "from app.sync.round import run_round; run_round(reopen(Path(sys.argv[1])))"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program, str(desk.folder)],
        env={**os.environ, "MOTCUA_FAILPOINT": "after_chunk:kill@2"},
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert killed.returncode == -9
    assert not at_province(gateway, file)
    report = sync(desk)
    assert report.outcome.code == "complete" and at_province(gateway, file)
    assert row_of(desk, file).sent_bytes == file.size, "nothing went twice"


def test_a_lost_file_is_said_and_the_round_goes_on(new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    file = scan(desk, 8 * KIB)
    dossier = receive(desk, files=(file,))
    desk.files.place_of(file.sha256).unlink()
    act(desk, dossier, "dossier.progress", {"note": "x"})
    report = sync(desk)
    assert report.outcome.code == "difference"
    assert row_of(desk, file).state == "refused" and row_of(desk, file).last_word


def test_the_token_goes_to_no_other_address(new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    with province_of(desk) as province:
        assert own_path(province, "/v1/uploads/up-1") == "/v1/uploads/up-1"
        assert own_path(province, f"{province.url}/v1/uploads/up-1") == "/v1/uploads/up-1"
        for bad in ("https://elsewhere.example/v1/uploads/1", "//x/v1", "v1/uploads", "/v1/../x"):
            with pytest.raises(NotBelievedError):
                own_path(province, bad)
