"""Resumable uploads and downloads, content-addressed and kept per unit.

A chunk is appended, made durable, and only then counted; what lies behind the counted offset after a
crash is cut off by the next chunk. The whole file is checked against its SHA-256 before it counts.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update

from app import failpoints
from app.protocol.ids import new_id
from app.province import intake, limits, sealed
from app.province.bodies import digest_header, too_large
from app.province.context import Act
from app.province.problems import ApiProblem, JsonObject, at, bad_request, not_found
from app.province.schemas import faults
from app.province.tables import files, uploads
from app.province.times import to_ms, wire_ms
from app.text import t

_MAGIC = {
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
}
_OFFSET_PROBLEM = "https://iana.org/assignments/http-problem-types#mismatching-upload-offset"


def create(act: Act, body: object) -> tuple[int, JsonObject]:
    """(200 or 201, schema Upload). Raises 400, 413 ``too-large``."""
    places = faults("UploadRequest", body)
    if places:
        raise bad_request(t("Yêu cầu tải tệp còn thiếu hoặc sai mục."), places, code="schema-invalid")
    assert isinstance(body, dict)
    if body["size"] > limits.MAX_FILE_BYTES:
        raise too_large("max_file_bytes", limits.MAX_FILE_BYTES)
    sha256 = body["sha256"]
    if has_file(act, sha256):
        return 200, _complete(sha256, _file(act, sha256).size)
    mine = (uploads.c.unit_code == act.desk.unit_code, uploads.c.sha256 == sha256)
    row = act.db.execute(select(uploads).where(*mine)).one_or_none()
    if row is not None and row.size == body["size"] and row.expires_at > act.now_ms:
        return 200, _state(row)
    if row is not None:
        act.db.execute(delete(uploads).where(*mine))
    upload_id = f"up-{new_id()}"
    new = {
        "upload_id": upload_id,
        "unit_code": act.desk.unit_code,
        "sha256": sha256,
        "size": body["size"],
        "media_type": body["media_type"],
        "held": 0,
        "expires_at": to_ms(act.now + timedelta(seconds=limits.UPLOAD_MAX_AGE_S)),
    }
    act.db.execute(insert(uploads).values(new))
    return 201, _state(find(act, upload_id))


def find(act: Act, upload_id: str) -> Any:
    """The upload's row. Raises 404 for an unknown or expired one."""
    row = act.db.execute(
        select(uploads).where(
            uploads.c.upload_id == upload_id,
            uploads.c.unit_code == act.desk.unit_code,
            uploads.c.expires_at > act.now_ms,
        )
    ).one_or_none()
    if row is None:
        raise not_found()
    return row


def append(act: Act, folder: Path, upload_id: str, offset: int, last: bool, chunk: bytes) -> JsonObject:
    """Take one chunk whose digest has been checked. Answers schema Upload.

    Raises 400, 404, 409 ``mismatching-upload-offset``, 422 ``file-digest-mismatch``.
    """
    row = find(act, upload_id)
    if offset != row.held:
        raise _wrong_offset(row, offset)
    held = offset + len(chunk)
    if held > row.size or (last and held != row.size):
        raise bad_request(t("Kích thước tệp không khớp."), [at("/Upload-Offset", t("không khớp"))])
    part = folder / "parts" / upload_id
    if _in_place_already(act, folder, part, row):
        return _finish(act, folder, part, row)
    sealed.write_at(part, sealed.key_of(act.db), offset, chunk)
    if held < row.size:
        act.db.execute(update(uploads).where(uploads.c.upload_id == upload_id).values(held=held))
        return _state(find(act, upload_id))
    return _finish(act, folder, part, row)


def cancel(act: Act, folder: Path, upload_id: str) -> None:
    """Give an upload up, now or already."""
    mine = (uploads.c.unit_code == act.desk.unit_code, uploads.c.upload_id == upload_id)
    if act.db.execute(delete(uploads).where(*mine)).rowcount:
        (folder / "parts" / upload_id).unlink(missing_ok=True)


def has_file(act: Act, sha256: str) -> bool:
    """Whether this unit's verified file is held."""
    return _file(act, sha256) is not None


