"""Sends files in chunks that fit the line, resumable at every byte (SYNC-PROTOCOL §3.6).

After events, never before; a lost line ends the step and nothing else. What the province holds is believed
only by its own word on the whole hash.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from sqlalchemy import RowMapping

from app import failpoints
from app.errors import StorageError
from app.models.carry_tables import upload
from app.models.files import KeptFile
from app.protocol import messages as m
from app.sync.file_calls import append_chunk, create_upload, upload_offset
from app.sync.file_queue import PURPOSES, next_file, note_upload
from app.sync.link import Link
from app.sync.marks import CHUNK_SIZE, read_mark, write_mark
from app.sync.pace import Pace
from app.sync.status import count_waiting
from app.sync.trouble import BusyError, LineTroubleError, NoLineError, NotBelievedError, RefusedError
from app.sync.words import outcome_of
from app.text import t

KIB: Final = 1024
FIRST_CHUNK: Final = 256 * KIB
SMALLEST: Final = 16 * KIB
LARGEST: Final = 4 * KIB * KIB
QUICK_MS: Final = 10_000
SLOW_MS: Final = 20_000
"""A chunk is to take 10 to 20 s: losing one costs seconds (§2 decision 16)."""
STEP_BUDGET_MS: Final = 30 * 60 * 1000
_TRIES: Final = 6
_WHOLE_TRIES: Final = 2
_PAUSE_S: Final = 1.0


@dataclass(frozen=True)
class _File:
    """A file under way, read chunk by chunk. ``url``: where an earlier try left off."""

    sha256: str
    kept: KeptFile
    request: dict[str, Any]
    url: str | None
    pace: Pace


def send_files(link: Link, left_waiting: int) -> bool:
    """Send what is queued, wanted files first. True where it left off because more than ``left_waiting``
    events wait: new ones go first. A lost or busy line ends the step; the rest goes next time."""
    started, passed, pace = link.desk.clock.monotonic_ms(), set[str](), Pace(link.desk.clock)
    while True:
        with link.desk.store.read() as connection:
            row = next_file(connection, passed)
        if row is None or link.desk.clock.monotonic_ms() - started > STEP_BUDGET_MS:
            return False
        passed.add(row["sha256"])
        link.tell("files", link.tally.files_sent, link.tally.files_sent + 1)
        try:
            if not _send(link, row, pace, left_waiting):
                return True
        except (NoLineError, BusyError, NotBelievedError) as trouble:
            _note(link, row["sha256"], last_word=outcome_of(trouble).words)
            return False


def _send(link: Link, row: RowMapping, pace: Pace, left_waiting: int) -> bool:
    """One file to its end; false where it left off for new events. What concerns this file alone is noted
    on it."""
    try:
        with link.desk.files.open(row["sha256"]) as kept:
            return _send_kept(link, _file(row, kept, pace), left_waiting)
    except StorageError as broken:
        if broken.code not in ("file-missing", "file-damaged"):
            raise
        _note(link, row["sha256"], state="refused", last_word=broken.title)
        return True


def _send_kept(link: Link, file: _File, left_waiting: int) -> bool:
    for _ in range(_WHOLE_TRIES):
        try:
            return _chunks(link, file, _begin(link, file), left_waiting)
        except RefusedError as refused:
            if refused.code != "file-digest-mismatch":
                _refused(link, file.sha256, refused)
                return True
            _note(link, file.sha256, upload_url=None, offset=0)
            file = replace(file, url=None)
    _note(link, file.sha256, state="refused", last_word=t("Tỉnh nhận tệp không nguyên vẹn nhiều lần."))
    return True


def _file(row: RowMapping, kept: KeptFile, pace: Pace) -> _File:
    request = {
        "sha256": row["sha256"],
        "size": kept.size,
        "media_type": row["media_type"],
        "purpose": row["purpose"] if row["purpose"] in PURPOSES else "component",
    }
    return _File(row["sha256"], kept, request, row["upload_url"], pace)


def _begin(link: Link, file: _File) -> m.Upload:
    """Where to go on. The upload under way is asked first; any doubt announces the file again."""
    if file.url:
        offset = link.patiently(partial(file.pace.timed, partial(upload_offset, link.province, file.url)))
        if offset is not None and offset < file.kept.size:
            return _known(file, offset, file.url)
    state = link.patiently(partial(file.pace.timed, partial(create_upload, link.province, file.request)))
    _keep(link, file.sha256, state)
    return state


def _known(file: _File, offset: int, url: str) -> m.Upload:
    return m.Upload(
        sha256=file.sha256,
        size=file.kept.size,
        offset=offset,
        complete=False,
        upload_url=url,
        expires_at=None,
    )


def _chunks(link: Link, file: _File, state: m.Upload, left_waiting: int) -> bool:
    troubles = 0
    while not state.complete:
        link.check()
        if state.offset >= file.kept.size:
            raise NotBelievedError("an upload beyond its end")
        with link.desk.store.read() as connection:
            if count_waiting(connection) > left_waiting:
                return False
        chunk = file.kept.read_at(state.offset, _chunk_size(link))
        failpoints.hit("before_chunk")
        started = link.desk.clock.monotonic_ms()
        try:
            state = _append(link, file, state, chunk)
        except (NoLineError, RefusedError) as trouble:
            troubles += 1
            if troubles > _TRIES or not _repairable(trouble):
                raise
            state = _after_trouble(link, replace(file, url=state.upload_url), trouble)
            continue
        failpoints.hit("after_chunk")
        _adapt(link, file.pace.of_bytes(link.desk.clock.monotonic_ms() - started), len(chunk))
    _keep(link, file.sha256, state)
    link.tally.files_sent += 1
    return True


def _append(link: Link, file: _File, state: m.Upload, chunk: bytes) -> m.Upload:
    """One chunk, counted before it leaves: every repeat is seen in ``sent_bytes``. What came of the chunk
    before is noted in the same commit; a process that dies between asks the province where to go on."""
    c = upload.c
    before: dict[str, Any] = {"offset": state.offset, "upload_url": state.upload_url, "state": "sending"}
    _note(link, file.sha256, **before, tries=c.tries + 1, sent_bytes=c.sent_bytes + len(chunk))
    last = state.offset + len(chunk) == file.kept.size
    assert state.upload_url is not None
    return append_chunk(link.province, file.sha256, state.upload_url, state.offset, chunk, last=last)


def _after_trouble(link: Link, file: _File, trouble: LineTroubleError) -> m.Upload:
    """Where the province stands now; a smaller chunk after a broken line or a 413."""
    if isinstance(trouble, NoLineError):
        _shrink(link)
        link.sleep(_PAUSE_S)
    elif isinstance(trouble, RefusedError) and trouble.problem.status == 413:
        _shrink(link)
    return _begin(link, file)


def _repairable(trouble: LineTroubleError) -> bool:
    if isinstance(trouble, NoLineError):
        return not trouble.certificate
    assert isinstance(trouble, RefusedError)
    known = ("mismatching-upload-offset", "chunk-digest-mismatch", "not-found")
    return trouble.code in known or trouble.problem.status == 413


def _chunk_size(link: Link) -> int:
    with link.desk.store.read() as connection:
        size = read_mark(connection, CHUNK_SIZE) or FIRST_CHUNK
    limits = link.meta.limits if link.meta else {}
    most = min(LARGEST, limits.get("max_chunk_bytes", LARGEST))
    least = min(most, max(SMALLEST, limits.get("min_chunk_bytes", SMALLEST)))
    return int(max(least, min(most, size)))


def _adapt(link: Link, took_ms: int, sent: int) -> None:
    """Double after a quick whole chunk, halve after a slow one; ``took_ms``: what its bytes took."""
    size = _chunk_size(link)
    if took_ms > SLOW_MS:
        _write_size(link, max(SMALLEST, size // 2))
    elif took_ms < QUICK_MS and sent >= size and size < LARGEST:
        _write_size(link, min(LARGEST, size * 2))


def _shrink(link: Link) -> None:
    _write_size(link, max(SMALLEST, _chunk_size(link) // 2))


def _write_size(link: Link, size: int) -> None:
    with link.desk.store.write() as connection:
        write_mark(connection, CHUNK_SIZE, size)


def _keep(link: Link, sha256: str, state: m.Upload) -> None:
    done = {"state": "complete", "last_word": "", "upload_url": None} if state.complete else {}
    _note(link, sha256, **{"offset": state.offset, "upload_url": state.upload_url, **done})


def _refused(link: Link, sha256: str, refused: RefusedError) -> None:
    """Too large or unwelcome for good; anything else is tried again next time."""
    word = refused.problem.detail or refused.problem.title
    final = refused.problem.status in (400, 413, 415, 422)
    _note(link, sha256, state="refused" if final else "waiting", last_word=word)


def _note(link: Link, sha256: str, **values: object) -> None:
    with link.desk.store.write() as connection:
        note_upload(connection, sha256, **values)
