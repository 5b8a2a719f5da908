"""Starting and stopping the gateway; what the command line calls.

``serve`` blocks until it is told to stop (SIGINT, SIGTERM), lets running requests end, and leaves the
store closed. It is ready when ``/v1/meta`` answers.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from app.clock import Clock, SystemClock, to_wire
from app.province import dialect, identity, operator
from app.province.context import Gateway
from app.province.national.runner import Runner
from app.province.overview import DeskLine
from app.province.rates import DESK_RATE, Rates
from app.province.start_failures import (
    bad_desk_name,
    no_such_desk,
    not_listening,
    nothing_above,
    require_tls_files,
    revoked_for_good,
    told_to_operator,
)
from app.province.store import Store
from app.province.upward import links
from app.province.upward.worker import Worker
from app.province.web import build_app

_STOP_SECONDS = 9


def open_store(db_url: str, *, key: bytes | None = None, files: Path | None = None) -> Store:
    """The store, its schema up to date. ``key`` (32 bytes) encrypts a SQLite file."""
    store = Store(db_url, key=key, files=files)
    store.migrate()
    with store.read() as db:
        store.relays = links.has_links(db)
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
    national: Path | None = None,
    upward: bool = False,
) -> None:
    """Serve until stopped. ``tls`` is (certificate, key) as PEM files.

    ``files`` is the folder of uploaded files, which processes of one database share; ``desk_rate`` how
    many calls a second one desk may make for long (ten times as many at once; 0: any).
    ``national``: the province's file for the national portal; without it nothing is told onward.
    ``upward``: refuse to serve where no gateway above is known; where one is, its line is kept anyway.

    Raises what ``start_failures`` makes of a wrong database, certificate or address.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("app.province").setLevel(logging.INFO)
    if tls is not None:
        require_tls_files(tls)
    with told_to_operator():
        app = make_app(db_url, public_url=public_url, key=key, files=files, desk_rate=desk_rate)
    if upward and not app.state.gateway.store.relays:
        raise nothing_above()
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
        with _telling_onward(app, db_url, national, key=key, files=files), _forwarding(app):
            _Server(config, app).run()
    except SystemExit as failure:
        raise not_listening() from failure


@contextmanager
def _forwarding(app: FastAPI) -> Iterator[None]:
    """Below another gateway: its line is kept while this one serves."""
    gateway: Gateway = app.state.gateway
    if not gateway.store.relays:
        yield
        return
    worker = Worker(gateway.store, gateway.clock)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def enrolment_code(db_url: str, desk: str, unit: str | None = None, *, key: bytes | None = None) -> str:
    """A one-time enrolment code for a desk; with ``unit`` it may claim no other.

    ``key``, here and below: opens an encrypted SQLite store.

    Raises ``UsageError`` "desk-name" and what ``start_failures`` makes of a wrong database.
    """
    with told_to_operator():
        store = open_store(db_url, key=key)
        try:
            return operator.enrolment_code(store, SystemClock().now(), desk, unit)
        except ValueError as failure:
            raise bad_desk_name() from failure
        finally:
            store.dispose()


def desks(db_url: str, unit: str = "", *, key: bytes | None = None) -> list[dict[str, object]]:
    """Every desk (of units whose code begins with ``unit``), as plain data for the command line.

    Raises what ``start_failures`` makes of a wrong database.
    """
    with _opened(db_url, key) as store:
        return [_plain(line) for line in operator.desk_list(store, unit)]


def set_desk(db_url: str, desk: str, state: str, *, key: bytes | None = None) -> None:
    """Make a desk ``revoked`` (for good), ``suspended`` or ``active`` again.

    Raises ``NotFoundError`` for an unknown desk, ``RuleError`` for one that was revoked before.
    """
    with _opened(db_url, key) as store:
        known = {line.desk_id: line for line in operator.desk_list(store)}.get(desk)
        if known is None:
            raise no_such_desk()
        if known.state == "revoked" and state != "revoked":
            raise revoked_for_good()
        if state == "revoked":
            operator.revoke(store, desk)
        else:
            operator.suspend(store, desk, suspended=state == "suspended")


def restored(db_url: str, *, key: bytes | None = None) -> None:
    """Say, before the first start, that this store came from a backup: nothing given since is given again."""
    with _opened(db_url, key) as store:
        operator.note_restored(store, SystemClock().now())


def operator_token(db_url: str, *, key: bytes | None = None) -> str:
    """A token that opens the operator's page for 30 days."""
    with _opened(db_url, key) as store:
        return operator.operator_token(store, SystemClock().now())


@contextmanager
def _opened(db_url: str, key: bytes | None = None) -> Iterator[Store]:
    with told_to_operator():
        store = open_store(db_url, key=key)
    try:
        yield store
    finally:
        store.dispose()


def _plain(line: DeskLine) -> dict[str, object]:
    """Times as the wire writes them."""
    members = asdict(line)
    return {name: to_wire(value) if isinstance(value, datetime) else value for name, value in members.items()}


@contextmanager
def _telling_onward(
    app: FastAPI, db_url: str, national: Path | None, *, key: bytes | None, files: Path | None
) -> Iterator[None]:
    """The national adapter beside the gateway, with a store of its own, where the province asked for it."""
    if national is None:
        yield
        return
    gateway: Gateway = app.state.gateway
    store = Store(db_url, key=key, files=files)
    runner = Runner(store, gateway.clock, national, gateway.metrics.national)
    runner.start()
    try:
        yield
    finally:
        runner.stop()


class _Server(uvicorn.Server):
    """Tells waiting readers to come back empty-handed as soon as the stop signal arrives."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._gateway = app

    def handle_exit(self, sig: int, frame: object) -> None:
        """The stop signal: running requests end, then the program does, as told. A second Ctrl+C hurries."""
        self._gateway.state.stopping = True
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True
