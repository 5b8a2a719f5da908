"""A desk of a few lines that speaks the wire by hand, to test gateways with. It keeps no store."""

from __future__ import annotations

import base64
import gzip
import json
import time
import uuid
from datetime import datetime, timedelta
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.clock import VIETNAM
from app.protocol import payloads
from app.protocol.age_keys import new_age_key
from app.protocol.chain import chain_start
from app.protocol.events import EventDraft, build_event, sealed
from app.protocol.ids import new_id
from app.protocol.parts import (
    Actor,
    ClockEvidence,
    Component,
    FileRef,
    Identifier,
    Party,
    ProcedureRef,
    Subject,
)
from app.protocol.parts import UnitRef as Unit

OFFICER = Actor("cb-007", "Nguyễn Văn Ví Dụ", "counter")
LEADER_SAID_YES = Actor("cb-007", "Nguyễn Văn Ví Dụ", "counter", approved_by="ld-001")


def b64url(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class WireDesk:
    """Keys, a stream and a token. ``session`` may be anything with ``request`` (a TestClient too)."""

    def __init__(self, url: str, *, unit: str = "H60.14.3", session: Any = None) -> None:
        self.url = url
        self.unit = unit
        self.session = session or requests.Session()
        self.key = Ed25519PrivateKey.generate()
        self.kid = "desk-key-1"
        self.recipient = new_age_key().recipient
        self.desk_id = ""
        self.token_url = ""
        self.token = ""
        self.open_epoch()

    # identity

    def jwk(self) -> dict[str, str]:
        """The public signing key."""
        x = b64url(self.key.public_key().public_bytes_raw())
        return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.kid}

    def enrol(self, code: str) -> Any:
        """Enrol and keep the identity."""
        body = {
            "code": code,
            "unit_code": self.unit,
            "desk_name": "Quầy thử",
            "signing_key": self.jwk(),
            "bundle_recipient": self.recipient,
        }
        answer = self.call("POST", "/v1/enrolments", json_body=body, signed_in=False)
        if answer.status_code == 201:
            given = answer.json()
            self.desk_id, self.token_url = given["desk_id"], given["token_url"]
            self.unit = given["unit_code"]
        return answer

    def assertion(self, **changed: Any) -> str:
        """A client assertion; ``changed`` replaces claims."""
        now = int(time.time())
        claims = {
            "iss": self.desk_id,
            "sub": self.desk_id,
            "aud": self.token_url,
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": now + 300,
        }
        header = b64url(json.dumps({"alg": "EdDSA", "kid": self.kid}).encode())
        body = b64url(json.dumps({**claims, **changed}).encode())
        signature = b64url(self.key.sign(f"{header}.{body}".encode()))
        return f"{header}.{body}.{signature}"

    def ask_token(self, assertion: str | None = None) -> Any:
        """The raw answer of the token call."""
        form = {
            "grant_type": "client_credentials",
            "scope": "desk",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion or self.assertion(),
        }
        return self.session.request("POST", f"{self.url}/oauth2/token", data=form)

    def sign_in(self) -> None:
        """Get a token."""
        answer = self.ask_token()
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]

    # calls

    def call(
        self,
        method: str,
        path: str,
        *,
        json_body: Any = None,
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
        signed_in: bool = True,
        timeout: float = 60,
    ) -> Any:
        """One request as it is, without any retry."""
        sent = dict(headers or {})
        if signed_in:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        content = raw
        if json_body is not None:
            content = json.dumps(json_body, ensure_ascii=False).encode()
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        options: dict[str, Any] = {"headers": sent, "timeout": timeout}
        if isinstance(self.session, requests.Session):
            options |= {"data": content, "allow_redirects": False}
        else:
            options |= {"content": content}
        return self.session.request(method, self.url + path, **options)

    def push_body(self, events: list[dict[str, Any]]) -> dict[str, Any]:
        """A PushRequest of these events."""
        return {
            "epoch": self.epoch,
            "first_seq": events[0]["desk_seq"],
            "last_seq": events[-1]["desk_seq"],
            "events": events,
        }

    def push(
        self, events: list[dict[str, Any]], *, key: str | None = None, zipped: bool = False, **options: Any
    ) -> Any:
        """Push a run; a new idempotency key unless one is given."""
        headers = {"Idempotency-Key": f'"{key or uuid.uuid4()}"', **options.pop("headers", {})}
        raw = json.dumps(self.push_body(events), ensure_ascii=False).encode()
        if zipped:
            raw, headers["Content-Encoding"] = gzip.compress(raw), "gzip"
        return self.call("POST", "/v1/push", raw=raw, headers=headers, **options)

    def changes(self, cursor: str | None = None, **query: Any) -> dict[str, Any]:
        """One page of the feed."""
        words = "&".join(
            f"{name}={value}" for name, value in {"cursor": cursor, **query}.items() if value is not None
        )
        answer = self.call("GET", f"/v1/changes?{words}")
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    # the stream

    def open_epoch(self) -> None:
        """Begin a new stream at number 1."""
        self.epoch = new_id()
        self.seq = 0
        self.chain = chain_start(self.epoch)

    def event(
        self,
        type_: str,
        payload: Any,
        subject: Subject,
        *,
        at: datetime | None = None,
        actor: Actor = OFFICER,
        **draft: Any,
    ) -> dict[str, Any]:
        """The next event of the stream."""
        now = at or datetime.now(VIETNAM)
        self.seq += 1
        self._before_last = self.chain
        made = build_event(
            EventDraft(type_, subject, actor, now, payload, **draft),
            event_id=new_id(),
            desk_seq=self.seq,
            recorded_at=now,
            clock=ClockEvidence(0, now, "boot0001", self.seq),
            previous_chain=self.chain,
        )
        self.chain = made["chain"]
        return made

    def broken(self, event: dict[str, Any], **members: Any) -> dict[str, Any]:
        """The event just made, with other members and sealed anew (the last of the stream only)."""
        previous = self._before_last
        made = sealed({**event, **members}, previous)
        self.chain = made["chain"]
        return made

    def opened(self, reason: str = "installed", **more: Any) -> dict[str, Any]:
        """``stream.opened``."""
        return self.event(
            "stream.opened", payloads.StreamOpened(reason, **more), Subject("stream", self.epoch)
        )

    def received(
        self,
        *,
        code: str | None = None,
        dossier_id: str | None = None,
        scan: str | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """``dossier.received``: provisional unless an official code is given; ``scan``: a file's SHA-256."""
        now = options.get("at") or datetime.now(VIETNAM)
        filing = options.pop("filing", None) or self.filing(now, provisional=code is None, scan=scan)
        number = code or f"TN-02221-{now:%y%m%d}-1{self.seq:03d}"
        subject = Subject("dossier", dossier_id or new_id(), number)
        return self.event("dossier.received", filing, subject, **options)

    def filing(
        self,
        now: datetime,
        *,
        provisional: bool = True,
        scan: str | None = None,
        personal_number: str = "038199000001",
    ) -> payloads.DossierReceived:
        """A small filing."""
        file = None if scan is None else FileRef(scan, 11, "text/plain", "giay.txt")
        paper = Component(
            new_id(), "000.00.00.G15-KQ0001", "Giấy chứng sinh", "original", 1, scan is not None, file=file
        )
        return payloads.DossierReceived(
            procedure=ProcedureRef("1.001193", 1),
            channel="counter",
            submitted_at=now,
            received_at=now,
            due_at=now + timedelta(hours=8),
            abstract="Đăng ký khai sinh",
            owner=Party("Trần Thị Ví Dụ", [Identifier("personal_number", personal_number)]),
            handling_unit=Unit(self.unit, "UBND xã Ví Dụ"),
            components=[paper],
            provisional=provisional,
        )

    def about(self, received: dict[str, Any], type_: str, payload: Any, **options: Any) -> dict[str, Any]:
        """An event about the dossier of another event."""
        subject = Subject("dossier", received["subject"]["id"])
        return self.event(type_, payload, subject, **options)
