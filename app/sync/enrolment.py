"""Makes the desk known to a province: a one-time code against an identity (SYNC-PROTOCOL §3.1, CONTRACT
``enrol``).

Unit claimed: the desk's agency code (H60.…) where it has one, else the commune's five GSO digits, which every
desk knows and no other commune has; the province answers with the unit it means. Where the desk has no
agency code yet, an answer of that shape becomes it; where it has one, another unit's answer is refused.

Desk slot: the answer's small number tells desks of a commune apart, so it becomes the digit of the desk's
provisional numbers (two fresh desks both start as 1). Numbers already given keep theirs. A slot above 9 has
no digit: the desk then keeps its own and its epoch's mark stays in every provisional number.

Enrolling again as another desk (keys lost, §3.13) opens a new epoch for what the province has not judged yet;
number blocks of the old identity end, since the province keeps them for the old desk.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from app.domain.dossier_number import check_agency_code
from app.errors import LineError, RuleError
from app.models.epochs import open_epoch, stream_end
from app.models.tables import desk as desk_table
from app.models.tables import event, gateway, number_block
from app.protocol.age_keys import is_recipient
from app.protocol.messages import Enrolment
from app.sync.client import Client, check_url
from app.sync.context import SyncDesk
from app.sync.credentials import DeskKeyPair, new_key_pair, seal, unseal
from app.sync.marks import (
    ACKED,
    ALARM,
    BLOCK_REFUSED,
    BLOCK_REQUEST,
    CATALOGUE_TAG,
    CURSOR,
    DESK_SLOT,
    ENROLLING,
    KEYS_ASKED,
    KEYS_NEXT,
    KEYS_OLD,
    KEYS_REFUSED,
    KEYS_SINCE,
    PROVINCE_DESK,
    SENDING,
    SERVER_ID,
    drop_mark,
    read_mark,
    write_mark,
)
from app.sync.province import Province
from app.sync.transport import tls_context
from app.sync.trouble import LineTroubleError, RefusedError
from app.sync.words import outcome_of
from app.text import t
from app.version import VERSION

_SHORTEST_CODE: Final = 8
_LARGEST_DIGIT: Final = 9
_OF_ONE_IDENTITY: Final = (
    ENROLLING,
    CURSOR,
    ACKED,
    CATALOGUE_TAG,
    BLOCK_REQUEST,
    BLOCK_REFUSED,
    ALARM,
    SENDING,
    KEYS_ASKED,
    KEYS_NEXT,
    KEYS_OLD,
    KEYS_REFUSED,
    KEYS_SINCE,
)
"""Marks that another identity has no use for."""
_ACTIVE: Final = number_block.c.state == "active"


@dataclass(frozen=True)
class Enrolled:
    """The desk as the province knows it. ``desk_id``: the province's name for it; ``desk_no`` and
    ``agency_code``: what the desk's own row says now (whoever shows them reads them anew)."""

    desk_id: str
    unit_code: str
    unit_name: str
    gateway: str
    desk_no: int
    agency_code: str | None


@dataclass(frozen=True)
class _Own:
    desk_id: str
    unit_code: str
    agency_code: str | None
    desk_no: int
    name: str


def enrol(desk: SyncDesk, url: str, code: str, ca_pem: str | None = None) -> Enrolled:
    """Exchange the code for an identity and keep it. Safe to repeat: the same code goes with the same keys
    until it is answered, so a lost answer costs nothing.

    Raises ``RuleError`` with field ``url``, ``code`` or ``ca``; ``LineError`` where the line or the
    province refuses.
    """
    address, code = check_url(url), _check_code(code)
    _check_ca(ca_pem)
    now = desk.clock.now()
    with desk.store.write() as connection:
        own = _own(connection)
        pair = _pending_keys(connection, own.desk_id, address, code, now)
    answer, server_id = _ask(desk, address, ca_pem, _request(own, code, pair))
    _check_answer(own, answer)
    with desk.store.write() as connection:
        if _is_another_desk(connection, answer.client_id):
            open_epoch(connection, desk.clock, "key_replaced")
            connection.execute(update(number_block).where(_ACTIVE).values(state="ended"))
        enrolled = _keep(connection, own, address, ca_pem, answer, pair, now)
        write_mark(connection, SERVER_ID, server_id)
        write_mark(connection, PROVINCE_DESK, answer.desk_id)
    desk.tokens.forget()
    return enrolled


def _check_code(code: str) -> str:
    text = code.strip()
    if len(text) < _SHORTEST_CODE or not text.isascii() or not text.isprintable() or len(text) > 200:
        raise RuleError(
            "enrolment-code",
            t("Mã ghi danh chưa đủ hoặc có chữ lạ."),
            t("Gõ lại đúng như trên giấy tỉnh cấp, kể cả dấu gạch."),
            field="code",
        )
    return text


