"""The province's operations as typed calls. An answer is believed only in the contract's own form (I11):
the listed status, the listed media type, strict JSON, every member as promised."""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar

from app.clock import Clock, to_wire
from app.protocol import messages as m
from app.sync.client import Answer, Client
from app.sync.context import TokenCache
from app.sync.credentials import DeskKeyPair, client_assertion
from app.sync.trouble import BusyError, CredentialsRefusedError, NotBelievedError, RefusedError

KIB: Final = 1024
SMALL: Final = 64 * KIB
LARGE: Final = 4 * KIB * KIB
LONGEST_WAIT_S: Final = 3600.0
"""A server's wish to wait is kept up to an hour; a longer one is a mistake or a trick (I15)."""
_GZIP_FROM: Final = 1 * KIB
_RATIO: Final = 80
_PRECISE_S: Final = 3.0

AnyAnswer = TypeVar("AnyAnswer", bound=m.Message)


@dataclass(frozen=True)
class Identity:
    """Who the desk is to the province."""

    client_id: str
    token_url: str
    keys: DeskKeyPair


@dataclass(frozen=True)
class Measured:
    """``meta`` with the clock measurement: ``offset_ms`` = server minus desk at ``at`` (desk time)."""

    meta: m.Meta
    offset_ms: int
    at: datetime


@dataclass(frozen=True)
class Catalogue:
    """The manifest and its tag."""

    manifest: m.CatalogueManifest
    tag: str


