"""One HTTP connection to the gateway above, with nothing but the standard library.

TLS is verified (the system's trust store, or the one authority named at enrolment), plain HTTP is for this
machine alone, redirects are never followed, answers are read by count and by stall (I15, I16). URLs carry
ids and hashes only.
"""

from __future__ import annotations

import http.client
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

from app.errors import RuleError
from app.protocol.hosts import is_loopback
from app.text import t
from app.version import VERSION

CONNECT_S: Final = 10.0
STALL_S: Final = 60.0
_PIECE: Final = 64 * 1024
_HEADER_BYTES: Final = 32 * 1024


class NoUpperLine(Exception):  # noqa: N818
    """No answer: the outcome is unknown, and the same is asked again later."""


class NotBelieved(Exception):  # noqa: N818
    """An answer that is not the contract's: a login page, a redirect, a lie. It counts as none (I11)."""


@dataclass(frozen=True)
class Reply:
    """A whole answer, inflated; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type without parameters, lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def check_url(url: str) -> str:
    """The upper gateway's address without a trailing slash.

    Raises ``RuleError`` (field ``url``) for what is no address or is plain HTTP to another machine.
    """
    text = url.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.scheme not in ("http", "https") or parts.query or parts.fragment or "@" in text:
        raise RuleError(
            "gateway-address",
            t("Địa chỉ cổng cấp trên chưa đúng."),
            t("Gõ lại đúng như trên giấy được cấp, bắt đầu bằng https://"),
            field="url",
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise RuleError(
            "gateway-not-secure",
            t("Địa chỉ này không được mã hóa nên chưa nối: dữ liệu công dân không đi qua đường hở."),
            t("Dùng địa chỉ bắt đầu bằng https:// được cấp."),
            field="url",
        )
    return text


class Wire:
    """A connection that is opened when it is needed and again when it broke. Not shared between threads."""

    def __init__(self, url: str, ca_pem: str | None = None, *, stall_s: float = STALL_S) -> None:
        parts = urlsplit(check_url(url))
        self.url = url
        self._host, self._port = parts.hostname or "", parts.port
        self._base = parts.path.rstrip("/")
        self._context = tls_context(ca_pem) if parts.scheme == "https" else None
        self._stall_s = stall_s
        self._open: http.client.HTTPConnection | None = None

    def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        max_bytes: int,
        once: bool = False,
    ) -> Reply:
        """One request, one whole answer; a connection that was resting may be opened anew once.

        ``once``: never the same request twice (a token request carries a new assertion each time).

        Raises ``NoUpperLine``, ``NotBelieved``.
        """
        target = self._base + path + (f"?{urlencode(params)}" if params else "")
        sent = {"User-Agent": f"motcua/{VERSION}", "Accept-Encoding": "gzip", **(headers or {})}
        if once:
            self.close()
        resting = self._open is not None
        try:
            return self._exchange(method, target, sent, body, max_bytes)
        except (OSError, http.client.HTTPException) as failure:
            self.close()
            if not resting or isinstance(failure, TimeoutError):
                raise NoUpperLine(type(failure).__name__) from None
        try:
            return self._exchange(method, target, sent, body, max_bytes)
        except (OSError, http.client.HTTPException) as failure:
            self.close()
            raise NoUpperLine(type(failure).__name__) from None

    def close(self) -> None:
        """Close the connection, if one is open."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _exchange(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None, max_bytes: int
    ) -> Reply:
        connection = self._open or self._connect()
        connection.request(method, target, body=body, headers=dict(headers))
        answer = connection.getresponse()
        try:
            return _read(answer, max_bytes)
        except NotBelieved:
            self.close()
            raise

    def _connect(self) -> http.client.HTTPConnection:
        made: http.client.HTTPConnection
        if self._context is None:
            made = http.client.HTTPConnection(self._host, self._port, timeout=CONNECT_S)
        else:
            made = http.client.HTTPSConnection(
                self._host, self._port, timeout=CONNECT_S, context=self._context
            )
        made.connect()
        made.sock.settimeout(self._stall_s)
        self._open = made
        return made


def tls_context(ca_pem: str | None) -> ssl.SSLContext:
    """Verification that cannot be switched off. Raises ``RuleError`` (field ``ca``) for a broken PEM."""
    if ca_pem is None:
        import truststore

        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(cadata=ca_pem)
        except (ssl.SSLError, ValueError, TypeError):
            raise _bad_ca() from None
        if not context.get_ca_certs():
            raise _bad_ca()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _bad_ca() -> RuleError:
    return RuleError(
        "gateway-ca",
        t("Tệp chứng thư của cổng cấp trên không đọc được."),
        t("Chọn lại đúng tệp .pem được cấp."),
        field="ca",
    )


def _read(answer: http.client.HTTPResponse, max_bytes: int) -> Reply:
    headers = {name.lower(): value for name, value in answer.getheaders()}
    if sum(len(name) + len(value) for name, value in headers.items()) > _HEADER_BYTES:
        raise NotBelieved("headers too large")
    if 300 <= answer.status < 400 and answer.status != 304:
        raise NotBelieved("a redirect")
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise NotBelieved("an encoding that was not asked for")
    packed = encoding == "gzip" and answer.status not in (204, 304)
    return Reply(answer.status, headers, _body(answer, max_bytes, packed=packed))


def _body(answer: http.client.HTTPResponse, max_bytes: int, *, packed: bool) -> bytes:
    inflater = zlib.decompressobj(31) if packed else None
    kept = bytearray()
    while piece := answer.read(_PIECE):
        try:
            kept += piece if inflater is None else inflater.decompress(piece, max_bytes + 1 - len(kept))
        except zlib.error:
            raise NotBelieved("broken gzip") from None
        if len(kept) > max_bytes or (inflater is not None and inflater.unconsumed_tail):
            raise NotBelieved("the answer is too large")
    if inflater is not None and not inflater.eof:
        raise NotBelieved("broken gzip")
    return bytes(kept)
