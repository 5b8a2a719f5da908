"""Bundles brought by hand (§3.10): the same as pushes of runs and finished uploads, answered by a receipt.

A bundle is verified to its last byte before anything of it is applied; handing it in again is harmless,
because events and files are known by their own names.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from sqlalchemy import Connection, select

from app.clock import to_wire
from app.errors import AppError, RuleError, StorageError
from app.protocol.age_file import AgeError, NotForUsError
from app.protocol.bundles import (
    CHANGES,
    EVENTS,
    FILES,
    TO_DESK,
    TO_GATEWAY,
    VERDICTS,
    BadBundle,
    BundleManifest,
    BundleReader,
    bytes_part,
    lines_of,
    part_bytes,
    write_bundle,
)
from app.protocol.ids import new_id
from app.province import dialect, enrolment, feed, intake, limits, push, sealed, uploads
from app.province.context import Act, Desk, Gateway
from app.province.problems import ApiProblem, JsonObject
from app.province.tables import desks, events, streams
from app.province.upward import told
from app.text import t

MAX_EVENTS_PART: Final = 256 * 1024 * 1024
_PAGE: Final = 500
_ANY: Final = "application/octet-stream"


@dataclass(frozen=True)
class Imported:
    """A bundle taken in. ``counts``: verdicts by kind, events, files; ``receipt``: the file for the desk."""

    bundle_id: str
    desk_id: str
    unit_code: str
    counts: Mapping[str, int]
    receipt: Path


@dataclass
class _Opened:
    """A verified bundle, its files unpacked beside the store's own."""

    manifest: BundleManifest
    desk: Desk
    recipient: str
    folder: Path
    events: list[JsonObject] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def import_bundle(gateway: Gateway, source: Path) -> Imported:
    """Take in one bundle file and make its receipt.

    Raises ``StorageError`` "bundle-damaged" or "bundle-unreadable", ``RuleError`` "bundle-other-province",
    "bundle-unknown-desk", "bundle-not-genuine", "bundle-gap", "bundle-refused".
    """
    scratch = _scratch(gateway)
    try:
        opened = _opened(gateway, source, scratch)
        counts = _take_in(gateway, opened)
        receipt = _make_receipt(gateway, opened, counts)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    desk = opened.desk
    return Imported(opened.manifest.bundle_id, desk.desk_id, desk.unit_code, counts, receipt)


def receipt_path(gateway: Gateway, bundle_id: str) -> Path:
    """Where the receipt of a bundle lies, or will."""
    return gateway.store.files / "bundles" / f"{bundle_id}.receipt"


def _scratch(gateway: Gateway) -> Path:
    folder = gateway.store.files / "parts"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(mkdtemp(prefix="bundle-", dir=folder))


def _opened(gateway: Gateway, source: Path, scratch: Path) -> _Opened:
    try:
        with source.open("rb") as handle:
            reader = BundleReader(handle, gateway.identity.bundle_secret)
            desk, recipient = _sender(gateway, reader)
            opened = _Opened(reader.manifest, desk, recipient, scratch)
            for part, pieces in reader.parts():
                if part.name == EVENTS:
                    content = part_bytes(pieces, MAX_EVENTS_PART)
                    opened.events.extend(lines_of(content, limits.MAX_PUSH_BYTES))
                elif part.name.startswith(FILES):
                    sha256 = part.name.removeprefix(FILES)
                    if sha256 != part.sha256 or part.size > limits.MAX_FILE_BYTES:
                        raise BadBundle("a file under another name")
                    _unpack(scratch / sha256, pieces)
                    opened.files.append(sha256)
                else:
                    raise BadBundle("a part that does not belong")
            return opened
    except NotForUsError:
        raise RuleError(
            "bundle-other-province",
            t("Gói này không gửi cho cổng của tỉnh này nên không mở được."),
            t("Kiểm tra đúng gói của xã trong tỉnh; gói vẫn nguyên trên USB."),
            field="bundle",
        ) from None
    except (AgeError, BadBundle):
        raise StorageError(
            "bundle-damaged",
            t("Gói trên USB bị hỏng hoặc bị sửa; chưa nhận gì từ gói này."),
            t("Đem USB về quầy, xuất lại gói rồi nộp lại. Hồ sơ ở quầy vẫn nguyên."),
            field="bundle",
        ) from None
    except OSError as failure:
        raise StorageError(
            "bundle-unreadable",
            t("Không đọc hết được gói; USB có thể đã bị rút. Chưa nhận gì từ gói này."),
            t("Cắm lại USB rồi nạp lại."),
            field="bundle",
        ) from failure