class Province:
    """Calls of one desk to its province."""

    def __init__(
        self, client: Client, clock: Clock, identity: Identity | None = None, tokens: TokenCache | None = None
    ) -> None:
        self._client = client
        self._clock = clock
        self._identity = identity
        self._tokens = tokens or TokenCache()
        self._offset_ms = 0
        self._gzip = True

    @property
    def url(self) -> str:
        """The province's address, without a trailing slash."""
        return self._client.url

    def has_token(self) -> bool:
        """Whether a token is at hand that goes to this province and still holds."""
        cache = self._tokens
        return (
            bool(cache.token) and cache.url == self.url and self._clock.monotonic_ms() < cache.good_until_ms
        )

    def send_json(self, method: str, path: str, request: Mapping[str, Any]) -> Answer:
        """A call with a JSON body; the answer as it came."""
        return self._sent(method, path, _json(request), {}, SMALL)

    def meta(self) -> Measured:
        """Versions, limits, and the measured clock. Needs no token."""
        before, started = self._clock.now(), self._clock.monotonic_ms()
        answer = self._client.call("GET", "/v1/meta", max_bytes=SMALL)
        round_trip = self._clock.monotonic_ms() - started
        meta = believed(answer, m.Meta, SMALL)
        middle = before + timedelta(milliseconds=round_trip / 2)
        offset = round((_server_time(answer, meta) - middle) / timedelta(milliseconds=1))
        self._offset_ms = offset
        return Measured(meta, offset, before)

    def enrol(self, request: Mapping[str, Any]) -> m.Enrolment:
        """Exchange a one-time code for an identity; safe to repeat with the same keys."""
        body = _json(request)
        answer = self._client.call("POST", "/v1/enrolments", headers=_JSON, body=body, max_bytes=SMALL)
        return believed(answer, m.Enrolment, SMALL, 201)

    def change_keys(self, request: Mapping[str, Any]) -> m.DeskKeys:
        """New public keys in place of the present ones; repeating the same ones is harmless."""
        return believed(self._sent("PUT", "/v1/desk/keys", _json(request), {}, SMALL), m.DeskKeys, SMALL)

    def stream(self, epoch: str) -> m.StreamState:
        """How far the province holds my stream."""
        return self._get("/v1/stream", m.StreamState, SMALL, {"epoch": epoch})

    def push(self, body: bytes, key: str) -> m.PushResponse:
        """Send one run; ``key`` names it and always goes with the same bytes (I10)."""
        answer = self._sent("POST", "/v1/push", body, {"Idempotency-Key": f'"{key}"'}, LARGE)
        return believed(answer, m.PushResponse, LARGE)

    def event_verdict(self, event_id: str) -> m.Verdict:
        """The present verdict of one event."""
        return self._get(f"/v1/events/{event_id}", m.Verdict, SMALL)

    def own_events(self, epoch: str, from_seq: int, limit: int) -> m.RecoveredEvents:
        """This desk's own events of an epoch back, as the province holds them."""
        params = {"from_seq": str(from_seq), "limit": str(limit)}
        return self._get(f"/v1/streams/{epoch}/events", m.RecoveredEvents, LARGE, params)

    def changes(self, cursor: str | None, limit: int) -> m.ChangePage:
        """A page of the feed after ``cursor``."""
        params = {"limit": str(limit)} | ({"cursor": cursor} if cursor is not None else {})
        return self._get("/v1/changes", m.ChangePage, LARGE, params)

    def snapshot(self, page: str | None) -> m.SnapshotPage:
        """A page of the unit's present state, the first without ``page``."""
        return self._get("/v1/snapshot", m.SnapshotPage, LARGE, {} if page is None else {"page": page})

    def ack(self, cursor: str, committed_at: datetime) -> None:
        """Tell the province how far the desk has committed."""
        body = _json({"cursor": cursor, "committed_at": to_wire(committed_at)})
        believed(self._sent("PUT", "/v1/changes/ack", body, {}, SMALL), m.Ack, SMALL)

    def catalogue(self, tag: str | None) -> Catalogue | None:
        """The manifest, or ``None`` where it has not changed since ``tag``."""
        headers = {"If-None-Match": tag} if tag else {}
        answer = self.authorised("GET", "/v1/catalogue", headers, None, None, LARGE)
        if answer.status == 304 and tag:
            return None
        manifest = believed(answer, m.CatalogueManifest, LARGE)
        return Catalogue(manifest, answer.headers.get("etag", ""))

    def procedure_version(self, code: str, version: int, size: int) -> bytes:
        """The package's bytes; their hash is the caller's to check."""
        path = f"/v1/catalogue/procedures/{code}/versions/{version}"
        answer = self.authorised("GET", path, {}, None, None, min(LARGE, size))
        check_status(answer, 200)
        _check_media_type(answer, "application/json")
        return answer.body

    def number_blocks(self) -> list[m.NumberBlock]:
        """The blocks granted to this desk."""
        return self._get("/v1/number-blocks", m.NumberBlockList, LARGE).blocks

    def request_block(self, request: Mapping[str, Any], key: str) -> m.NumberBlock:
        """Ask for a block."""
        answer = self._sent(
            "POST", "/v1/number-blocks", _json(request), {"Idempotency-Key": f'"{key}"'}, SMALL
        )
        return believed(answer, m.NumberBlock, SMALL, 201)

    def reconcile(self, request: Mapping[str, Any]) -> m.ReconcileResponse:
        """The end check."""
        answer = self._sent("POST", "/v1/reconcile", _json(request), {}, LARGE)
        return believed(answer, m.ReconcileResponse, LARGE)

    def reconcile_dossiers(self, request: Mapping[str, Any]) -> m.DossierDiff:
        """Which dossiers of a run differ."""
        answer = self._sent("POST", "/v1/reconcile/dossiers", _json(request), {}, LARGE)
        return believed(answer, m.DossierDiff, LARGE)

    def dossier(self, dossier_id: str) -> m.DossierState:
        """The province's view of one dossier."""
        return self._get(f"/v1/dossiers/{dossier_id}", m.DossierState, LARGE)

    def _get(
        self,
        path: str,
        model: type[AnyAnswer],
        max_bytes: int,
        params: Mapping[str, str] | None = None,
    ) -> AnyAnswer:
        return believed(self.authorised("GET", path, {}, params, None, max_bytes), model, max_bytes)

    def _sent(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], max_bytes: int
    ) -> Answer:
        sent = self._packed(body)
        packed = sent is not body
        answer = self.authorised(
            method, path, {**headers, **_body_headers(sent, packed)}, None, sent, max_bytes
        )
        if packed and answer.status == 415:
            self._gzip = False
            return self._sent(method, path, body, headers, max_bytes)
        return answer

    def _packed(self, body: bytes) -> bytes:
        """Gzip where it is worth it and taken; a body that shrinks suspiciously well goes as it is, because
        the other side bounds the ratio too (§3.12)."""
        if not self._gzip or len(body) < _GZIP_FROM:
            return body
        packed = gzip.compress(body, mtime=0)
        return packed if len(body) < _RATIO * len(packed) else body

    def authorised(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None,
        body: bytes | None,
        max_bytes: int,
    ) -> Answer:
        """One call with the token; a 401 gets a new token and one repetition."""
        for attempt in (1, 2):
            answer = self._client.call(
                method,
                path,
                headers={**headers, "Authorization": f"Bearer {self._token()}"},
                params=params,
                body=body,
                max_bytes=max_bytes,
            )
            if answer.status != 401 or attempt == 2:
                return answer
            _problem(answer)
            self._tokens.forget()
        raise AssertionError("unreachable")

    def _token(self) -> str:
        cache = self._tokens
        if self.has_token():
            return cache.token
        try:
            granted = self._ask_token()
        except CredentialsRefusedError:
            self.meta()
            granted = self._ask_token()
        cache.token, cache.url = granted.access_token, self._client.url
        cache.good_until_ms = self._clock.monotonic_ms() + (granted.expires_in - 30) * 1000
        return cache.token

    def _ask_token(self) -> m.TokenResponse:
        identity = self._identity
        assert identity is not None, "a call that needs a token on a desk without identity"
        corrected = self._clock.now() + timedelta(milliseconds=self._offset_ms)
        assertion = client_assertion(identity.keys, identity.client_id, identity.token_url, corrected)
        form = (
            "grant_type=client_credentials&scope=desk"
            "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
            f"&client_assertion={assertion}"
        )
        answer = self._client.call_elsewhere(
            "POST",
            identity.token_url,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=form.encode("ascii"),
            max_bytes=SMALL,
        )
        if answer.status in (400, 401):
            _read(answer, m.OAuthError, SMALL, "application/json")
            raise CredentialsRefusedError
        return believed(answer, m.TokenResponse, SMALL)