def open_file(act: Act, folder: Path, sha256: str) -> tuple[Path, int]:
    """(Path, size) of a file of this unit. Raises 404."""
    row = _file(act, sha256)
    if row is None:
        raise not_found()
    return _path(folder, sha256), row.size


def offset_headers(state: JsonObject) -> dict[str, str]:
    """The headers that tell the offset."""
    headers = {
        "Upload-Offset": str(state["offset"]),
        "Upload-Complete": "?1" if state["complete"] else "?0",
    }
    if state["upload_url"] is not None:
        headers["Location"] = state["upload_url"]
    if state["complete"]:
        headers["Repr-Digest"] = digest_header(state["sha256"])
    return headers


def state_of(act: Act, upload_id: str) -> JsonObject:
    """Schema Upload of an unfinished upload. Raises 404."""
    return _state(find(act, upload_id))


def _finish(act: Act, folder: Path, part: Path, row: Any) -> JsonObject:
    act.db.execute(delete(uploads).where(uploads.c.upload_id == row.upload_id))
    keep_file(act, folder, part, row.sha256, row.media_type)
    return _complete(row.sha256, row.size)


def keep_file(act: Act, folder: Path, part: Path, sha256: str, media_type: str) -> None:
    """A whole file of the desk's unit takes its place and ends the waits for it. Raises ``DamagedFile``.

    The file takes its place before the row that names it is committed. Where that commit did not come, the
    file without a row is found in its place by the next try, which needs no byte of it again.
    """
    target = _path(folder, sha256)
    key = sealed.key_of(act.db)
    found, head = sealed.digest_and_head(part if part.exists() else target, key)
    if found != sha256:
        part.unlink(missing_ok=True)
        raise DamagedFile
    if part.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part.replace(target)
        _sync_folder(target.parent)
        failpoints.hit("file_in_place")
    size = sealed.size_of(target, key)
    magic = _MAGIC.get(media_type)
    fault = None if magic is None or head.startswith(magic) else "content-type"
    new = {
        "unit_code": act.desk.unit_code,
        "sha256": sha256,
        "size": size,
        "media_type": media_type,
        "fault": fault,
        "completed_at": act.now_ms,
    }
    act.db.execute(insert(files).values(new))
    intake.settle(act.db, act.now, [("file", sha256)], unit_code=act.desk.unit_code)


class DamagedFile(Exception):  # noqa: N818
    """The finished file is not the one that was announced; the upload is removed (this commits)."""


def damaged() -> ApiProblem:
    """422 ``file-digest-mismatch``."""
    return ApiProblem(
        422,
        "file-digest-mismatch",
        t("Tệp nhận được không giống tệp gốc; sẽ gửi lại từ đầu."),
        headers={"Upload-Offset": "0"},
    )


def _in_place_already(act: Act, folder: Path, part: Path, row: Any) -> bool:
    """Whether an earlier try put the whole file in its place and was cut off before its commit."""
    target = _path(folder, row.sha256)
    if not row.held or part.exists() or not target.exists():
        return False
    return bool(sealed.size_of(target, sealed.key_of(act.db)) == row.size)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _path(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256


def _file(act: Act, sha256: str) -> Any:
    mine = (files.c.unit_code == act.desk.unit_code, files.c.sha256 == sha256)
    return act.db.execute(select(files).where(*mine)).one_or_none()


def _state(row: Any) -> JsonObject:
    return {
        "sha256": row.sha256,
        "size": row.size,
        "offset": row.held,
        "complete": False,
        "upload_url": f"/v1/uploads/{row.upload_id}",
        "expires_at": wire_ms(row.expires_at),
    }


def _complete(sha256: str, size: int) -> JsonObject:
    return {
        "sha256": sha256,
        "size": size,
        "offset": size,
        "complete": True,
        "upload_url": None,
        "expires_at": None,
    }


def _wrong_offset(row: Any, offset: int) -> ApiProblem:
    wrong = ApiProblem(
        409,
        "mismatching-upload-offset",
        t("Vị trí tải lên không khớp."),
        headers={"Upload-Offset": str(row.held), "Upload-Complete": "?0"},
        **{"expected-offset": row.held, "provided-offset": offset},
    )
    wrong.body["type"] = _OFFSET_PROBLEM
    return wrong
