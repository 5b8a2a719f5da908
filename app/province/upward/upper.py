"""The operations of the protocol, as this gateway calls them on the one above. Believed only in the
contract's own form: listed status, media type, strict JSON, every member as promised (I11)."""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

from pydantic import ValidationError

from app.clock import Clock, to_wire
from app.errors import RuleError
from app.protocol import messages as m
from app.protocol.strict_json import BadJson, loads_strict
from app.province.upward.links import Upward
from app.province.upward.wire import NotBelieved, Reply, Wire

KIB: Final = 1024
SMALL: Final = 256 * KIB
LARGE: Final = 8 * KIB * KIB
_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_EARLY: Final = timedelta(seconds=60)
_LONGEST_WAIT_S: Final = 3600.0

AnyMessage = TypeVar("AnyMessage", bound=m.Message)


class UpperRefused(Exception):  # noqa: N818
    """The upper gateway said no, in the contract's form. ``code`` decides."""

    def __init__(self, status: int, code: str, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.problem = dict(problem or {})


class UpperBusy(Exception):  # noqa: N818
    """429 or 503: later. ``retry_after_s`` is capped at an hour (I15)."""

    def __init__(self, retry_after_s: float | None) -> None:
        super().__init__("busy")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Believed(Generic[AnyMessage]):
    """An answer as a strict model, and as the JSON that came: what is passed on stays as it was."""

    said: AnyMessage
    raw: Any


class Upper:
    """Calls of one line upward. Not shared between threads; close it after use."""

    def __init__(self, link: Upward, clock: Clock, wire: Wire | None = None) -> None:
        self._link = link
        self._clock = clock
        self._wire = wire or Wire(link.url, link.ca_pem)
        self._token: tuple[str, datetime] | None = None
        self._offset = timedelta()

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def meta(self) -> m.Meta:
        """Versions and limits; measures the clock for the token. Needs no token."""
        before = self._clock.now()
        reply = self._wire.call("GET", "/v1/meta", max_bytes=SMALL)
        meta = believed(reply, m.Meta).said
        self._offset = _server_time(reply, meta) - before
        return meta

    def stream(self, epoch: str) -> m.StreamState:
        """How far the upper gateway holds one desk's stream."""
        return self._get("/v1/stream", m.StreamState, {"epoch": epoch}).said

    def push(self, body: bytes, key: str) -> Believed[m.PushResponse]:
        """A run of events as the desk made them."""
        reply = self._sent("POST", "/v1/push", body, {"Idempotency-Key": f'"{key}"'})
        return believed(reply, m.PushResponse)

    def event_verdict(self, event_id: str) -> Believed[m.Verdict]:
        """The verdict of one event now."""
        return self._get(f"/v1/events/{event_id}", m.Verdict)

    def changes(self, cursor: str | None, limit: int) -> Believed[m.ChangePage]:
        """A page of the upper feed."""
        params = {"limit": str(limit)} | ({} if cursor is None else {"cursor": cursor})
        return self._get("/v1/changes", m.ChangePage, params)

    def acknowledge(self, cursor: str, now: datetime) -> None:
        """How far this gateway has taken the feed in."""
        body = _json({"cursor": cursor, "committed_at": to_wire(now)})
        believed(self._sent("PUT", "/v1/changes/ack", body), m.Ack)

    def snapshot(self, page: str | None) -> Believed[m.SnapshotPage]:
        """A page of present state."""
        return self._get("/v1/snapshot", m.SnapshotPage, {} if page is None else {"page": page})

    def dossier(self, dossier_id: str) -> Believed[m.DossierState]:
        """One dossier as the upper gateway has it."""
        return self._get(f"/v1/dossiers/{dossier_id}", m.DossierState)

    def reconcile(self, asked: Mapping[str, Any]) -> m.ReconcileResponse:
        """The end check of one stream."""
        return believed(self._sent("POST", "/v1/reconcile", _json(asked)), m.ReconcileResponse).said

    def blocks(self) -> list[dict[str, Any]]:
        """Number blocks granted to this gateway."""
        return list(self._get("/v1/number-blocks", m.NumberBlockList).raw["blocks"])

    def request_block(self, asked: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Ask for a block; ``key`` names the request."""
        reply = self._sent("POST", "/v1/number-blocks", _json(asked), {"Idempotency-Key": f'"{key}"'})
        return dict(believed(reply, m.NumberBlock, 201).raw)

    def create_upload(self, asked: Mapping[str, Any]) -> m.Upload:
        """Begin or go on with an upload."""
        reply = self._sent("POST", "/v1/files", _json(asked))
        return believed(reply, m.Upload, 200, 201).said

    def upload_offset(self, upload_url: str) -> int | None:
        """How much the upper gateway holds; ``None`` where it knows no such upload."""
        reply = self._asked("HEAD", self._own_path(upload_url), None, {}, {})
        if reply.status == 404:
            return None
        offset = reply.headers.get("upload-offset", "")
        if reply.status != 204 or not offset.isascii() or not offset.isdigit():
            raise NotBelieved("no offset")
        return int(offset)

    def append(self, upload_url: str, offset: int, chunk: bytes, *, last: bool) -> m.Upload:
        """One chunk."""
        digest = b64encode(hashlib.sha256(chunk).digest()).decode()
        headers = {
            "Content-Type": "application/partial-upload",
            "Upload-Offset": str(offset),
            "Upload-Complete": "?1" if last else "?0",
            "Content-Digest": f"sha-256=:{digest}:",
        }
        reply = self._asked("PATCH", self._own_path(upload_url), chunk, headers, {})
        return believed(reply, m.Upload).said

    def file_part(self, sha256: str, start: int, length: int) -> bytes:
        """Bytes of a file from ``start``, at most ``length``."""
        headers = {"Range": f"bytes={start}-{start + length - 1}", "Accept-Encoding": "identity"}
        reply = self._asked("GET", f"/v1/files/{sha256}", None, headers, {}, max_bytes=length)
        if reply.status == 206:
            return reply.body
        if reply.status == 200 and start == 0:
            return reply.body
        _raise_for(reply)
        raise NotBelieved("not the part asked for")

    def catalogue(self, tag: str | None) -> tuple[dict[str, Any], str] | None:
        """The manifest and its tag; ``None`` where it is the one known."""
        headers = {} if tag is None else {"If-None-Match": tag}
        reply = self._asked("GET", "/v1/catalogue", None, headers, {}, max_bytes=LARGE)
        if reply.status == 304:
            return None
        return dict(believed(reply, m.CatalogueManifest).raw), reply.headers.get("etag", "")

    def procedure(self, code: str, version: int) -> bytes:
        """The bytes of one procedure version."""
        path = f"/v1/catalogue/procedures/{code}/versions/{version}"
        reply = self._asked("GET", path, None, {}, {}, max_bytes=LARGE)
        _raise_for(reply)
        if reply.status != 200 or reply.media_type != "application/json":
            raise NotBelieved("not a procedure")
        return reply.body

    def _get(
        self, path: str, model: type[AnyMessage], params: Mapping[str, str] | None = None
    ) -> Believed[AnyMessage]:
        return believed(self._asked("GET", path, None, {}, params or {}, max_bytes=LARGE), model)

    def _sent(self, method: str, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> Reply:
        sent = {"Content-Type": "application/json", **(headers or {})}
        if len(body) > KIB:
            body, sent["Content-Encoding"] = gzip.compress(body, 6, mtime=0), "gzip"
        return self._asked(method, path, body, sent, {}, max_bytes=LARGE)

    def _asked(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        params: Mapping[str, str],
        *,
        max_bytes: int = SMALL,
    ) -> Reply:
        """With a token; where it ended too soon, once more with a new one."""
        for again in (False, True):
            sent = {**headers, "Authorization": f"Bearer {self._access_token(fresh=again)}"}
            reply = self._wire.call(method, path, headers=sent, params=params, body=body, max_bytes=max_bytes)
            if reply.status != 401:
                break
        if reply.status in (429, 503):
            raise UpperBusy(_retry_after(reply))
        return reply

    def _access_token(self, *, fresh: bool) -> str:
        now = self._clock.now()
        if self._token is not None and not fresh and now < self._token[1]:
            return self._token[0]
        link = self._link
        assertion = link.keys.assertion(link.client_id, link.token_url, now + self._offset)
        form = {
            "grant_type": "client_credentials",
            "scope": "desk",
            "client_assertion_type": _ASSERTION,
            "client_assertion": assertion,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        reply = self._token_call(urlencode(form).encode(), headers)
        if reply.status in (429, 503):
            raise UpperBusy(_retry_after(reply))
        if reply.status in (400, 401):
            raise UpperRefused(reply.status, "credentials-refused")
        given = believed(reply, m.TokenResponse).said
        life = timedelta(seconds=min(given.expires_in, 86_400))
        self._token = given.access_token, now + max(life - _EARLY, life / 2)
        return given.access_token

    def _token_call(self, form: bytes, headers: Mapping[str, str]) -> Reply:
        """The token service may live at another address, which is held to the same rules."""
        named = urlsplit(urljoin(self._link.url + "/", self._link.token_url))
        base = f"{named.scheme}://{named.netloc}"
        if base == self._link.url:
            return self._wire.call("POST", named.path, headers=headers, body=form, max_bytes=SMALL, once=True)
        try:
            elsewhere = Wire(base, self._link.ca_pem)
        except RuleError:
            raise NotBelieved("a token address that is not secure") from None
        try:
            return elsewhere.call("POST", named.path, headers=headers, body=form, max_bytes=SMALL, once=True)
        finally:
            elsewhere.close()

    def _own_path(self, url: str) -> str:
        """The path of an upload: what is uploaded goes to the upper gateway itself and nowhere else."""
        named = urlsplit(urljoin(self._link.url + "/", url))
        if f"{named.scheme}://{named.netloc}" != self._link.url or not named.path.startswith("/v1/uploads/"):
            raise NotBelieved("not an upload")
        return named.path


def believed(reply: Reply, model: type[AnyMessage], *statuses: int) -> Believed[AnyMessage]:
    """The answer as a model and as JSON. Raises ``UpperRefused``, ``UpperBusy``, ``NotBelieved``."""
    _raise_for(reply)
    if reply.status not in (statuses or (200,)) or reply.media_type != "application/json":
        raise NotBelieved("not an answer of the contract")
    try:
        raw = loads_strict(reply.body, max_bytes=LARGE)
        return Believed(model.model_validate(raw), raw)
    except (BadJson, ValidationError, ValueError):
        raise NotBelieved("not an answer of the contract") from None


def _raise_for(reply: Reply) -> None:
    if reply.status < 400:
        return
    if reply.status in (429, 503):
        raise UpperBusy(_retry_after(reply))
    if reply.status >= 500 or reply.media_type != "application/problem+json":
        raise NotBelieved("a failure without the contract's form")
    try:
        raw = loads_strict(reply.body, max_bytes=SMALL)
        problem = m.Problem.model_validate(raw)
    except (BadJson, ValidationError, ValueError):
        raise NotBelieved("a failure without the contract's form") from None
    raise UpperRefused(reply.status, problem.code, raw)


def _retry_after(reply: Reply) -> float | None:
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 8:
        return min(float(text), _LONGEST_WAIT_S)
    return None


def _server_time(reply: Reply, meta: m.Meta) -> datetime:
    try:
        stamp = parsedate_to_datetime(reply.headers.get("date", ""))
    except (TypeError, ValueError):
        return meta.server_time
    if stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=UTC)
    precise = abs(meta.server_time - stamp) < timedelta(seconds=3)
    return meta.server_time if precise else stamp


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
