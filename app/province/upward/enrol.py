"""Makes this gateway known to the one above: a one-time code against an identity, as a desk does it.

Before the first desk has sent anything: a gateway that has already answered events as its own last word
cannot hand that word to another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from app.clock import Clock
from app.errors import LineError, RuleError
from app.protocol import messages as m
from app.protocol.age_keys import is_recipient
from app.province.store import Store
from app.province.tables import events
from app.province.times import to_ms
from app.province.upward import links
from app.province.upward.links import Keys, Upward
from app.province.upward.tables import upward_enrolments, upward_links
from app.province.upward.upper import SMALL, UpperBusy, UpperRefused, believed
from app.province.upward.wire import NotBelieved, NoUpperLine, Wire, check_url
from app.text import t
from app.version import VERSION


def enroll(
    store: Store, clock: Clock, url: str, code: str, unit: str, *, name: str, ca_pem: str | None = None
) -> Upward:
    """Exchange the code for an identity and keep it. Safe to repeat: one code goes with one pair of keys.

    ``unit``: the unit whose desks this gateway serves; the upper gateway's answer is what counts.
    Raises ``RuleError`` (field ``url``, ``ca``, ``code``, ``unit``), ``LineError``.
    """
    address = check_url(url)
    with store.write() as db:
        _require_fresh(db)
        keys = _keys_for(db, address, code, clock.now())
    request = {
        "code": code.strip(),
        "unit_code": unit,
        "desk_name": name,
        "signing_key": keys.public_jwk(),
        "bundle_recipient": keys.recipient,
        "software": {"name": "motcua-gateway", "version": VERSION},
    }
    answer = _ask(address, ca_pem, request)
    with store.write() as db:
        _keep(db, address, ca_pem, answer, keys, clock.now())
        db.execute(delete(upward_enrolments))
        kept = links.link_of(db, answer.unit_code)
    store.relays = True
    assert kept is not None
    return kept


def _ask(address: str, ca_pem: str | None, request: dict[str, Any]) -> m.Enrolment:
    wire = Wire(address, ca_pem)
    body = json.dumps(request, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"}
    try:
        reply = wire.call("POST", "/v1/enrolments", headers=headers, body=body, max_bytes=SMALL)
        answer = believed(reply, m.Enrolment, 201).said
        if not all(is_recipient(each) for each in answer.bundle_recipients) or not _signs(answer):
            raise NotBelieved("keys that are none")
    except UpperRefused as refused:
        raise _refused(refused.code) from None
    except (NoUpperLine, UpperBusy, NotBelieved):
        raise LineError(
            "upper-no-answer",
            t("Cổng cấp trên chưa trả lời; chưa có gì thay đổi."),
            t("Kiểm tra đường truyền và địa chỉ rồi chạy lại đúng lệnh này, mã ghi danh vẫn dùng được."),
        ) from None
    finally:
        wire.close()
    return answer


def _signs(answer: m.Enrolment) -> bool:
    for key in answer.server_signing_keys:
        try:
            if len(base64.b64decode(key.x + "=" * (-len(key.x) % 4), altchars=b"-_", validate=True)) != 32:
                return False
        except binascii.Error:
            return False
    return True


def _refused(code: str) -> RuleError:
    if code == "enrolment-refused":
        return RuleError(
            "upper-code-refused",
            t("Cổng cấp trên không nhận mã ghi danh này; chưa có gì thay đổi."),
            t("Mã sai, hết hạn hoặc dành cho đơn vị khác. Xin cấp trên mã mới rồi chạy lại."),
            field="code",
        )
    return RuleError(
        "upper-refused",
        t("Cổng cấp trên không nhận yêu cầu ghi danh; chưa có gì thay đổi."),
        t("Kiểm tra mã đơn vị và mã ghi danh với cấp trên rồi chạy lại."),
        field="unit",
    )


def _require_fresh(db: Connection) -> None:
    if not links.has_links(db) and db.execute(select(events.c.row_id).limit(1)).first() is not None:
        raise RuleError(
            "upper-too-late",
            t("Cổng này đã tự trả lời hồ sơ của các quầy nên không đặt dưới cổng khác được nữa."),
            t("Lập một cổng mới cho cơ quan, nối lên cấp trên trước, rồi mới ghi danh các quầy."),
            field="db",
        )


def _keys_for(db: Connection, address: str, code: str, now: datetime) -> Keys:
    name = hashlib.sha256(f"{address} {code.strip()}".encode()).hexdigest()
    row = db.execute(select(upward_enrolments).where(upward_enrolments.c.code_hash == name)).one_or_none()
    if row is not None:
        return Keys(row.kid, row.signing_secret, row.bundle_secret)
    keys = links.new_keys(now)
    new = {"kid": keys.kid, "signing_secret": keys.signing, "bundle_secret": keys.bundle}
    db.execute(insert(upward_enrolments).values(code_hash=name, **new))
    return keys


def _keep(
    db: Connection, address: str, ca_pem: str | None, answer: m.Enrolment, keys: Keys, now: datetime
) -> None:
    values = {
        "unit_name": answer.unit_name or answer.unit_code,
        "url": address,
        "ca_pem": ca_pem,
        "client_id": answer.client_id,
        "token_url": answer.token_url,
        "slot": answer.desk_slot,
        "kid": keys.kid,
        "signing_secret": keys.signing,
        "bundle_secret": keys.bundle,
        "enrolled_at": to_ms(now),
    }
    mine = upward_links.c.unit_code == answer.unit_code
    known = db.execute(select(upward_links.c.client_id).where(mine)).scalar()
    if known is None:
        db.execute(insert(upward_links).values(unit_code=answer.unit_code, **values))
    elif known == answer.client_id:
        db.execute(update(upward_links).where(mine).values(**values))
    else:
        raise RuleError(
            "upper-known",
            t("Đơn vị này đã có một đường nối lên cấp trên; đường cũ vẫn dùng như trước."),
            t("Muốn thay, xin cấp trên thu hồi cổng cũ và lập cổng mới cho cơ quan."),
            field="unit",
        )