def _sender(gateway: Gateway, reader: BundleReader) -> tuple[Desk, str]:
    """The desk that made it, by its signature. Raises ``RuleError``."""
    manifest = reader.manifest
    with gateway.store.read() as db:
        row = db.execute(select(desks).where(desks.c.desk_id == manifest.origin)).one_or_none()
        if row is None or row.state != "active":
            raise RuleError(
                "bundle-unknown-desk",
                t("Gói này của một quầy tỉnh chưa ghi danh hoặc đang tạm dừng; chưa nhận gì."),
                t("Kiểm tra quầy trong danh sách ghi danh rồi nạp lại."),
                field="bundle",
            )
        now = gateway.clock.now()
        genuine = partial(enrolment.verified_by, db, manifest.origin, now)
        try:
            reader.require_signature(genuine)
        except BadBundle:
            raise _not_genuine() from None
    if manifest.direction != TO_GATEWAY or manifest.recipient != gateway.identity.server_id:
        raise _not_genuine()
    return Desk(row.desk_id, row.unit_code, row.slot), row.bundle_recipient


def _not_genuine() -> AppError:
    return RuleError(
        "bundle-not-genuine",
        t("Chữ ký của gói không đúng với quầy ghi trên gói; chưa nhận gì."),
        t("Không nạp gói này; báo quản trị viên và xuất lại gói từ quầy."),
        field="bundle",
    )


def _unpack(target: Path, pieces: Iterator[bytes]) -> None:
    with target.open("wb") as out:
        for piece in pieces:
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _take_in(gateway: Gateway, opened: _Opened) -> dict[str, int]:
    """Events in runs as a push would bring them, then the files. Each run is one transaction."""
    counts = Counter[str]()
    epoch = opened.manifest.epoch
    for start in range(0, len(opened.events), _PAGE):
        run = opened.events[start : start + _PAGE]
        body = {
            "epoch": epoch,
            "first_seq": run[0].get("desk_seq"),
            "last_seq": run[-1].get("desk_seq"),
            "events": run,
        }
        try:
            answer = _doing(gateway, opened.desk, partial(_push, body))
        except ApiProblem as problem:
            raise _refused(problem) from None
        counts.update(each["verdict"] for each in answer["verdicts"])
    media = _media_types(opened.events)
    for sha256 in opened.files:
        part, kind = opened.folder / sha256, media.get(sha256, _ANY)
        counts["files"] += _doing(gateway, opened.desk, partial(_file, gateway, part, kind))
    counts["events"] = len(opened.events)
    return dict(counts)


def _push(body: JsonObject, act: Act) -> JsonObject:
    return push.receive(act, push.read_run(body))


def _file(gateway: Gateway, part: Path, media_type: str, act: Act) -> int:
    if not uploads.has_file(act, part.name):
        sealed.seal_plain(part, sealed.key_of(act.db))
        uploads.keep_file(act, gateway.store.files, part, part.name, media_type)
    return 1


def _doing(gateway: Gateway, desk: Desk, work: Any) -> Any:
    def run(db: Connection) -> Any:
        dialect.lock(db, "unit", desk.unit_code)
        return work(Act(db, gateway.clock.now(), desk))

    return gateway.store.do(run)


