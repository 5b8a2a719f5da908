"""``POST /v1/bundles`` and what follows it: a bundle that came over somebody's line, its state, its receipt.

States lie beside the uploaded files, written whole before they are told; handing a bundle in again gives the
state it has.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from app.errors import AppError
from app.protocol.ids import is_uuid
from app.province import bodies, limits, replay, sealed, uploads
from app.province.bundles import import_bundle, receipt_path
from app.province.context import Act, Desk, Gateway
from app.province.problems import ApiProblem, JsonObject, at, bad_request, not_found, problem
from app.province.schemas import faults
from app.text import t

Transaction = Callable[[Gateway, Request, Callable[[Act], Any]], Awaitable[Any]]
_RETRY_S = 30


def add_bundles(app: FastAPI, gateway: Gateway, reading: Transaction, writing: Transaction) -> None:
    """Offer the operations. ``reading`` and ``writing`` run work as the desk that asks."""

    @app.post("/v1/bundles", name="submitBundle")
    async def submit_bundle(request: Request) -> Response:
        await reading(gateway, request, lambda act: act.desk.desk_id)
        key = bodies.idempotency_key(request)
        raw, body = await bodies.read_json(request, limits.MAX_SMALL_BODY)
        places = faults("BundleSubmission", body)
        if places:
            raise bad_request(t("Yêu cầu còn thiếu hoặc sai mục."), places, code="schema-invalid")

        def before(act: Act) -> tuple[Desk, Any, Path | None]:
            told = replay.stored(act, "bundle", key, raw)
            held = uploads.has_file(act, body["file"]["sha256"])
            path = _bundle_file(gateway, act, body["file"]["sha256"]) if held else None
            return act.desk, told, path

        desk, told, path = await reading(gateway, request, before)
        if told is not None:
            return _accepted(told[1], body["bundle_id"], replayed=True)
        with replay.running(desk.desk_id, "bundle", key):
            state = await run_in_threadpool(_process, gateway, desk, body, path)
            answer = _bytes(state)
            await writing(gateway, request, lambda act: replay.remember(act, "bundle", key, raw, 202, answer))
        return _accepted(answer, body["bundle_id"], replayed=False)

    @app.get("/v1/bundles/{bundle_id}", name="getBundle")
    async def get_bundle(request: Request, bundle_id: str) -> Response:
        kept = await reading(gateway, request, lambda act: _kept(gateway, act.desk, bundle_id))
        return Response(_bytes(kept["status"]), media_type="application/json")

    @app.get("/v1/bundles/{bundle_id}/receipt", name="getBundleReceipt")
    async def get_bundle_receipt(request: Request, bundle_id: str) -> Response:
        kept = await reading(gateway, request, lambda act: _kept(gateway, act.desk, bundle_id))
        if kept["status"]["receipt"] is None:
            title = t("Gói này chưa có biên nhận.")
            raise ApiProblem(409, "not-ready", title, headers={"Retry-After": str(_RETRY_S)})
        digest = bodies.digest_header(kept["status"]["receipt"]["sha256"])
        path = receipt_path(gateway, bundle_id)
        return FileResponse(path, media_type="application/octet-stream", headers={"Repr-Digest": digest})


def _process(gateway: Gateway, desk: Desk, body: JsonObject, path: Path | None) -> JsonObject:
    """The bundle's state after it was taken in, or why it was not."""
    bundle_id, sha256 = body["bundle_id"], body["file"]["sha256"]
    kept = _read(gateway, bundle_id)
    if kept is not None and kept["sha256"] != sha256:
        raise ApiProblem(409, "bundle-id-reuse", t("Mã gói này đã dùng cho một gói khác."))
    if kept is not None and kept["status"]["state"] == "processed":
        status: JsonObject = kept["status"]
        return status
    if path is None:
        raise ApiProblem(409, "file-not-uploaded", t("Tải tệp của gói lên trước rồi nộp gói."))
    status = {
        "bundle_id": bundle_id,
        "origin_desk_id": body["origin_desk_id"],
        "state": "processed",
        "receipt": None,
        "problem": None,
    }
    try:
        made = import_bundle(gateway, path)
    except AppError as refused:
        why = problem(422, refused.code, refused.title)
        status |= {"state": "refused", "problem": {**why, "detail": refused.next_step}}
    else:
        if (made.bundle_id, made.desk_id) != (bundle_id, body["origin_desk_id"]):
            raise bad_request(t("Gói không phải gói đã khai."), [at("/bundle_id", t("khác trong gói"))])
        status |= {"counts": dict(made.counts), "receipt": _receipt_ref(made.receipt)}
    _write(gateway, bundle_id, {"sha256": sha256, "desk": desk.desk_id, "status": status})
    return status


def _receipt_ref(path: Path) -> JsonObject:
    with path.open("rb") as receipt:
        digest = hashlib.file_digest(receipt, "sha256").hexdigest()
    return {
        "sha256": digest,
        "size": path.stat().st_size,
        "media_type": "application/octet-stream",
        "name": path.name,
    }


def _kept(gateway: Gateway, desk: Desk, bundle_id: str) -> JsonObject:
    """The state, for the desk that made or handed in the bundle. Raises 400, 404."""
    if not is_uuid(bundle_id):
        raise bad_request(t("Mã viết chưa đúng mẫu."), [at("/bundle_id", "UUID")])
    kept = _read(gateway, bundle_id)
    if kept is None or desk.desk_id not in (kept["desk"], kept["status"]["origin_desk_id"]):
        raise not_found()
    return kept


def _state_path(gateway: Gateway, bundle_id: str) -> Path:
    return gateway.store.files / "bundles" / f"{bundle_id}.json"


def _read(gateway: Gateway, bundle_id: str) -> JsonObject | None:
    try:
        kept: JsonObject = json.loads(_state_path(gateway, bundle_id).read_bytes())
    except FileNotFoundError:
        return None
    return kept


def _write(gateway: Gateway, bundle_id: str, kept: JsonObject) -> None:
    path = _state_path(gateway, bundle_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as out:
        out.write(_bytes(kept))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


def _accepted(answer: bytes, bundle_id: str, *, replayed: bool) -> Response:
    headers = {
        "Location": f"/v1/bundles/{bundle_id}",
        "Idempotency-Replayed": "true" if replayed else "false",
    }
    return Response(answer, 202, headers, media_type="application/json")


def _bytes(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _bundle_file(gateway: Gateway, act: Act, sha256: str) -> Path:
    """The bundle as it was handed in; it is encrypted itself, so its copy tells nothing."""
    path, _ = uploads.open_file(act, gateway.store.files, sha256)
    return sealed.open_copy(path, sealed.key_of(act.db), path.with_suffix(".open"))
