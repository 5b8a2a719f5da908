"""The desk's keys changed for new ones, from the desk (SYNC-PROTOCOL §3.1, operation ``rotateDeskKeys``).

Due after a year, after a restore (the old keys also lie in a backup), and when an administrator asks. The
new pair is kept before the call; the old one stays the desk's own until the province has confirmed the new
one, and after that for receipts still on their way. A call whose answer was lost is repeated with the very
same keys. Where the province has let the old key go meanwhile (it stays good for 30 days there), the others
this desk holds are tried.

The contract has no word by which a province could ask for a change of keys.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, select, update

from app import failpoints
from app.clock import from_wire, to_wire
from app.models.epochs import RESTORED
from app.models.tables import gateway, stream
from app.sync.context import SyncDesk
from app.sync.credentials import DeskKeyPair, new_key_pair, seal, unseal
from app.sync.link import Link, gateway_row, own_desk_id
from app.sync.marks import (
    KEYS_ASKED,
    KEYS_NEXT,
    KEYS_OLD,
    KEYS_REFUSED,
    KEYS_SINCE,
    drop_mark,
    read_mark,
    write_mark,
)
from app.sync.trouble import NotBelievedError, RefusedError

LIFE: Final = timedelta(days=365)
"""How long a pair serves. The house's own choice; no rule names one."""
OLD_KEPT: Final = timedelta(days=60)
"""30 days in which the province still takes what the old key signed, and as long for a receipt's way back."""
_ASK_AGAIN: Final = timedelta(hours=12)


def ask_new_keys(desk: SyncDesk) -> str:
    """Have the next round change the keys; gives the name of the present one.

    Raises ``LineError`` "never-enrolled".
    """
    with desk.store.write() as connection:
        row = gateway_row(connection)
        write_mark(connection, KEYS_ASKED, True)
        drop_mark(connection, KEYS_REFUSED)
    return str(row["signing_kid"])


def key_name(desk: SyncDesk) -> str:
    """The name of the signing key in force. Raises ``LineError`` "never-enrolled"."""
    with desk.store.read() as connection:
        return str(gateway_row(connection)["signing_kid"])


def change_keys(link: Link) -> bool:
    """Change the keys where it is due; whether new ones are in force now.

    Raises what the line raises; an unanswered change is taken up by the next round.
    """
    with link.desk.store.read() as connection:
        if not _due(connection, link.now()):
            return False
    link.tell("keys")
    pair, again = _next_pair(link)
    failpoints.hit("before_keys")
    try:
        answer = link.patiently(partial(link.province.change_keys, _request(pair)))
    except RefusedError as refused:
        if refused.problem.status in (401, 403):
            raise
        _note_refusal(link, wait=not again)
        if not again:
            raise
        return change_keys(link)
    failpoints.hit("after_keys")
    if answer.model_dump() != _request(pair):
        raise NotBelievedError("other keys than those that were sent")
    adopt(link.desk, pair, link.now())
    return True


def other_pairs(desk: SyncDesk) -> list[DeskKeyPair]:
    """Pairs the province may know this desk by where it does not know the present one: that of an
    unanswered change, then earlier ones, newest first."""
    with desk.store.read() as connection:
        desk_id = own_desk_id(connection)
        return [unseal(each, desk_id) for each in _others(connection, desk.clock.now())]


def adopt(desk: SyncDesk, pair: DeskKeyPair, now: datetime) -> None:
    """The province knows this pair: it takes the present one's place, in one commit. Harmless again."""
    with desk.store.write() as connection:
        row = gateway_row(connection)
        if row["signing_kid"] == pair.kid:
            return
        _keep_old(connection, row["secret"], now)
        secret = seal(pair, own_desk_id(connection))
        connection.execute(update(gateway).values(secret=secret, signing_kid=pair.kid))
        write_mark(connection, KEYS_SINCE, {"at": to_wire(now), "epoch": _restored_epoch(connection)})
        for mark in (KEYS_NEXT, KEYS_ASKED, KEYS_REFUSED):
            drop_mark(connection, mark)
    desk.tokens.forget()


def age_identities(connection: Connection, row: RowMapping, now: datetime) -> list[str]:
    """What opens a receipt: the present pair's identity, then the others'."""
    desk_id = own_desk_id(connection)
    return [unseal(each, desk_id).age_identity for each in (row["secret"], *_others(connection, now))]


def _due(connection: Connection, now: datetime) -> bool:
    refused = read_mark(connection, KEYS_REFUSED)
    if refused is not None and now - from_wire(refused) < _ASK_AGAIN:
        return False
    if read_mark(connection, KEYS_NEXT) is not None or read_mark(connection, KEYS_ASKED):
        return True
    since = read_mark(connection, KEYS_SINCE) or {}
    restored = _restored_epoch(connection)
    if restored is not None and since.get("epoch") != restored:
        return True
    begun = from_wire(since["at"]) if since else gateway_row(connection)["enrolled_at"]
    return bool(now - begun > LIFE)


def _restored_epoch(connection: Connection) -> str | None:
    """The present epoch where it was begun by a copy of the desk."""
    c = stream.c
    row = connection.execute(select(c.epoch, c.reason).order_by(c.position.desc()).limit(1)).one()
    return str(row.epoch) if row.reason == RESTORED else None


def _next_pair(link: Link) -> tuple[DeskKeyPair, bool]:
    """The pair of the unanswered change and true, else a new one, kept before the call."""
    with link.desk.store.write() as connection:
        desk_id, kept = own_desk_id(connection), read_mark(connection, KEYS_NEXT)
        if kept is not None:
            return unseal(base64.b64decode(kept), desk_id), True
        pair = new_key_pair(link.now())
        write_mark(connection, KEYS_NEXT, _text(seal(pair, desk_id)))
        return pair, False


def _request(pair: DeskKeyPair) -> dict[str, Any]:
    return {"signing_key": pair.public_jwk(), "bundle_recipient": pair.recipient}


def _note_refusal(link: Link, *, wait: bool) -> None:
    """The present pair goes on. The refused pair is kept, too: an earlier try of it may have been taken
    without an answer. After a fresh pair the next is tried half a day later; one kept from before may have
    been replaced meanwhile by a desk of which this one is an older copy, and says nothing of a fresh one."""
    with link.desk.store.write() as connection:
        now, kept = link.now(), read_mark(connection, KEYS_NEXT)
        _keep_old(connection, base64.b64decode(kept), now)
        drop_mark(connection, KEYS_NEXT)
        if wait:
            write_mark(connection, KEYS_REFUSED, to_wire(now))


def _others(connection: Connection, now: datetime) -> list[bytes]:
    """Sealed pairs beside the present one: an unanswered change's, then earlier ones, newest first."""
    later = read_mark(connection, KEYS_NEXT)
    kept = [each["secret"] for each in reversed(_still_kept(connection, now))]
    return [base64.b64decode(each) for each in (*([later] if later else ()), *kept)]


def _keep_old(connection: Connection, secret: bytes, now: datetime) -> None:
    old = {"secret": _text(secret), "until": to_wire(now + OLD_KEPT)}
    write_mark(connection, KEYS_OLD, [*_still_kept(connection, now), old])


def _still_kept(connection: Connection, now: datetime) -> list[dict[str, str]]:
    return [each for each in read_mark(connection, KEYS_OLD) or [] if from_wire(each["until"]) > now]


def _text(secret: bytes) -> str:
    return base64.b64encode(secret).decode("ascii")
