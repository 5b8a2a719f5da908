"""Small named values of sync, kept in ``sync_mark`` and moved only in the transaction that stores what
they stand for (I12)."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from app.models.epochs import CLOCK_MARK, SENDING_MARK
from app.models.tables import sync_mark

CLOCK: Final = CLOCK_MARK
"""``{offset_ms, synced_at}``: server minus desk; the services put it into each event."""
CURSOR: Final = "cursor"
ACKED: Final = "acked"
SENDING: Final = SENDING_MARK
"""The push under way: ``{epoch, first, last, key, tries}``, kept until it is answered (``kept_runs``)."""
RUN_SIZE: Final = "run_size"
NARROW: Final = "narrow"
"""Set where the line was too slow for two runs at once; gone when one run was quick."""
CHUNK_SIZE: Final = "chunk_size"
"""Bytes of a file sent at once, as the line took them lately."""
CATALOGUE_TAG: Final = "catalogue_tag"
CATALOGUE_NUMBER: Final = "catalogue_number"
"""The province's number of the newest catalogue taken in whole, over the line or from a stick."""
COMPLETE: Final = "complete"
"""Time of the last round whose end check fitted."""
ALARM: Final = "alarm"
"""``{code, words, at}``: what an officer must see; gone with the next round that fits."""
BLOCK_REQUEST: Final = "block_request"
BLOCK_REFUSED: Final = "block_refused"
ENROLLING: Final = "enrolling"
DESK_SLOT: Final = "desk_slot"
"""The desk's number within its unit, as the province gave it."""
RECOVERED: Final = "recovered"
"""The restored epoch whose elder epochs have been fetched back from the province."""
SERVER_ID: Final = "server_id"
"""The gateway's own name, which a bundle must bear."""
PROVINCE_DESK: Final = "province_desk"
"""What the province calls this desk."""
KEYS_ASKED: Final = "keys_asked"
KEYS_NEXT: Final = "keys_next"
"""The sealed new pair of a change of keys that the province has not confirmed yet."""
KEYS_OLD: Final = "keys_old"
"""``[{secret, until}]``: sealed pairs changed for new ones, oldest first."""
KEYS_SINCE: Final = "keys_since"
"""``{at, epoch}``: when the present pair came into force; the restored epoch it belongs to, or ``None``."""
KEYS_REFUSED: Final = "keys_refused"
HELD_BACK: Final = "held_back"
FOREIGN: Final = "foreign:"
"""``foreign:<dossier id>``: ``[version, status]`` of a dossier of the unit that is not in this
store; counted in the end check."""


def read_mark(connection: Connection, key: str) -> Any:
    """The value, or ``None``."""
    return connection.execute(select(sync_mark.c.value).where(sync_mark.c.key == key)).scalar_one_or_none()


def write_mark(connection: Connection, key: str, value: Any) -> None:
    """Keep the value."""
    statement = insert(sync_mark).values(key=key, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def drop_mark(connection: Connection, key: str) -> None:
    """Forget the value."""
    connection.execute(delete(sync_mark).where(sync_mark.c.key == key))