def _media_types(sent: list[JsonObject]) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting: list[Any] = [event.get("payload") for event in sent]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("sha256"), str) and isinstance(value.get("media_type"), str):
                found[value["sha256"]] = value["media_type"]
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


def _refused(problem: ApiProblem) -> AppError:
    if problem.body["code"] == "seq-gap":
        return RuleError(
            "bundle-gap",
            t("Gói này tiếp theo một gói khác mà tỉnh chưa nhận."),
            t("Nạp các gói trước của quầy này, theo thứ tự, rồi nạp lại gói này."),
            field="bundle",
        )
    return RuleError(
        "bundle-refused",
        t("Tỉnh không nhận được gói này: {why}").format(why=problem.body["title"]),
        t("Xuất lại gói mới từ quầy rồi nộp lại; hồ sơ ở quầy vẫn nguyên."),
        field="bundle",
    )


def _make_receipt(gateway: Gateway, opened: _Opened, counts: Mapping[str, int]) -> Path:
    """The return bundle: present verdicts, stream state, changes since the desk's cursor; encrypted to the
    desk, signed by the gateway, durable before anybody is told of it."""
    manifest, desk, own = opened.manifest, opened.desk, gateway.identity
    with gateway.store.read() as db:
        verdicts = _verdicts(db, desk, manifest)
        state = _stream(db, desk, manifest.epoch)
        changes, cursor = _changes(db, gateway, desk, manifest.from_cursor)
    head: JsonObject = {
        "bundle_id": new_id(),
        "direction": TO_DESK,
        "origin": own.server_id,
        "recipient": desk.desk_id,
        "created_at": to_wire(gateway.clock.now()),
        "answers_bundle_id": manifest.bundle_id,
        "from_cursor": manifest.from_cursor,
        "next_cursor": cursor,
        "signing_kid": own.signing_kid,
    }
    if state is not None and state.received_through:
        head |= {"epoch": state.epoch, "last_seq": state.received_through, "chain_after": state.chain}
    parts = [bytes_part(VERDICTS, _ndjson(verdicts)), bytes_part(CHANGES, _ndjson(changes))]
    target = receipt_path(gateway, manifest.bundle_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{head['bundle_id']}")
    with fresh.open("wb") as out:
        write_bundle(out, opened.recipient, bytes.fromhex(own.signing_secret), head, parts)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(target)
    return target


def _verdicts(db: Connection, desk: Desk, manifest: BundleManifest) -> list[JsonObject]:
    if manifest.epoch is None or manifest.first_seq is None or manifest.last_seq is None:
        return []
    rows = db.execute(
        select(events)
        .join(streams, streams.c.stream_id == events.c.stream_id)
        .where(
            streams.c.desk_id == desk.desk_id,
            streams.c.epoch == manifest.epoch,
            events.c.desk_seq >= manifest.first_seq,
            events.c.desk_seq <= manifest.last_seq,
        )
        .order_by(events.c.desk_seq)
    ).all()
    return told.veiled(db, [intake.verdict_now(db, row) for row in rows])


def _stream(db: Connection, desk: Desk, epoch: str | None) -> Any:
    mine = (streams.c.desk_id == desk.desk_id, streams.c.epoch == epoch)
    return db.execute(select(streams).where(*mine)).one_or_none()


def _changes(
    db: Connection, gateway: Gateway, desk: Desk, cursor: str | None
) -> tuple[list[JsonObject], str | None]:
    """The feed since the desk's cursor; nothing where the gateway no longer knows that place."""
    found: list[JsonObject] = []
    while True:
        try:
            page = feed.page(db, desk, gateway.identity.feed_id, cursor, _PAGE)
        except ApiProblem:
            return [], cursor
        found += page["changes"]
        cursor = page["next_cursor"]
        if not page["more"]:
            return found, cursor


def _ndjson(values: list[JsonObject]) -> bytes:
    return b"".join(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for value in values
    )
