"""Starting and stopping the gateway; what the command line calls.

``serve`` blocks until it is told to stop (SIGINT, SIGTERM), lets running requests end, and leaves the
store closed. It is ready when ``/v1/meta`` answers.
"""

from __future__ import annotations

import logging
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from app.clock import Clock, SystemClock
from app.province import dialect, identity, operator
from app.province.context import Gateway
from app.province.rates import DESK_RATE, Rates
from app.province.start_failures import bad_desk_name, not_listening, require_tls_files, told_to_operator
from app.province.store import Store
from app.province.web import build_app

_STOP_SECONDS = 9


def open_store(db_url: str, *, key: bytes | None = None, files: Path | None = None) -> Store:
    """The store, its schema up to date. ``key`` (32 bytes) encrypts a SQLite file."""
    store = Store(db_url, key=key, files=files)
    store.migrate()
    return store


def make_app(
    db_url: str,
    *,
    clock: Clock | None = None,
    public_url: str | None = None,
    key: bytes | None = None,
    files: Path | None = None,
    desk_rate: float = DESK_RATE,
) -> FastAPI:
    """The gateway as an ASGI application.

    ``public_url`` is its address as desks see it (behind a proxy); without it, desks are told the
    address they enrolled at. ``desk_rate`` as in ``serve``.
    """
    store = open_store(db_url, key=key, files=files)
    with store.write() as db:
        dialect.lock_all(db)
        own = identity.load_or_make(db)
    url = None if public_url is None else public_url.rstrip("/")
    return build_app(Gateway(store, clock or SystemClock(), own, url, Rates(desk_rate)))


def serve(
    db_url: str,
    host: str,
    port: int,
    *,
    tls: tuple[Path, Path] | None = None,
    public_url: str | None = None,
    key: bytes | None = None,
    files: Path | None = None,
    desk_rate: float = DESK_RATE,
) -> None:
    """Serve until stopped. ``tls`` is (certificate, key) as PEM files.

    ``files`` is the folder of uploaded files, which processes of one database share; ``desk_rate`` how
    many calls a second one desk may make for long (ten times as many at once; 0: any).

    Raises what ``start_failures`` makes of a wrong database, certificate or address.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("app.province").setLevel(logging.INFO)
    if tls is not None:
        require_tls_files(tls)
    with told_to_operator():
        app = make_app(db_url, public_url=public_url, key=key, files=files, desk_rate=desk_rate)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        log_level="warning",
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
        timeout_keep_alive=75,
        ssl_certfile=None if tls is None else str(tls[0]),
        ssl_keyfile=None if tls is None else str(tls[1]),
    )
    try:
        _Server(config, app).run()
    except SystemExit as failure:
        raise not_listening() from failure


def enrolment_code(db_url: str, desk: str, unit: str | None = None) -> str:
    """A one-time enrolment code for a desk; with ``unit`` it may claim no other.

    Raises ``UsageError`` "desk-name" and what ``start_failures`` makes of a wrong database.
    """
    with told_to_operator():
        store = open_store(db_url)
        try:
            return operator.enrolment_code(store, SystemClock().now(), desk, unit)
        except ValueError as failure:
            raise bad_desk_name() from failure
        finally:
            store.dispose()


class _Server(uvicorn.Server):
    """Tells waiting readers to come back empty-handed as soon as the stop signal arrives."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._gateway = app

    def handle_exit(self, sig: int, frame: object) -> None:
        """The stop signal."""
        self._gateway.state.stopping = True
        super().handle_exit(sig, frame)  # type: ignore[arg-type]
