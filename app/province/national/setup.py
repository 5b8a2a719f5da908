"""From the province's file to a worker that can run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.clock import Clock
from app.province.national.adapter import Adapter
from app.province.national.client import Client
from app.province.national.g2 import G2
from app.province.national.g3 import G3
from app.province.national.settings import Settings, load_settings, read_secrets
from app.province.national.tokens import Tokens
from app.province.national.worker import Counted, Worker
from app.province.store import Store


def make_worker(
    store: Store, clock: Clock, path: Path, counted: Counted = lambda _kind, _outcome: None
) -> Worker:
    """A worker by the province's file. Raises ``UsageError`` (field ``national``)."""
    settings = load_settings(path)
    secrets = read_secrets(settings.line)
    return Worker(store, clock, settings, make_adapter(settings, secrets, store.files), counted)


def make_adapter(settings: Settings, secrets: tuple[str, str], files: Path) -> Adapter:
    """The adapter of the generation the file names. ``files``: the gateway's folder of uploaded files."""
    client = Client(settings.line)
    if settings.generation == "g3":
        return G3(settings, client, Tokens(client, settings.line.token_url, secrets, in_form=True), files)
    return G2(settings, client, Tokens(client, settings.line.token_url, secrets))


def with_settings(worker: Worker, settings: Settings) -> Worker:
    """The same worker under a changed file."""
    secrets = read_secrets(settings.line)
    worker.adapter.close()
    return replace(worker, settings=settings, adapter=make_adapter(settings, secrets, worker.store.files))
