"""The HTTP face of the gateway: every operation of province-api.v1 that is offered here."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, StreamingResponse
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.clock import to_wire
from app.protocol import contract
from app.protocol.ids import is_uuid
from app.province import (
    bodies,
    catalogue,
    dialect,
    enrolment,
    feed,
    limits,
    numbering,
    push,
    reading,
    replay,
    sealed,
    tokens,
)
from app.province import uploads as upload_store
from app.province.bundle_routes import add_bundles
from app.province.context import Act, Desk, Gateway
from app.province.middleware import Envelope
from app.province.operator_page import add_operator
from app.province.packing import Packed
from app.province.problems import ApiProblem, JsonObject, at, bad_request, not_found, problem
from app.text import t

Answer = TypeVar("Answer")
_POLL_S = 0.1


def build_app(gateway: Gateway) -> FastAPI:
    """The application around one gateway."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.stopping = False
        yield
        gateway.store.dispose()

    app = FastAPI(title="province-sync", docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.router.redirect_slashes = False
    app.state.stopping = False
    app.state.gateway = gateway
    app.add_middleware(Packed)
    app.add_middleware(Envelope, metrics=gateway.metrics)
    _add_problem_handlers(app)
    _add_identity(app, gateway)
    _add_push(app, gateway)
    _add_pull(app, gateway)
    _add_files(app, gateway)
    _add_catalogue(app, gateway)
    add_bundles(app, gateway, _reading, _writing)
    add_operator(app, gateway)
    return app


def _add_problem_handlers(app: FastAPI) -> None:
    @app.exception_handler(ApiProblem)
    async def told(request: Request, error: ApiProblem) -> Response:
        return _problem(request, error.body, error.headers)

    @app.exception_handler(tokens.OAuthProblem)
    async def oauth(request: Request, error: tokens.OAuthProblem) -> Response:
        return _json(error.body, error.status, {"Cache-Control": "no-store"})

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, error: RequestValidationError) -> Response:
        places = [
            at("/" + "/".join(map(str, each["loc"][1:])), t("viết chưa đúng mẫu")) for each in error.errors()
        ]
        return _problem(request, bad_request(t("Yêu cầu còn thiếu hoặc sai mục."), places).body, {})

    @app.exception_handler(HTTPException)
    async def routed(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return _problem(request, not_found().body, {})
        code = "method-not-allowed" if error.status_code == 405 else "bad-request"
        body = problem(error.status_code, code, t("Máy chủ không có thao tác này."))
        return _problem(request, body, dict(error.headers or {}))


def _add_identity(app: FastAPI, gateway: Gateway) -> None:
    @app.get("/v1/meta", name="getMeta")
    async def get_meta() -> Response:
        event_schemas = {name: list(limits.SCHEMA_NUMBERS) for name in contract.event_types()}
        body = {
            "api": "province-sync",
            "api_versions": ["1.0"],
            "server_time": to_wire(gateway.clock.now()),
            "server_id": gateway.identity.server_id,
            "min_client_version": limits.MIN_CLIENT_VERSION,
            "features": list(limits.FEATURES),
            "event_schemas": event_schemas,
            "limits": dict(limits.LIMITS),
            "bundle_recipients": [gateway.identity.bundle_recipient],
            "notice": None,
        }
        return _json(body)

    @app.post("/oauth2/token", name="getToken")
    async def get_token(request: Request) -> Response:
        bodies.require_media_type(request, "application/x-www-form-urlencoded")
        form = await bodies.read_raw(request, limits.MAX_SMALL_BODY, "max_bytes")
        own = () if gateway.public_url is None else (f"{gateway.public_url}/oauth2/token",)

        def work() -> JsonObject:
            def issue(db: Connection) -> JsonObject:
                desk_id, answer = tokens.issue(db, gateway.clock.now(), form, frozenset(own))
                _note(request, desk=desk_id)
                gateway.rates.admit(desk_id)
                return answer

            return gateway.store.do(issue)

        return _json(await run_in_threadpool(work), headers={"Cache-Control": "no-store"})

    @app.post("/v1/enrolments", name="enrolDesk")
    async def enrol_desk(request: Request) -> Response:
        _, body = await bodies.read_json(request, limits.MAX_SMALL_BODY)
        base = gateway.public_url or str(request.base_url).rstrip("/")

        def work() -> JsonObject:
            return gateway.store.do(
                lambda db: enrolment.enrol(
                    db, gateway.clock.now(), body, f"{base}/oauth2/token", gateway.identity
                )
            )

        return _json(await run_in_threadpool(work), 201, {"Cache-Control": "no-store"})

    @app.put("/v1/desk/keys", name="rotateDeskKeys")
    async def rotate_desk_keys(request: Request) -> Response:
        await _known_desk(gateway, request)
        _, body = await bodies.read_json(request, limits.MAX_SMALL_BODY)

        def work(act: Act) -> JsonObject:
            taken = tokens.taken_at(act.db, request.headers.get("authorization"))
            return enrolment.rotate_keys(act, body, taken)

        return _json(await _writing(gateway, request, work))


def _add_push(app: FastAPI, gateway: Gateway) -> None:
    @app.get("/v1/stream", name="getStreamState")
    async def get_stream_state(request: Request, epoch: str) -> Response:
        _require_uuid(epoch, "/epoch")
        return _json(await _reading(gateway, request, lambda act: reading.stream_state(act, epoch)))

    @app.post("/v1/push", name="pushEvents")
    async def push_events(request: Request) -> Response:
        desk_id = await _known_desk(gateway, request)
        key = bodies.idempotency_key(request)
        gateway.gate.look()
        body, value = await bodies.read_json(request, limits.MAX_PUSH_BYTES, "max_push_bytes", nul=True)

        run = await run_in_threadpool(push.read_run, value)
        _note(request, events=len(run.events), first_seq=run.first_seq)

        def fresh(act: Act) -> JsonObject:
            answer = push.receive(act, run)
            _note(request, verdicts=dict(Counter(each["verdict"] for each in answer["verdicts"])))
            return answer

        async with gateway.gate.place():
            response = await _once(gateway, request, desk_id, "push", key, body, 200, fresh)
        gateway.metrics.events(_noted(request).get("verdicts", {}))
        return response

    @app.get("/v1/events/{event_id}", name="getEventVerdict")
    async def get_event_verdict(request: Request, event_id: str) -> Response:
        _require_uuid(event_id, "/event_id")
        return _json(await _reading(gateway, request, lambda act: reading.event_verdict(act, event_id)))

    @app.get("/v1/streams/{epoch}/events", name="recoverEvents")
    async def recover_events(
        request: Request,
        epoch: str,
        from_seq: Annotated[int, Query(ge=1, le=2**53 - 1)],
        limit: Annotated[int, Query(ge=1, le=500)] = 200,
    ) -> Response:
        _require_uuid(epoch, "/epoch")
        return _json(
            await _reading(gateway, request, lambda act: reading.recovered(act, epoch, from_seq, limit))
        )

    @app.post("/v1/reconcile", name="reconcileStream")
    async def reconcile_stream(request: Request) -> Response:
        await _known_desk(gateway, request)
        _, body = await bodies.read_json(request, limits.MAX_SMALL_BODY)
        return _json(await _reading(gateway, request, lambda act: reading.reconcile(act, body)))

    @app.post("/v1/reconcile/dossiers", name="reconcileDossiers")
    async def reconcile_dossiers(request: Request) -> Response:
        await _known_desk(gateway, request)
        _, body = await bodies.read_json(request, limits.MAX_RUN_BYTES)
        return _json(await _reading(gateway, request, lambda act: reading.compare_dossiers(act, body)))


def _add_pull(app: FastAPI, gateway: Gateway) -> None:
    feed_id = gateway.identity.feed_id

    @app.get("/v1/changes", name="pullChanges")
    async def pull_changes(
        request: Request,
        cursor: Annotated[str | None, Query(max_length=512)] = None,
        limit: Annotated[int, Query(ge=1, le=limits.MAX_CHANGES)] = 200,
        wait: Annotated[int, Query(ge=0, le=55)] = 0,
    ) -> Response:
        def work(act: Act) -> JsonObject:
            return feed.page(act.db, act.desk, feed_id, cursor, limit)

        until = asyncio.get_running_loop().time() + wait
        while True:
            seen = gateway.store.commits
            page = await _reading(gateway, request, work)
            if page["changes"] or not await _more_may_come(request, gateway, seen, until):
                return _json({**page, "next_poll_after_s": limits.NEXT_SYNC_AFTER_S})

    @app.put("/v1/changes/ack", name="ackChanges")
    async def ack_changes(request: Request) -> Response:
        await _known_desk(gateway, request)
        _, body = await bodies.read_json(request, limits.MAX_SMALL_BODY)
        cursor = body.get("cursor") if isinstance(body, dict) else None
        if not isinstance(cursor, str) or len(cursor) > 512:
            raise bad_request(t("Yêu cầu còn thiếu hoặc sai mục."), [at("/cursor", t("còn thiếu mục này"))])

        def work(act: Act) -> JsonObject:
            return feed.acknowledge(act.db, act.now, act.desk, feed_id, cursor)

        return _json(await _writing(gateway, request, work))

    @app.get("/v1/snapshot", name="getSnapshot")
    async def get_snapshot(
        request: Request,
        page: Annotated[str | None, Query(max_length=512)] = None,
        since_days: Annotated[int, Query(ge=0, le=3650)] = 365,
    ) -> Response:
        def work(act: Act) -> JsonObject:
            return reading.snapshot(act, feed_id, page, since_days)

        return _json(await _reading(gateway, request, work))

    @app.get("/v1/dossiers/{dossier_id}", name="getDossier")
    async def get_dossier(request: Request, dossier_id: str) -> Response:
        _require_uuid(dossier_id, "/dossier_id")
        state = await _reading(gateway, request, lambda act: reading.dossier_state(act, dossier_id))
        return _json(state, headers={"ETag": f'"{state["version"]}"'})


def _add_files(app: FastAPI, gateway: Gateway) -> None:
    folder = gateway.store.files

    @app.post("/v1/files", name="createUpload")
    async def create_upload(request: Request) -> Response:
        await _known_desk(gateway, request)
        _, body = await bodies.read_json(request, limits.MAX_SMALL_BODY)
        status, state = await _writing(gateway, request, lambda act: upload_store.create(act, body))
        return _json(state, status, upload_store.offset_headers(state))

    @app.head("/v1/uploads/{upload_id}", name="getUploadOffset")
    async def get_upload_offset(request: Request, upload_id: str) -> Response:
        state = await _reading(gateway, request, lambda act: upload_store.state_of(act, upload_id))
        headers = upload_store.offset_headers(state)
        headers.pop("Location", None)
        headers |= {"Upload-Length": str(state["size"]), "Cache-Control": "no-store"}
        return Response(status_code=204, headers=headers)

    @app.patch("/v1/uploads/{upload_id}", name="appendUpload")
    async def append_upload(request: Request, upload_id: str) -> Response:
        await _known_desk(gateway, request)
        offset, last = _append_headers(request)
        bodies.require_media_type(request, "application/partial-upload")
        chunk = await bodies.read_raw(request, limits.MAX_CHUNK_BYTES, "max_chunk_bytes")
        bodies.check_content_digest(request, chunk, "chunk-digest-mismatch")

        def work(act: Act) -> JsonObject | None:
            try:
                return upload_store.append(act, folder, upload_id, offset, last, chunk)
            except upload_store.DamagedFile:
                return None

        state = await _writing(gateway, request, work)
        if state is None:
            raise upload_store.damaged()
        return _json(state, headers=upload_store.offset_headers(state))

    @app.delete("/v1/uploads/{upload_id}", name="cancelUpload")
    async def cancel_upload(request: Request, upload_id: str) -> Response:
        await _writing(gateway, request, lambda act: upload_store.cancel(act, folder, upload_id))
        return Response(status_code=204)

    @app.head("/v1/files/{sha256}", name="hasFile")
    async def has_file(request: Request, sha256: str) -> Response:
        if not await _reading(gateway, request, lambda act: upload_store.has_file(act, sha256)):
            raise not_found()
        return Response(status_code=204)

    @app.get("/v1/files/{sha256}", name="downloadFile")
    async def download_file(request: Request, sha256: str) -> Response:
        def found(act: Act) -> tuple[Path, int, bytes | None]:
            return (*upload_store.open_file(act, folder, sha256), sealed.key_of(act.db))

        path, size, key = await _reading(gateway, request, found)
        headers = {"Repr-Digest": bodies.digest_header(sha256), "ETag": f'"{sha256}"'}
        if key is not None:
            return _opened_part(path, key, size, request.headers.get("range"), headers)
        return FileResponse(path, media_type="application/octet-stream", headers=headers)


def _add_catalogue(app: FastAPI, gateway: Gateway) -> None:
    @app.get("/v1/catalogue", name="getCatalogue")
    async def get_catalogue(request: Request) -> Response:
        manifest = await _reading(gateway, request, lambda act: catalogue.manifest(act.db))
        tag = f'"cat-{manifest["catalogue_version"]}"'
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": tag})
        return _json(manifest, headers={"ETag": tag})

    @app.get("/v1/catalogue/procedures/{code}/versions/{version}", name="getProcedureVersion")
    async def get_procedure_version(request: Request, code: str, version: int) -> Response:
        body = await _reading(gateway, request, lambda act: catalogue.package(act.db, code, version))
        return Response(body, media_type="application/json")

    @app.get("/v1/number-blocks", name="listNumberBlocks")
    async def list_number_blocks(request: Request) -> Response:
        return _json(await _reading(gateway, request, numbering.list_blocks))

    @app.post("/v1/number-blocks", name="requestNumberBlock")
    async def request_number_block(request: Request) -> Response:
        desk_id = await _known_desk(gateway, request)
        key = bodies.idempotency_key(request)
        body, value = await bodies.read_json(request, limits.MAX_SMALL_BODY)

        def fresh(act: Act) -> JsonObject:
            return numbering.grant_block(act, value)

        return await _once(gateway, request, desk_id, "number-block", key, body, 201, fresh)


async def _once(
    gateway: Gateway,
    request: Request,
    desk_id: str,
    operation: str,
    key: str,
    body: bytes,
    status: int,
    fresh: Callable[[Act], JsonObject],
) -> Response:
    """Do an operation once per key, or answer as before; work, memory and answer share a transaction."""

    def work(act: Act) -> tuple[int, bytes, bool]:
        before = replay.stored(act, operation, key, body)
        if before is not None:
            return (*before, True)
        answer = _bytes(fresh(act))
        replay.remember(act, operation, key, body, status, answer)
        return status, answer, False

    with replay.running(desk_id, operation, key):
        given, answer, replayed = await _writing(gateway, request, work)
    headers = {"Idempotency-Replayed": "true" if replayed else "false"}
    return Response(answer, given, headers, media_type="application/json")


async def _reading(gateway: Gateway, request: Request, work: Callable[[Act], Answer]) -> Answer:
    def run() -> Answer:
        now = gateway.clock.now()
        with gateway.store.read() as db:
            return work(Act(db, now, _desk(gateway, request, db, now)))

    return await run_in_threadpool(run)


async def _writing(gateway: Gateway, request: Request, work: Callable[[Act], Answer]) -> Answer:
    def run(db: Connection) -> Answer:
        desk = _desk(gateway, request, db, gateway.clock.now())
        dialect.lock(db, "unit", desk.unit_code)
        return work(Act(db, gateway.clock.now(), desk))

    return await run_in_threadpool(gateway.store.do, run)


def _desk(gateway: Gateway, request: Request, db: Connection, now: datetime) -> Desk:
    """The desk that asks, counted once a request. Raises 401, 403, 429 ``rate-limited``."""
    desk = tokens.desk_of(db, now, request.headers.get("authorization"))
    if "desk" not in _noted(request):
        _note(request, desk=desk.desk_id)
        gateway.rates.admit(desk.desk_id)
    return desk


async def _known_desk(gateway: Gateway, request: Request) -> str:
    """The desk's id, known before its body is read."""
    return await _reading(gateway, request, lambda act: act.desk.desk_id)


async def _more_may_come(request: Request, gateway: Gateway, seen: int, until: float) -> bool:
    """Wait for the next commit; false when the time is over, the line is gone or the gateway stops."""
    loop = asyncio.get_running_loop()
    while gateway.store.commits == seen:
        if loop.time() >= until or request.app.state.stopping or await request.is_disconnected():
            return False
        await asyncio.sleep(_POLL_S)
        if gateway.store.shared:
            await run_in_threadpool(gateway.store.look)
    return loop.time() < until


def _append_headers(request: Request) -> tuple[int, bool]:
    offset = request.headers.get("upload-offset", "")
    complete = request.headers.get("upload-complete", "")
    if not offset.isascii() or not offset.isdigit() or len(offset) > 15:
        raise bad_request(t("Thiếu Upload-Offset."), [at("/Upload-Offset", t("viết chưa đúng mẫu"))])
    if complete not in ("?0", "?1"):
        raise bad_request(t("Thiếu Upload-Complete."), [at("/Upload-Complete", "?0, ?1")])
    if "content-digest" not in request.headers:
        raise bad_request(t("Thiếu Content-Digest."), [at("/Content-Digest", t("còn thiếu mục này"))])
    return int(offset), complete == "?1"


def _opened_part(path: Path, key: bytes, size: int, asked: str | None, headers: dict[str, str]) -> Response:
    """A file of an encrypted store, whole or the one range asked for."""
    headers = {**headers, "Accept-Ranges": "bytes"}
    start, end, status = 0, size, 200
    found = None if asked is None else re.fullmatch(r"bytes=(\d{1,15})-(\d{0,15})", asked.strip())
    if found is not None:
        start, end = int(found[1]), min(size, int(found[2]) + 1 if found[2] else size)
        if start >= end:
            return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
        status, headers["Content-Range"] = 206, f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    content = sealed.pieces(path, key, start, end)
    return StreamingResponse(content, status, headers, media_type="application/octet-stream")


def _require_uuid(text: str, pointer: str) -> None:
    if not is_uuid(text):
        raise bad_request(t("Mã viết chưa đúng mẫu."), [at(pointer, "UUID")])


def _note(request: Request, **facts: Any) -> None:
    """Ids for the log line of this request."""
    _noted(request).update(facts)


def _noted(request: Request) -> dict[str, Any]:
    facts: dict[str, Any] = request.scope.setdefault("state", {}).setdefault("log", {})
    return facts


def _bytes(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(_bytes(body), status, headers, media_type="application/json")


def _problem(request: Request, body: JsonObject, headers: dict[str, str]) -> Response:
    content = b"" if request.method == "HEAD" else _bytes(body)
    return Response(content, body["status"], headers, media_type="application/problem+json")
