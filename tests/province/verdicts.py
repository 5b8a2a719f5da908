"""Short ways to push and to look at verdicts in these tests."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from tests.support.wire_desk import WireDesk


def push(desk: WireDesk, *events: dict[str, Any]) -> list[dict[str, Any]]:
    """The verdicts of a run."""
    answer = desk.push(list(events))
    assert answer.status_code == 200, answer.text
    verdicts: list[dict[str, Any]] = answer.json()["verdicts"]
    return verdicts


def accepted(desk: WireDesk, *events: dict[str, Any]) -> list[dict[str, Any]]:
    """The verdicts of a run, all of them accepted."""
    verdicts = push(desk, *events)
    assert [each["verdict"] for each in verdicts] == ["accepted"] * len(events), verdicts
    return verdicts


def rejected(desk: WireDesk, event: dict[str, Any], code: str) -> dict[str, Any]:
    """The problem of the one event, which is rejected with this code."""
    (verdict,) = push(desk, event)
    assert verdict["verdict"] == "rejected", verdict
    problem: dict[str, Any] = verdict["problem"]
    assert problem["code"] == code, problem
    assert problem["detail"] and problem["errors"][0]["pointer"].startswith("/")
    return problem


def verdict_now(desk: WireDesk, event: dict[str, Any]) -> str:
    """The verdict of an event at this moment."""
    body = desk.call("GET", f"/v1/events/{event['event_id']}").json()
    word: str = body["verdict"]
    return word


def state(desk: WireDesk, event: dict[str, Any]) -> dict[str, Any]:
    """The dossier an event is about, as this desk may see it."""
    answer = desk.call("GET", f"/v1/dossiers/{event['subject']['id']}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def codes(verdict: dict[str, Any]) -> list[str]:
    """The codes of a verdict's warnings."""
    return [each["code"] for each in verdict.get("warnings", [])]


def upload(desk: WireDesk, content: bytes, media_type: str = "text/plain") -> str:
    """Put a whole file at the gateway; answers its SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    body = {"sha256": sha256, "size": len(content), "media_type": media_type, "purpose": "component"}
    made = desk.call("POST", "/v1/files", json_body=body)
    if made.json()["complete"]:
        return sha256
    answer = patch(desk, made.json()["upload_url"], 0, content, last=True)
    assert answer.json()["complete"] is True, answer.text
    return sha256


def patch(
    desk: WireDesk, url: str, offset: int, chunk: bytes, *, last: bool, digest: str | None = None
) -> Any:
    """One chunk."""
    true = base64.b64encode(hashlib.sha256(chunk).digest()).decode()
    headers = {
        "Content-Type": "application/partial-upload",
        "Upload-Offset": str(offset),
        "Upload-Complete": "?1" if last else "?0",
        "Content-Digest": digest or f"sha-256=:{true}:",
    }
    return desk.call("PATCH", url, raw=chunk, headers=headers)
