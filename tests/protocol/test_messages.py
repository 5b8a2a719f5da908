"""The contract's own answers are believed; what breaks them is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.protocol import contract, messages
from app.protocol.messages import BadAnswer, read_answer

OPERATIONS = {
    "getMeta": messages.Meta,
    "getToken": messages.TokenResponse,
    "enrolDesk": messages.Enrolment,
    "rotateDeskKeys": messages.DeskKeys,
    "getStreamState": messages.StreamState,
    "pushEvents": messages.PushResponse,
    "getEventVerdict": messages.Verdict,
    "recoverEvents": messages.RecoveredEvents,
    "reconcileStream": messages.ReconcileResponse,
    "reconcileDossiers": messages.DossierDiff,
    "pullChanges": messages.ChangePage,
    "ackChanges": messages.Ack,
    "getSnapshot": messages.SnapshotPage,
    "getDossier": messages.DossierState,
    "createUpload": messages.Upload,
    "appendUpload": messages.Upload,
    "getCatalogue": messages.CatalogueManifest,
    "listNumberBlocks": messages.NumberBlockList,
    "requestNumberBlock": messages.NumberBlock,
}
DATA = {
    "dossier.status_changed": messages.StatusChanged,
    "event.verdict": messages.Verdict,
    "account.outcome": messages.AccountOutcome,
}


def answers() -> list[Any]:
    """Every example of a JSON answer in the contract, with the model that reads it."""
    found = []
    for path, methods in contract.document()["paths"].items():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                for media_type, content in response.get("content", {}).items():
                    for name, example in content.get("examples", {}).items():
                        model: type[messages.Message] | None = None
                        if media_type == "application/problem+json":
                            model = messages.Problem
                        elif media_type == "application/json" and status in ("200", "201"):
                            model = OPERATIONS.get(operation["operationId"])
                        if model is not None:
                            found.append(pytest.param(model, example["value"], id=f"{path} {status} {name}"))
    return found


@pytest.mark.parametrize(("model", "value"), answers())
def test_examples_are_believed(model: type[messages.Message], value: Any) -> None:
    read = read_answer(model, json.dumps({**value, "from_the_future": [1]}).encode(), max_bytes=100_000)
    written = read.model_dump(mode="json", by_alias=True, exclude_unset=True)
    in_headers = {"expected-offset", "provided-offset"}
    assert set(written) == set(value) - in_headers


def test_the_data_of_changes_is_believed() -> None:
    content = contract.document()["paths"]["/v1/changes"]["get"]["responses"]["200"]["content"]
    page = content["application/json"]["examples"]["page"]["value"]
    for change in messages.ChangePage.model_validate(page).changes:
        DATA[change.change_type].model_validate(change.data)


META = contract.document()["paths"]["/v1/meta"]["get"]["responses"]["200"]["content"]["application/json"]
GOOD_META: dict[str, Any] = META["examples"]["usual"]["value"]
VERDICT = {
    "event_id": "019aab10-5c00-7a31-8f21-3c5d7e9f1a2b",
    "desk_seq": 1,
    "verdict": "accepted",
    "received_at": "2026-11-22T14:03:15+07:00",
}
LIES: dict[str, tuple[type[messages.Message], Any]] = {
    "another api": (messages.Meta, {**GOOD_META, "api": "login"}),
    "limits missing": (messages.Meta, {**GOOD_META, "limits": {}}),
    "limits negative": (
        messages.Meta,
        {**GOOD_META, "limits": {**GOOD_META["limits"], "max_file_bytes": -1}},
    ),
    "time without zone": (messages.Meta, {**GOOD_META, "server_time": "2026-11-22T14:03:11"}),
    "time as number": (messages.Meta, {**GOOD_META, "server_time": 5}),
    "number as text": (messages.Verdict, {**VERDICT, "desk_seq": "1"}),
    "number as truth": (messages.Verdict, {**VERDICT, "desk_seq": True}),
    "unknown verdict": (messages.Verdict, {**VERDICT, "verdict": "perhaps"}),
    "rejected without why": (messages.Verdict, {**VERDICT, "verdict": "rejected"}),
    "duplicate of nothing": (messages.Verdict, {**VERDICT, "verdict": "duplicate"}),
    "deferred for nothing": (messages.Verdict, {**VERDICT, "verdict": "deferred"}),
    "not an object": (messages.Verdict, [VERDICT]),
    "upper-case id": (messages.Verdict, {**VERDICT, "event_id": VERDICT["event_id"].upper()}),  # type: ignore[attr-defined]
    "short token": (messages.TokenResponse, {"access_token": "", "token_type": "Bearer", "expires_in": 3600}),
    "no life": (messages.TokenResponse, {"access_token": "x", "token_type": "Bearer", "expires_in": 1}),
}


@pytest.mark.parametrize(("model", "value"), LIES.values(), ids=LIES.keys())
def test_lies_are_not_believed(model: type[messages.Message], value: Any) -> None:
    with pytest.raises(BadAnswer):
        read_answer(model, json.dumps(value).encode(), max_bytes=100_000)


def test_a_bad_answer_does_not_repeat_what_was_said() -> None:
    body = json.dumps({**VERDICT, "desk_seq": "Trần Thị Bí Mật"}).encode()
    with pytest.raises(BadAnswer) as caught:
        read_answer(messages.Verdict, body, max_bytes=1000)
    assert "Bí Mật" not in str(caught.value) and "desk_seq" in str(caught.value)


def test_a_token_is_not_shown() -> None:
    token = messages.TokenResponse(access_token="secret-value", token_type="Bearer", expires_in=60)
    assert "secret-value" not in repr(token)


def test_a_duplicate_is_what_its_original_was() -> None:
    verdict = messages.Verdict.model_validate({**VERDICT, "verdict": "duplicate", "original": "accepted"})
    assert verdict.outcome == "accepted"
