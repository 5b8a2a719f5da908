"""Around every request: the ``Date`` header, one log line of ids, and no failure without an answer."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Sequence
from email.utils import formatdate
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.clock import SystemClock, to_wire
from app.province.metrics import Metrics
from app.province.problems import JsonObject, problem
from app.text import t

log = logging.getLogger("app.province")


class Envelope:
    """ASGI middleware. Logs never hold bodies, queries, tokens or texts of errors."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.monotonic()
        answered: dict[str, int] = {}

        async def send_with_date(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered["status"] = message["status"]
                message["headers"] = [
                    *message.get("headers", []),
                    (b"date", formatdate(usegmt=True).encode()),
                ]
            await send(message)

        try:
            if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
                title = t("Không đọc được địa chỉ yêu cầu.")
                await _answer(problem(400, "bad-request", title), scope, send_with_date)
                return
            await self._app(scope, receive, send_with_date)
        except Exception as error:
            _log_failure(scope, error)
            if "status" in answered:
                raise
            await _answer_failure(error, scope, send_with_date)
        finally:
            seconds = time.monotonic() - started
            _log_line(scope, answered.get("status"), seconds)
            self._metrics.request(_operation(scope), answered.get("status", 499), seconds)


async def _answer_failure(error: Exception, scope: Scope, send: Send) -> None:
    busy = isinstance(error, OperationalError | PoolTimeout)
    status = 503 if busy else 500
    code = "overloaded" if busy else "internal-error"
    title = t("Máy chủ đang bận.") if busy else t("Máy chủ gặp trục trặc; chưa có gì được ghi.")
    await _answer(problem(status, code, title), scope, send, [(b"retry-after", b"30")])


async def _answer(
    told: JsonObject, scope: Scope, send: Send, more: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    body = b"" if scope["method"] == "HEAD" else json.dumps(told, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        *more,
    ]
    await send({"type": "http.response.start", "status": told["status"], "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _log_failure(scope: Scope, error: Exception) -> None:
    """The kind of failure and where, not its words: they may hold what was sent."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        trace = trace.tb_next
    _write("failure", scope, {"kind": type(error).__name__, "at": place})


def _log_line(scope: Scope, status: int | None, seconds: float) -> None:
    facts = dict(scope.get("state", {}).get("log", {}))
    _write("request", scope, {"status": status, "ms": round(seconds * 1000), **facts})


def _write(what: str, scope: Scope, facts: dict[str, Any]) -> None:
    line = {
        "at": to_wire(SystemClock().now()),
        "process": os.getpid(),
        "what": what,
        "operation": _operation(scope),
        "method": scope["method"],
        **facts,
    }
    log.info(json.dumps(line, ensure_ascii=True, sort_keys=True))


def _operation(scope: Scope) -> str:
    """The operation's name in the contract; ``none`` where nothing is offered."""
    return getattr(scope.get("route"), "name", None) or "none"