_JSON: Final = {"Content-Type": "application/json"}


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The wish of ``Retry-After`` in seconds, between 0 and one hour.

    A date is measured against the answer's own ``Date``, never against this PC's clock.
    """
    wish = headers.get("retry-after", "").strip()
    if not wish:
        return None
    if wish.isascii() and wish.isdigit():
        return min(LONGEST_WAIT_S, float(wish[:9]))
    moment, now = _http_date(wish), _http_date(headers.get("date", ""))
    if moment is None or now is None:
        return None
    return min(LONGEST_WAIT_S, max(0.0, (moment - now).total_seconds()))


def believed(answer: Answer, model: type[AnyAnswer], max_bytes: int, status: int = 200) -> AnyAnswer:
    """The answer as the contract's message. Raises for any other status, media type or shape (I11)."""
    check_status(answer, status)
    return _read(answer, model, max_bytes, "application/json")


def check_status(answer: Answer, status: int) -> None:
    """Pass the one status expected; sort everything else into our own errors."""
    if answer.status == status:
        return
    wait = retry_after(answer.headers)
    if answer.status == 429 or answer.status >= 500:
        raise BusyError(answer.status, wait, _problem_or_none(answer))
    if answer.status < 400:
        raise NotBelievedError("a status that is not listed")
    raise RefusedError(_problem(answer), wait)


def _problem(answer: Answer) -> m.Problem:
    return _read(answer, m.Problem, SMALL, "application/problem+json")


def _problem_or_none(answer: Answer) -> m.Problem | None:
    try:
        return _problem(answer)
    except NotBelievedError:
        return None


def _read(answer: Answer, model: type[AnyAnswer], max_bytes: int, media_type: str) -> AnyAnswer:
    _check_media_type(answer, media_type)
    try:
        return m.read_answer(model, answer.body, max_bytes=max_bytes)
    except m.BadAnswer as error:
        raise NotBelievedError(str(error)) from None


def _check_media_type(answer: Answer, media_type: str) -> None:
    if answer.media_type != media_type:
        raise NotBelievedError("another media type")


def _server_time(answer: Answer, meta: m.Meta) -> datetime:
    """The server's clock: the body's milliseconds where they fit the ``Date`` header, else the header
    (an answer out of some cache has an old body)."""
    header = _http_date(answer.headers.get("date", ""))
    if header is None or abs((meta.server_time - header).total_seconds()) <= _PRECISE_S:
        return meta.server_time
    return header


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json(members: Mapping[str, Any]) -> bytes:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _body_headers(sent: bytes, packed: bool) -> dict[str, str]:
    digest = b64encode(hashlib.sha256(sent).digest()).decode("ascii")
    encoding = {"Content-Encoding": "gzip"} if packed else {}
    return {**_JSON, **encoding, "Content-Digest": f"sha-256=:{digest}:"}
