"""What the province really holds, read from the gateway's own store and from its answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select

from app.models.epochs import stream_end
from app.protocol.messages import StreamState
from app.province.tables import dossiers, events, streams
from app.sync.context import SyncDesk
from app.sync.link import gateway_row, identity_of, open_client, own_desk_id
from app.sync.province import Province
from tests.support.gateway import Gateway


def held(gateway: Gateway, desk: SyncDesk) -> list[tuple[int, str]]:
    """(number, event id) of every event of the desk's stream at the province."""
    with desk.store.read() as connection:
        epoch = stream_end(connection).epoch
    with gateway.store() as store, store.read() as db:
        rows = db.execute(
            select(events.c.desk_seq, events.c.event_id)
            .join_from(events, streams, streams.c.stream_id == events.c.stream_id)
            .where(streams.c.epoch == epoch)
            .order_by(events.c.desk_seq)
        )
        return [(row.desk_seq, row.event_id) for row in rows]


def all_held(gateway: Gateway, desk_id: str) -> list[tuple[str, int, str]]:
    """(epoch, number, event id) of every event the province holds of a desk."""
    with gateway.store() as store, store.read() as db:
        rows = db.execute(
            select(streams.c.epoch, events.c.desk_seq, events.c.event_id)
            .join_from(events, streams, streams.c.stream_id == events.c.stream_id)
            .where(streams.c.desk_id == desk_id)
        )
        return [(row.epoch, row.desk_seq, row.event_id) for row in rows]


def dossiers_of(gateway: Gateway, unit: str) -> int:
    """How many dossiers of the unit the province has."""
    with gateway.store() as store, store.read() as db:
        query = select(func.count()).select_from(dossiers).where(dossiers.c.unit_code == unit)
        return int(db.execute(query).scalar_one())


@contextmanager
def province_of(desk: SyncDesk, kind: type[Province] = Province, url: str = "") -> Iterator[Province]:
    """The desk's own calls to its province, outside of a round; at ``url`` where one is given."""
    with desk.store.read() as connection:
        row: Any = dict(gateway_row(connection))
        desk_id = own_desk_id(connection)
    row["url"] = url or row["url"]
    with open_client(desk, row) as client:
        yield kind(client, desk.clock, identity_of(row, desk_id))


def stream_state(gateway: Gateway, desk: SyncDesk) -> StreamState:
    """The stream's state as the gateway tells it, over a good line."""
    with desk.store.read() as connection:
        epoch = stream_end(connection).epoch
    with province_of(desk, url=gateway.url) as province:
        province.meta()
        return province.stream(epoch)


def own_chain(desk: SyncDesk) -> tuple[int, str]:
    """Last number and chain of the desk's own stream."""
    with desk.store.read() as connection:
        end = stream_end(connection)
    return end.last_seq, end.chain
