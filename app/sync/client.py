"""One HTTP client for one province, the only place that imports requests.

TLS is verified, redirects are never followed, plain HTTP is for this machine alone, cookies and stored
logins are not used, answers are read by count (I15, I16). What comes back is bytes with their status;
whether they are believed is decided in ``app.sync.province``. URLs carry ids and hashes only.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from app.errors import RuleError
from app.protocol.hosts import is_loopback
from app.sync.inflate import BrokenEncodingError, TooLargeError, collect, inflate
from app.sync.transport import (
    EndlessError,
    LineInUse,
    Timing,
    TooSlowError,
    pool_classes,
    take_your_time,
    tls_context,
)
from app.sync.trouble import NoLineError, NotBelievedError, TooLargeAnswerError
from app.text import t
from app.version import VERSION

HEADER_BYTES: Final = 32 * 1024
_READ: Final = 16 * 1024
_CERTIFICATE_DATES: Final = (9, 10)
"""OpenSSL's verify codes "not yet valid" and "has expired"."""


@dataclass(frozen=True)
class Answer:
    """A whole answer: status, lower-case header names, the body as sent before any encoding."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type without parameters, lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def check_url(url: str) -> str:
    """The gateway's address without a trailing slash.

    Raises ``RuleError`` (field ``url``) for what is no address, carries a login or a query, or is plain
    HTTP to another machine than this one (I16).
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
            t("Địa chỉ cổng tỉnh chưa đúng."),
            t("Gõ lại đúng như trên giấy tỉnh cấp, bắt đầu bằng https://"),
            field="url",
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise RuleError(
            "gateway-not-secure",
            t("Địa chỉ này không được mã hóa nên chưa nối: dữ liệu công dân không đi qua đường hở."),
            t("Dùng địa chỉ bắt đầu bằng https:// do tỉnh cấp."),
            field="url",
        )
    return text


class Client:
    """One session with one gateway. Not shared between threads; close it after use."""

    def __init__(
        self,
        url: str,
        *,
        ca_pem: str | None = None,
        timing: Timing | None = None,
        line: LineInUse | None = None,
    ) -> None:
        self.url = check_url(url)
        self._timing = timing or Timing()
        self._line = line or LineInUse()
        self._session = _session(self._timing, self._line, ca_pem)
        self._session.trust_env = not is_loopback(urlsplit(self.url).hostname or "")

    def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        max_bytes: int,
    ) -> Answer:
        """One request, one whole answer.

        ``path`` is joined to the gateway's address. Raises ``NoLineError`` (outcome unknown) or
        ``NotBelievedError`` (redirect, too large, wrongly encoded).
        """
        return self._send(method, self.url + path, dict(headers or {}), params, body, max_bytes)

    def call_elsewhere(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes, max_bytes: int
    ) -> Answer:
        """A request to an address the province named (its token service); never with the access token."""
        target = urljoin(self.url + "/", url)
        parts = urlsplit(target)
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise NotBelievedError("the address named is not secure")
        clean = {name: value for name, value in headers.items() if name.lower() != "authorization"}
        return self._send(method, target, clean, None, body, max_bytes)

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        params: Mapping[str, str] | None,
        body: bytes | None,
        max_bytes: int,
    ) -> Answer:
        if self._line.hung_up:
            raise NoLineError("hung up")
        try:
            with self._session.request(
                method,
                url,
                headers=headers,
                params=params,
                data=body,
                timeout=(self._timing.connect_s, self._timing.stall_s),
                allow_redirects=False,
                stream=True,
            ) as response:
                if _is_file(method, url):
                    take_your_time(response.raw)
                return _read(response, max_bytes)
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as failure:
            if any(isinstance(kind, EndlessError) for kind in _causes(failure)):
                raise NotBelievedError("an answer without end") from None
            raise _no_line(failure) from None


class _NoLogin(AuthBase):
    """Keeps requests from looking for logins in the user's files."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Adapter(HTTPAdapter):
    """TLS by our own context alone; connections that follow our timing."""

    def __init__(self, timing: Timing, line: LineInUse, context: ssl.SSLContext | None) -> None:
        self._pools = pool_classes(timing, line)
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Whatever a caller says, certificates are required."""
        host, _ = super().build_connection_pool_key_attributes(request, True)
        return host, {"cert_reqs": "CERT_REQUIRED"}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context decides alone: no other list of authorities is added to a pinned one."""
        if url.lower().startswith("https"):
            conn.cert_reqs = "CERT_REQUIRED"


def _session(timing: Timing, line: LineInUse, ca_pem: str | None) -> requests.Session:
    session = requests.Session()
    session.auth = _NoLogin()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.clear()
    session.headers.update(
        {
            "User-Agent": f"motcua/{VERSION}",
            "Accept-Encoding": "gzip",
            "Accept": "application/json, application/problem+json",
        }
    )
    session.mount("https://", _Adapter(timing, line, tls_context(ca_pem)))
    session.mount("http://", _Adapter(timing, line, None))
    return session


def _is_file(method: str, url: str) -> bool:
    """Whether the answer's body is a file's, which ends by the stall limit alone (I15)."""
    return method == "GET" and "/v1/files/" in urlsplit(url).path


def _read(response: requests.Response, max_bytes: int) -> Answer:
    if 300 <= response.status_code < 400 and response.status_code != 304:
        raise NotBelievedError("a redirect")
    headers = {name.lower(): value for name, value in response.headers.items()}
    if sum(len(name) + len(value) for name, value in headers.items()) > HEADER_BYTES:
        raise NotBelievedError("headers too large")
    encoding = headers.get("content-encoding", "identity").strip().lower()
    try:
        if encoding == "gzip" and response.status_code not in (204, 304):
            body = inflate(_pieces(response), max_bytes)
        elif encoding in ("identity", "gzip"):
            body = collect(_pieces(response), max_bytes)
        else:
            raise NotBelievedError("an encoding that was not asked for")
    except TooLargeError:
        raise TooLargeAnswerError("the answer is too large") from None
    except BrokenEncodingError:
        raise NotBelievedError("the answer is broken gzip") from None
    return Answer(response.status_code, headers, body)


def _pieces(response: requests.Response) -> Iterator[bytes]:
    while piece := response.raw.read(_READ, decode_content=False):
        yield piece


def _no_line(failure: BaseException) -> NoLineError:
    """The failure without its text: messages of libraries may quote what was sent."""
    kinds = list(_causes(failure))
    for kind in kinds:
        if isinstance(kind, ssl.SSLCertVerificationError):
            dated = kind.verify_code in _CERTIFICATE_DATES
            return NoLineError("certificate refused", certificate=True, clock=dated)
        if isinstance(kind, ssl.CertificateError):
            return NoLineError("certificate refused", certificate=True)
    slow = any(isinstance(kind, (TooSlowError, requests.ReadTimeout, TimeoutError)) for kind in kinds)
    slow = slow and not any(isinstance(kind, requests.ConnectTimeout) for kind in kinds)
    return NoLineError(type(failure).__name__, slow=slow)


def _causes(failure: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    waiting: list[object] = [failure]
    while waiting and len(seen) < 30:
        item = waiting.pop()
        if not isinstance(item, BaseException) or item in seen:
            continue
        seen.append(item)
        yield item
        reason = getattr(item, "reason", None)
        waiting += [item.__cause__, item.__context__, reason, *item.args]
