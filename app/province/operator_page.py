"""The operator's page in a browser, health, readiness and metrics: what runs the gateway, not the protocol.

The page is served over TLS or on this machine alone. It shows ids and counts, no citizen.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from app.province import bodies, limits, operator_door, operator_html, overview
from app.province.context import Gateway
from app.province.national import operator_section
from app.province.national import overview as national
from app.province.problems import ApiProblem
from app.province.rates import Rates
from app.text import t

Answer = TypeVar("Answer")
_COOKIE: Final = "motcua_operator"
_TRIES_PER_S: Final = 0.5
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def add_operator(app: FastAPI, gateway: Gateway) -> None:
    """Add the pages."""
    _add_page(app, gateway)
    _add_door(app, gateway)
    _add_health(app, gateway)


def _add_page(app: FastAPI, gateway: Gateway) -> None:
    @app.get("/operator", name="operatorPage")
    async def operator_page(request: Request, unit: str = "", after: str = "") -> Response:
        if not _is_safe_line(request):
            return _html(operator_html.plain(*_unsafe_words()), 403)

        def look(db: Connection) -> operator_html.Page | None:
            now = gateway.clock.now()
            if not operator_door.is_signed_in(db, now, request.cookies.get(_COOKIE, "")):
                return None
            return operator_html.Page(
                now=now,
                server_id=gateway.identity.server_id,
                totals=overview.totals(db),
                storage=overview.storage(db, gateway.store.files),
                desks=overview.desk_lines(db, unit=unit[:40], after=after[:80]),
                refused=overview.refused_lines(db),
                national=_national(db, now),
                unit=unit[:40],
            )

        page = await _reading(gateway, look)
        return _html(operator_html.door(), 401) if page is None else _html(operator_html.overview(page))

    @app.get("/operator/style.css", name="operatorStyle")
    async def operator_style() -> Response:
        return Response(operator_html.STYLE, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _add_door(app: FastAPI, gateway: Gateway) -> None:
    tries = Rates(_TRIES_PER_S)

    @app.post("/operator/login", name="operatorLogin")
    async def operator_login(request: Request) -> Response:
        if not _is_safe_line(request):
            return _html(operator_html.plain(*_unsafe_words()), 403)
        try:
            tries.admit(_address(request))
        except ApiProblem:
            words = t("Đã thử quá nhiều lần. Chờ nửa phút rồi thử lại.")
            return _html(operator_html.door(words), 429)
        form = await bodies.read_raw(request, limits.MAX_SMALL_BODY, "max_bytes")
        token = parse_qs(form.decode("ascii", "replace")).get("token", [""])[0].strip()
        now = gateway.clock.now()
        session = await run_in_threadpool(gateway.store.do, lambda db: operator_door.sign_in(db, now, token))
        if session is None:
            words = t("Mã không đúng hoặc đã hết hạn. Tạo mã mới bằng lệnh trên máy chủ rồi thử lại.")
            return _html(operator_html.door(words), 403)
        tries.give_back(_address(request))
        answer = Response(status_code=303, headers={**_HEADERS, "Location": "/operator"})
        answer.set_cookie(
            _COOKIE,
            session,
            max_age=int(operator_door.SESSION_LIFE.total_seconds()),
            path="/operator",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return answer

    @app.post("/operator/logout", name="operatorLogout")
    async def operator_logout(request: Request) -> Response:
        session = request.cookies.get(_COOKIE, "")
        await run_in_threadpool(gateway.store.do, lambda db: operator_door.sign_out(db, session))
        answer = Response(status_code=303, headers={**_HEADERS, "Location": "/operator"})
        answer.delete_cookie(_COOKIE, path="/operator")
        return answer


def _add_health(app: FastAPI, gateway: Gateway) -> None:
    @app.get("/health/live", name="live")
    async def live() -> Response:
        return Response("ok\n", media_type="text/plain")

    @app.get("/health/ready", name="ready")
    async def ready(request: Request) -> Response:
        if request.app.state.stopping:
            return Response("stopping\n", 503, media_type="text/plain")
        try:
            await run_in_threadpool(gateway.store.check)
        except Exception as failure:  # any failure at all means: not ready
            return Response(f"{type(failure).__name__}\n", 503, media_type="text/plain")
        return Response("ok\n", media_type="text/plain")

    @app.get("/metrics", name="metrics")
    async def metrics(request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        local = _is_loopback(request)

        def look(db: Connection) -> dict[str, float] | None:
            known = scheme.lower() == "bearer" and operator_door.is_token(db, gateway.clock.now(), token)
            if not local and not known:
                return None
            return _gauges(db, gateway)

        gauges = await _reading(gateway, look)
        if gauges is None:
            return Response(status_code=404)
        return Response(gateway.metrics.text(gauges), media_type="text/plain; version=0.0.4")


def _gauges(db: Connection, gateway: Gateway) -> dict[str, float]:
    totals = overview.totals(db)
    storage = overview.storage(db, gateway.store.files)
    return {
        "desks": totals.desks,
        "desks_active": totals.active,
        "dossiers": totals.dossiers,
        "events_stored": totals.events,
        "events_waiting": totals.waiting,
        "events_refused_open": totals.refused,
        "database_bytes": storage.database_bytes,
        "files": storage.file_count,
        "files_bytes": storage.file_bytes,
        "disk_free_bytes": storage.free_bytes,
        "transaction_retries": gateway.store.retries,
        **_national_gauges(db, gateway),
    }


def _national(db: Connection, now: datetime) -> operator_section.Look | None:
    if not national.is_used(db):
        return None
    return operator_section.Look(
        national.standing(db, now), national.held_lines(db), national.retry_lines(db)
    )


def _national_gauges(db: Connection, gateway: Gateway) -> dict[str, float]:
    if not national.is_used(db):
        return {}
    now = gateway.clock.now()
    told = national.standing(db, now)
    ages = {"last_success_age": told.last_success, "oldest_waiting_age": told.oldest_waiting}
    return {
        "national_waiting": told.waiting,
        "national_retrying": told.retrying,
        "national_held": told.held,
        "national_done": told.done,
        **{
            f"national_{name}_seconds": (now - at).total_seconds()
            for name, at in ages.items()
            if at is not None
        },
    }


def _is_safe_line(request: Request) -> bool:
    return request.url.scheme == "https" or _is_loopback(request)


def _address(request: Request) -> str:
    return "" if request.client is None else request.client.host


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _unsafe_words() -> tuple[str, str]:
    return (
        t("Trang này chỉ mở qua đường truyền bảo mật"),
        t("Mở bằng địa chỉ https của cổng, hoặc ngay trên máy chủ."),
    )


def _html(body: str, status: int = 200) -> Response:
    return Response(body, status, dict(_HEADERS), media_type="text/html; charset=utf-8")


async def _reading(gateway: Gateway, work: Callable[[Connection], Answer]) -> Answer:
    def run() -> Answer:
        with gateway.store.read() as db:
            return work(db)

    return await run_in_threadpool(run)
