"""Reading request bodies within bounds: bytes, encoding, digest, strict JSON."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from typing import Any

from starlette.requests import ClientDisconnect, Request

from app.protocol.strict_json import BadJson, loads_strict
from app.province import limits
from app.province.nul import nul_pointers
from app.province.problems import ApiProblem, at, bad_request
from app.text import t

_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_KEY = re.compile(r'"([0-9a-f-]{36})"')
_GZIP_SLACK = 1024


async def read_raw(request: Request, max_bytes: int, limit_name: str, *, slack: int = 0) -> bytes:
    """The body as sent. 413 ``too-large`` beyond ``max_bytes`` and ``slack``; reading stops there."""
    received = bytearray()
    try:
        async for part in request.stream():
            received += part
            if len(received) > max_bytes + slack:
                raise too_large(limit_name, max_bytes)
    except ClientDisconnect:
        raise bad_request(t("Đường truyền đứt trước khi gửi xong.")) from None
    return bytes(received)


async def read_json(
    request: Request, max_bytes: int, limit_name: str = "max_bytes", *, nul: bool = False
) -> tuple[bytes, Any]:
    """The body after decompression and its JSON value, every bound kept.

    400 where text holds a NUL, unless ``nul`` says that the caller judges that itself (event by event).
    """
    require_media_type(request, "application/json")
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("gzip", "identity"):
        raise ApiProblem(
            415,
            "unsupported-encoding",
            t("Máy chủ chỉ nhận gzip hoặc không nén."),
            headers={"Accept-Encoding": "gzip, identity"},
        )
    raw = await read_raw(request, max_bytes, limit_name, slack=_GZIP_SLACK)
    check_content_digest(request, raw)
    body = _inflate(raw, max_bytes, limit_name) if encoding == "gzip" else raw
    if len(body) > max_bytes:
        raise too_large(limit_name, max_bytes)
    try:
        value = loads_strict(body, max_bytes=max_bytes, max_depth=limits.MAX_JSON_DEPTH)
    except BadJson as error:
        raise bad_request(t("Không đọc được nội dung gửi lên."), [at("", str(error))]) from None
    if not nul and (held := next(nul_pointers(value), None)) is not None:
        raise bad_request(t("Không đọc được nội dung gửi lên."), [at(held, t("có ký tự không dùng được"))])
    return body, value


def require_media_type(request: Request, wanted: str) -> None:
    """415 ``unsupported-media-type`` for any other."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != wanted:
        raise ApiProblem(415, "unsupported-media-type", t("Máy chủ không nhận kiểu nội dung này."))


def check_content_digest(request: Request, raw: bytes, code: str = "digest-mismatch") -> None:
    """RFC 9530: 422 where ``Content-Digest`` does not fit the bytes as sent, 400 where it is unreadable."""
    header = request.headers.get("content-digest")
    if header is None:
        return
    found = _DIGEST.fullmatch(header.strip())
    if found is None:
        raise bad_request(t("Không đọc được Content-Digest."), [at("/Content-Digest", "sha-256=:…:")])
    try:
        wanted = base64.b64decode(found.group(1), validate=True)
    except binascii.Error:
        raise bad_request(t("Không đọc được Content-Digest.")) from None
    if hashlib.sha256(raw).digest() != wanted:
        raise ApiProblem(422, code, t("Nội dung bị hỏng trên đường truyền; hãy gửi lại."))


def digest_header(sha256_hex: str) -> str:
    """A hash as RFC 9530 writes it."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256_hex)).decode()}:"


def idempotency_key(request: Request) -> str:
    """The UUID in ``Idempotency-Key``. 400 ``idempotency-key-missing`` without a readable one."""
    found = _KEY.fullmatch(request.headers.get("idempotency-key", "").strip())
    if found is None:
        raise bad_request(
            t("Thiếu Idempotency-Key."), [at("/Idempotency-Key", "UUID")], code="idempotency-key-missing"
        )
    return found.group(1)


def too_large(limit_name: str, value: int) -> ApiProblem:
    """413: the client sends less at a time."""
    return ApiProblem(413, "too-large", t("Nội dung gửi lên quá lớn."), limits={limit_name: value})


def _inflate(raw: bytes, max_bytes: int, limit_name: str) -> bytes:
    """One gzip member, never inflated beyond the absolute limit or a hundredfold."""
    bound = min(max_bytes, max(len(raw) * limits.MAX_INFLATE_RATIO, limits.MAX_SMALL_BODY))
    engine = zlib.decompressobj(wbits=31)
    try:
        body = engine.decompress(raw, bound + 1)
    except zlib.error:
        raise bad_request(t("Không giải nén được nội dung gửi lên.")) from None
    if len(body) > bound:
        raise too_large(limit_name, max_bytes)
    if not engine.eof or engine.unused_data:
        raise bad_request(t("Nội dung nén bị cụt hoặc thừa."))
    return body
