"""The calls about files (schema Upload, RFC 9530 digests, the headers of resumable uploads; §3.6)."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from app.protocol import messages as m
from app.sync.client import Answer
from app.sync.province import SMALL, Province, believed, check_status
from app.sync.trouble import NotBelievedError

_RANGE_SLACK: Final = 1024


def create_upload(province: Province, request: Mapping[str, Any]) -> m.Upload:
    """Announce a file by its hash; complete already where the province has it."""
    answer = province.send_json("POST", "/v1/files", request)
    return _upload(answer, str(request["sha256"]), 201 if answer.status == 201 else 200)


def append_chunk(
    province: Province, sha256: str, url: str, offset: int, chunk: bytes, *, last: bool
) -> m.Upload:
    """One chunk at exactly ``offset``; the answer says how far the province is."""
    headers = {
        "Content-Type": "application/partial-upload",
        "Content-Digest": _digest(chunk),
        "Upload-Offset": str(offset),
        "Upload-Complete": "?1" if last else "?0",
    }
    path = own_path(province, url)
    return _upload(province.authorised("PATCH", path, headers, None, chunk, SMALL), sha256, 200)


def upload_offset(province: Province, url: str) -> int | None:
    """How far the province is, or ``None`` where it does not say so: then the file is announced again."""
    answer = province.authorised("HEAD", own_path(province, url), {}, None, None, SMALL)
    told = answer.headers.get("upload-offset", "")
    if answer.status != 204 or not told.isascii() or not told.isdigit():
        return None
    return int(told[:15])


def download_piece(province: Province, sha256: str, first: int, last: int) -> bytes:
    """Bytes ``first``..``last`` of a file of this unit. Raises ``NotBelievedError`` for anything else."""
    wanted = last - first + 1
    headers = {"Range": f"bytes={first}-{last}"}
    path = f"/v1/files/{sha256}"
    answer = province.authorised("GET", path, headers, None, None, wanted + _RANGE_SLACK)
    check_status(answer, 206)
    told = answer.headers.get("content-range", "")
    if not told.startswith(f"bytes {first}-{last}/") or len(answer.body) != wanted:
        raise NotBelievedError("another range")
    return answer.body


def own_path(province: Province, url: str) -> str:
    """The path of an upload at this province. The token goes nowhere else: raises ``NotBelievedError``."""
    base, target = urlsplit(province.url), urlsplit(url)
    elsewhere = (target.scheme, target.netloc) != (base.scheme, base.netloc)
    if (target.scheme or target.netloc) and elsewhere:
        raise NotBelievedError("an upload address elsewhere")
    path = target.path
    if not path.startswith("/") or ".." in path or target.fragment:
        raise NotBelievedError("an upload address that is none")
    if base.path and path.startswith(base.path + "/"):
        path = path.removeprefix(base.path)
    return path + (f"?{target.query}" if target.query else "")


def _upload(answer: Answer, sha256: str, status: int) -> m.Upload:
    state = believed(answer, m.Upload, SMALL, status)
    if state.sha256 != sha256 or (not state.complete and state.upload_url is None):
        raise NotBelievedError("the state of another upload")
    return state


def _digest(chunk: bytes) -> str:
    return f"sha-256=:{b64encode(hashlib.sha256(chunk).digest()).decode('ascii')}:"
