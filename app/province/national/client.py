"""One HTTP client for the portal, the only module of the gateway that imports requests.

TLS is verified, redirects are never followed (a redirect is a login page), plain HTTP is for this machine
alone, no cookies, no stored logins, answers are read by count and by time. A failure keeps no word of what
was sent or received.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from app.clock import VIETNAM
from app.errors import UsageError
from app.province.national.answers import MAX_BYTES
from app.province.national.settings import LineSettings
from app.text import t
from app.version import VERSION

_PIECE: Final = 16 * 1024
_WHOLE_FACTOR: Final = 2
_LONGEST_WAIT_S: Final = 24 * 3600.0


@dataclass(frozen=True)
class Answer:
    """A whole answer. ``retry_after_s``: seconds the other side asks for."""

    status: int
    media_type: str
    body: bytes
    retry_after_s: float | None = None


class NoAnswer(Exception):  # noqa: N818
    """No whole answer came. ``sent``: the request may have arrived."""

    def __init__(self, kind: str, *, sent: bool) -> None:
        super().__init__(kind)
        self.kind = kind
        self.sent = sent


class Client:
    """Connections to one portal. Not shared between threads; close it after use."""

    def __init__(self, line: LineSettings) -> None:
        self._line = line
        self._session = requests.Session()
        self._session.auth = _NoLogin()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.clear()
        self._session.headers.update(
            {
                "User-Agent": f"motcua-gateway/{VERSION}",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            }
        )
        self._session.mount("https://", _Adapter(_tls(line.ca_file)))
        host = urlsplit(line.url).hostname or ""
        self._session.trust_env = host not in ("localhost", "127.0.0.1", "::1")

    def post(
        self,
        url: str,
        body: bytes,
        *,
        media_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
    ) -> Answer:
        """One POST, one whole answer. Raises ``NoAnswer``."""
        sent = {"Content-Type": media_type, "Charset": "utf-8", **(headers or {})}
        login = None if basic is None else requests.auth.HTTPBasicAuth(_latin(basic[0]), _latin(basic[1]))
        return self._send("POST", url, data=body, headers=sent, auth=login)

    def post_file(self, url: str, path: Path, name: str, *, headers: Mapping[str, str]) -> Answer:
        """One file as multipart field ``files``; its name is ours, no citizen's. Raises ``NoAnswer``."""
        try:
            with path.open("rb") as content:
                return self._send("POST", url, files={"files": (name, content)}, headers=dict(headers))
        except FileNotFoundError:
            raise NoAnswer("file", sent=False) from None

    def get(self, url: str, params: Mapping[str, str], *, headers: Mapping[str, str]) -> Answer:
        """One GET; ``params`` hold codes only, no personal data. Raises ``NoAnswer``."""
        return self._send("GET", url, params=dict(params), headers=dict(headers))

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def _send(self, method: str, url: str, **options: Any) -> Answer:
        limit = time.monotonic() + self._line.connect_s + _WHOLE_FACTOR * self._line.stall_s
        try:
            with self._session.request(
                method,
                url,
                timeout=(self._line.connect_s, self._line.stall_s),
                allow_redirects=False,
                stream=True,
                **options,
            ) as response:
                body = _read(response, limit)
                media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                return Answer(response.status_code, media_type, body, _retry_after(response))
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as failure:
            raise _told(failure) from None


class _NoLogin(AuthBase):
    """Keeps requests from looking for logins in the account's files."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Adapter(HTTPAdapter):
    """TLS by our own context alone."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Whatever a caller says, certificates are required, by this context."""
        host, _ = super().build_connection_pool_key_attributes(request, True)
        return host, {"cert_reqs": "CERT_REQUIRED"}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        conn.cert_reqs = "CERT_REQUIRED"


def _tls(ca_file: str) -> ssl.SSLContext:
    """The system's trust store, or the province's own authority alone."""
    if not ca_file:
        import truststore

        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ValueError) as failure:
            raise UsageError(
                "national-ca",
                t("Không đọc được chứng thư gốc của trục kết nối."),
                t("Kiểm tra mục ca_file trong tệp cấu hình rồi chạy lại."),
                field="national",
            ) from failure
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _read(response: requests.Response, limit: float) -> bytes:
    body = bytearray()
    while piece := response.raw.read(_PIECE, decode_content=False):
        body += piece
        if len(body) > MAX_BYTES:
            raise NoAnswer("too-large", sent=True)
        if time.monotonic() > limit:
            raise NoAnswer("too-slow", sent=True)
    return bytes(body)


def _retry_after(response: requests.Response) -> float | None:
    """Seconds of ``Retry-After``, which may be a number or a date; at most a day."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return min(float(asked[:9]), _LONGEST_WAIT_S)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        until = parsedate_to_datetime(asked)
        now = parsedate_to_datetime(response.headers["Date"]) if "Date" in response.headers else None
        wait = until - (now or datetime.fromtimestamp(0, VIETNAM))
        if now is not None and wait > timedelta(0):
            return min(wait.total_seconds(), _LONGEST_WAIT_S)
    return None


def _latin(text: str) -> bytes:
    return text.encode("utf-8")


def _told(failure: BaseException) -> NoAnswer:
    """The failure without its text: messages of libraries quote addresses and bodies."""
    if isinstance(failure, NoAnswer):
        return failure
    if isinstance(failure, requests.exceptions.SSLError):
        return NoAnswer("certificate", sent=False)
    if isinstance(failure, requests.ConnectTimeout):
        return NoAnswer("unreachable", sent=False)
    if isinstance(failure, requests.ConnectionError) and _never_connected(failure):
        return NoAnswer("unreachable", sent=False)
    return NoAnswer("cut", sent=True)


def _never_connected(failure: BaseException) -> bool:
    """Whether not even a connection was made."""
    seen = 0
    waiting: list[object] = [failure]
    while waiting and seen < 20:
        item = waiting.pop()
        seen += 1
        if type(item).__name__ in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError"):
            return True
        if isinstance(item, BaseException):
            waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
    return False