def _check_ca(ca_pem: str | None) -> None:
    try:
        if ca_pem is not None:
            tls_context(ca_pem)
    except ValueError:
        raise RuleError(
            "gateway-ca",
            t("Tệp chứng thư của tỉnh không đọc được."),
            t("Chọn lại đúng tệp .pem tỉnh cấp."),
            field="ca",
        ) from None


def _own(connection: Connection) -> _Own:
    c = desk_table.c
    return _Own(*connection.execute(select(c.id, c.unit_code, c.agency_code, c.desk_no, c.name)).one())


def _pending_keys(
    connection: Connection, desk_id: str, address: str, code: str, now: datetime
) -> DeskKeyPair:
    """The keys that go with this code: those of the unanswered try, else new ones kept before the call."""
    name = hashlib.sha256(f"{address}\n{code}".encode()).hexdigest()
    kept = read_mark(connection, ENROLLING)
    if kept is not None and kept["code"] == name:
        return unseal(base64.b64decode(kept["secret"]), desk_id)
    pair = new_key_pair(now)
    secret = base64.b64encode(seal(pair, desk_id)).decode("ascii")
    write_mark(connection, ENROLLING, {"code": name, "secret": secret})
    return pair


def _request(own: _Own, code: str, pair: DeskKeyPair) -> dict[str, Any]:
    return {
        "code": code,
        "unit_code": own.agency_code or own.unit_code,
        "desk_name": own.name[:200],
        "signing_key": pair.public_jwk(),
        "bundle_recipient": pair.recipient,
        "software": {"name": "motcua", "version": VERSION},
    }


def _ask(desk: SyncDesk, address: str, ca_pem: str | None, request: dict[str, Any]) -> tuple[Enrolment, str]:
    try:
        with Client(address, ca_pem=ca_pem, timing=desk.timing, line=desk.line) as client:
            province = Province(client, desk.clock)
            server_id = province.meta().meta.server_id
            return province.enrol(request), server_id
    except RefusedError as refused:
        if refused.problem.status == 403:
            outcome = outcome_of(refused)
            raise LineError(outcome.code, outcome.words, outcome.next_step, field="code") from None
        raise outcome_of(refused).as_error() from None
    except LineTroubleError as trouble:
        raise outcome_of(trouble).as_error() from None


def _check_answer(own: _Own, answer: Enrolment) -> None:
    if own.agency_code is not None and answer.unit_code not in (own.agency_code, own.unit_code):
        raise RuleError(
            "enrolment-other-unit",
            t("Mã ghi danh này là của đơn vị khác nên quầy chưa nối."),
            t("Kiểm tra lại giấy tỉnh cấp; quầy vẫn làm việc như cũ."),
            field="code",
        )


def _is_another_desk(connection: Connection, client_id: str) -> bool:
    """Whether the province has judged events of this stream under another identity."""
    before = connection.execute(select(gateway.c.client_id)).scalar_one_or_none()
    if before is None or before == client_id:
        return False
    judged = (event.c.epoch == stream_end(connection).epoch) & event.c.verdict.is_not(None)
    return connection.execute(select(event.c.event_id).where(judged).limit(1)).first() is not None


def _keep(
    connection: Connection,
    own: _Own,
    address: str,
    ca_pem: str | None,
    answer: Enrolment,
    pair: DeskKeyPair,
    now: datetime,
) -> Enrolled:
    """The new identity in place of any older one; what belonged to the older one goes with it."""
    connection.execute(delete(gateway))
    connection.execute(
        insert(gateway).values(
            only=1,
            url=address,
            client_id=answer.client_id,
            token_url=answer.token_url,
            unit_code=answer.unit_code,
            unit_name=answer.unit_name or "",
            signing_kid=pair.kid,
            secret=seal(pair, own.desk_id),
            server_keys=[key.model_dump() for key in answer.server_signing_keys],
            bundle_recipients=[each for each in answer.bundle_recipients if is_recipient(each)],
            ca_pem=ca_pem,
            enrolled_at=now,
        )
    )
    for mark in _OF_ONE_IDENTITY:
        drop_mark(connection, mark)
    write_mark(connection, DESK_SLOT, answer.desk_slot)
    digit = answer.desk_slot if answer.desk_slot <= _LARGEST_DIGIT else own.desk_no
    agency = own.agency_code or _agency_of(answer.unit_code)
    connection.execute(update(desk_table).values(desk_no=digit, agency_code=agency))
    return Enrolled(answer.desk_id, answer.unit_code, answer.unit_name or "", address, digit, agency)


def _agency_of(unit_code: str) -> str | None:
    """The answer's unit where it is an agency code; the GSO digits given back are none."""
    try:
        return check_agency_code(unit_code)
    except RuleError:
        return None
