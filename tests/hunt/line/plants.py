"""Known mistakes to put into the real program, each of which the hunt must find."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

from sqlalchemy import update

from app.models import tables
from app.services.numbering import NumberGiver
from app.sync import client, province, receiver, sender
from app.sync.marks import SENDING, drop_mark, write_mark
from app.sync.trouble import CredentialsRefusedError, NotBelievedError


@contextmanager
def planted(name: str | None) -> Iterator[None]:
    """The program with one known mistake in it."""
    with ExitStack() as stack:
        if name is not None:
            PLANTS[name](stack)
        yield


def _put(stack: ExitStack, owner: Any, name: str, mistake: Any) -> None:
    stack.enter_context(mock.patch.object(owner, name, mistake))


def _ack_before_effect(stack: ExitStack) -> None:
    real = sender._prepare

    def prepare(link: Any, held: int, after: int, again: int | None) -> Any:
        run = real(link, held, after, again)
        if run is not None:
            with link.desk.store.write() as connection:
                connection.execute(update(tables.event).where(sender._within(run)).values(verdict="accepted"))
        return run

    _put(stack, sender, "_prepare", prepare)


def _new_key_per_retry(stack: ExitStack) -> None:
    real = sender._prepare

    def forgetful(link: Any, held: int, after: int, again: int | None) -> Any:
        with link.desk.store.write() as connection:
            drop_mark(connection, SENDING)
        return real(link, held, after, again)

    _put(stack, sender, "_prepare", forgetful)


def _cursor_before_rows(stack: ExitStack) -> None:
    def commit(link: Any, page: Any) -> int:
        with link.desk.store.write() as connection:
            write_mark(connection, "cursor", page.next_cursor)
        with link.desk.store.write() as connection:
            return receiver.take_each(connection, page.changes, link.now())

    _put(stack, receiver, "_commit_page", commit)


def _number_after_restore(stack: ExitStack) -> None:
    _put(stack, NumberGiver, "_forgotten", lambda self, day: False)
    _put(stack, NumberGiver, "_mark", lambda self, day: "")


def _truncated_body_believed(stack: ExitStack) -> None:
    """200 counts as accepted whatever the body says."""
    awaited, commit, push = sender._check_answer, sender._commit, province.Province.push

    def kept(link: Any, run: Any, answer: Any, took_ms: int) -> int:
        if answer is not None:
            return commit(link, run, answer, took_ms)
        with link.desk.store.write() as connection:
            connection.execute(update(tables.event).where(sender._within(run)).values(verdict="accepted"))
            drop_mark(connection, SENDING)
        return int(run.last)

    def pushed(self: Any, body: bytes, key: str) -> Any:
        try:
            return push(self, body, key)
        except NotBelievedError as doubt:
            if doubt.args == ("a status that is not listed",) or "redirect" in str(doubt):
                raise
            return None

    _put(stack, province.Province, "push", pushed)
    _put(stack, sender, "_check_answer", lambda run, said: said and awaited(run, said))
    _put(stack, sender, "_commit", kept)


def _redirect_followed(stack: ExitStack) -> None:
    real = client.requests.Session.request

    def request(self: Any, *args: Any, **kwargs: Any) -> Any:
        return real(self, *args, **{**kwargs, "allow_redirects": True})

    _put(stack, client.requests.Session, "request", request)
    _put(stack, client.requests.Session, "rebuild_auth", lambda *_: None)


def _login_page_believed(stack: ExitStack) -> None:
    """Any 401 means that the province no longer knows the desk."""
    real = client.Client.call

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = real(self, *args, **kwargs)
        if answer.status == 401:
            raise CredentialsRefusedError
        return answer

    _put(stack, client.Client, "call", call)


def _certificate_not_checked(stack: ExitStack) -> None:
    def context(_ca: str | None) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
        return made

    def attributes(self: Any, request: Any, verify: Any, cert: Any = None) -> Any:
        host, _ = client.HTTPAdapter.build_connection_pool_key_attributes(self, request, True)
        return host, {"cert_reqs": "CERT_NONE"}

    _put(stack, client, "tls_context", context)
    _put(stack, client._Adapter, "build_connection_pool_key_attributes", attributes)
    _put(stack, client._Adapter, "cert_verify", lambda *_: None)


def _bomb_inflated(stack: ExitStack) -> None:
    import zlib

    def inflate(pieces: Any, _max_bytes: int) -> bytes:
        return zlib.decompress(b"".join(pieces), 16 + zlib.MAX_WBITS)

    _put(stack, client, "inflate", inflate)


def _chunk_anywhere(stack: ExitStack) -> None:
    """The gateway writes a chunk wherever it says it belongs, and looks at no hash of the whole."""
    from app.province import sealed, uploads

    append, find = uploads.append, uploads.find
    here: dict[str, Any] = {}

    def anywhere(act: Any, folder: Any, upload_id: str, offset: int, last: bool, chunk: bytes) -> Any:
        here["offset"] = offset
        return append(act, folder, upload_id, offset, last, chunk)

    def found(act: Any, upload_id: str) -> Any:
        row = find(act, upload_id)
        here["sha256"] = row.sha256
        held = here.pop("offset", row.held)
        return SimpleNamespace(**{**row._mapping, "held": held})

    _put(stack, uploads, "append", anywhere)
    _put(stack, uploads, "find", found)
    _put(stack, sealed, "digest_and_head", lambda *_: (here["sha256"], b"%PDF-"))


def _gateway_forgets_keys(stack: ExitStack) -> None:
    """The gateway does a repeated request again and does not give its stored answer."""
    from app.province import replay

    _put(stack, replay, "stored", lambda *_: None)


def _forgotten_before_kept(stack: ExitStack) -> None:
    """The run's key is let go in one transaction and its verdicts kept in the next."""
    real = sender._commit

    def commit(link: Any, run: Any, answer: Any, took_ms: int) -> int:
        with link.desk.store.write() as connection:
            sender.drop_run(connection, run.key)
        return real(link, run, answer, took_ms)

    _put(stack, sender, "_commit", commit)


def _keys_before_answer(stack: ExitStack) -> None:
    """The new pair takes the old one's place before the province has said that it knows it."""
    from app.sync import desk_keys

    real = desk_keys._next_pair

    def next_pair(link: Any) -> Any:
        pair = real(link)
        desk_keys.adopt(link.desk, pair, link.now())
        return pair

    _put(stack, desk_keys, "_next_pair", next_pair)
    _put(stack, desk_keys, "_others", lambda *_: [])


PLANTS: dict[str, Callable[[ExitStack], None]] = {
    "ack-before-effect": _ack_before_effect,
    "new-key-per-retry": _new_key_per_retry,
    "cursor-before-rows": _cursor_before_rows,
    "number-after-restore": _number_after_restore,
    "truncated-body-believed": _truncated_body_believed,
    "redirect-followed": _redirect_followed,
    "login-page-believed": _login_page_believed,
    "certificate-not-checked": _certificate_not_checked,
    "bomb-inflated": _bomb_inflated,
    "chunk-anywhere": _chunk_anywhere,
    "gateway-forgets-keys": _gateway_forgets_keys,
    "forgotten-before-kept": _forgotten_before_kept,
    "keys-before-answer": _keys_before_answer,
}
