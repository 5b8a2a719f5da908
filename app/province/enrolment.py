"""Enrolment codes, desks and their public keys."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, func, insert, or_, select, update

from app.errors import RuleError
from app.protocol.canonical import digest_hex
from app.province import dialect, restores
from app.province.context import Act, unit_name
from app.province.identity import Identity
from app.province.problems import ApiProblem, JsonObject, at, bad_request, unauthorized
from app.province.schemas import faults
from app.province.tables import desk_keys, desks, enrolment_codes
from app.province.times import to_ms
from app.province.upward.links import all_links, relays
from app.text import t

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LIFE = timedelta(days=30)
_OLD_KEY_LIFE = timedelta(days=30)
_GSO = re.compile(r"\d{5}")
_LARGEST_DIGIT = 9
_DESK_ID = re.compile(r"[A-Za-z0-9._-]{1,60}")


def new_code(db: Connection, now: datetime, desk: str, unit: str | None) -> str:
    """A one-time code for a desk, for paper; only its hash is kept. Valid for 30 days.

    With ``unit`` the desk may claim no other. Raises ``ValueError`` for a desk name that is no identifier,
    ``RuleError`` "upper-unit" for a unit whose events an office gateway has no line for.
    """
    if not _DESK_ID.fullmatch(desk):
        raise ValueError("desk: letters, digits, dot, hyphen, underscore; at most 60")
    unit = _served(db, unit)
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    row = {
        "code_hash": _code_hash(letters),
        "desk_name": desk,
        "unit_code": unit,
        "expires_at": to_ms(now + _CODE_LIFE),
    }
    db.execute(insert(enrolment_codes).values(row))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def enrol(db: Connection, now: datetime, body: object, token_url: str, identity: Identity) -> JsonObject:
    """The Enrolment answer. The same code with the same keys gives the same desk again.

    Raises 400 for an unreadable request, 403 ``enrolment-refused``.
    """
    request = _checked(body, "EnrolmentRequest")
    dialect.lock(db, "enrolment")
    code = db.execute(
        select(enrolment_codes)
        .where(enrolment_codes.c.code_hash == _code_hash(request["code"]))
        .with_for_update()
    ).one_or_none()
    if code is None:
        raise _refused()
    keys = digest_hex({"x": request["signing_key"]["x"], "bundle": request["bundle_recipient"]})
    if code.used_by is not None:
        if code.used_keys != keys:
            raise _refused()
        return _answer(db, code.used_by, identity)
    if code.expires_at < to_ms(now):
        raise _refused()
    unit_code = _granted_unit(code.unit_code, request["unit_code"])
    desk_id = _create(db, now, code.desk_name, unit_code, request, token_url)
    db.execute(
        update(enrolment_codes)
        .where(enrolment_codes.c.code_hash == code.code_hash)
        .values(used_by=desk_id, used_keys=keys)
    )
    return _answer(db, desk_id, identity)


def rotate_keys(act: Act, body: object, token_taken: datetime) -> JsonObject:
    """Put a new signing key in force; the old ones stay good for 30 days. Repeating changes nothing.

    A new key needs a token taken since the last change, else 401: a copy of an earlier change that the line
    held back comes with an older one, and would put a key in force that the desk no longer has.
    """
    keys = _checked(body, "DeskKeys")
    signing = keys["signing_key"]
    mine = desk_keys.c.desk_id == act.desk.desk_id
    held = act.db.execute(select(desk_keys).where(mine, desk_keys.c.kid == signing["kid"])).one_or_none()
    if held is not None and held.x != signing["x"]:
        raise bad_request(t("Tên khóa này đã dùng cho khóa khác."), [at("/signing_key/kid", t("đã dùng"))])
    if held is None:
        until = to_ms(act.now + _OLD_KEY_LIFE)
        ending = act.db.execute(select(func.max(desk_keys.c.valid_until)).where(mine)).scalar()
        if ending is not None and to_ms(token_taken + _OLD_KEY_LIFE) < ending:
            raise unauthorized()
        act.db.execute(
            update(desk_keys).where(mine, desk_keys.c.valid_until.is_(None)).values(valid_until=until)
        )
        row = {"desk_id": act.desk.desk_id, "kid": signing["kid"], "x": signing["x"]}
        act.db.execute(insert(desk_keys).values(row))
    elif held.valid_until is not None:
        raise bad_request(t("Khóa này đã được thay."), [at("/signing_key/kid", t("đã thay"))])
    act.db.execute(
        update(desks)
        .where(desks.c.desk_id == act.desk.desk_id)
        .values(bundle_recipient=keys["bundle_recipient"])
    )
    return {"signing_key": signing, "bundle_recipient": keys["bundle_recipient"]}


def verified_by(db: Connection, desk_id: str, now: datetime, message: bytes, signature: bytes) -> bool:
    """Whether any key of the desk in force made the Ed25519 signature."""
    rows = db.execute(
        select(desk_keys.c.x).where(
            desk_keys.c.desk_id == desk_id,
            or_(desk_keys.c.valid_until.is_(None), desk_keys.c.valid_until > to_ms(now)),
        )
    )
    for (x,) in rows:
        try:
            Ed25519PublicKey.from_public_bytes(_key_bytes(x)).verify(signature, message)
        except (InvalidSignature, ValueError):
            continue
        return True
    return False


def _checked(body: object, schema: str) -> JsonObject:
    places = faults(schema, body)
    if places:
        raise bad_request(t("Yêu cầu còn thiếu hoặc sai mục."), places, code="schema-invalid")
    assert isinstance(body, dict)
    try:
        if len(_key_bytes(body["signing_key"]["x"])) != 32:
            raise ValueError
    except ValueError:
        place = at("/signing_key/x", t("không phải khóa Ed25519"))
        raise bad_request(t("Không đọc được khóa của quầy."), [place], code="schema-invalid") from None
    return body


def _key_bytes(x: str) -> bytes:
    try:
        return base64.b64decode(x + "=" * (-len(x) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64url") from None


def _code_hash(code: str) -> str:
    letters = re.sub(r"[\s-]", "", code).upper()
    return hashlib.sha256(letters.encode("utf-8")).hexdigest()


def _served(db: Connection, unit: str | None) -> str | None:
    """The unit of a new desk. Below another gateway: one there is a line for; the only one needs no name."""
    if not relays(db):
        return unit
    served = [link.unit_code for link in all_links(db)]
    if unit is None and len(served) == 1:
        return served[0]
    if unit not in served:
        raise RuleError(
            "upper-unit",
            t("Cổng này chưa nối lên cấp trên cho đơn vị đó nên chưa ghi danh quầy."),
            t("Chọn đơn vị đã nối (xem gateway upward status), hoặc nối đơn vị đó lên trước."),
            field="unit",
        )
    return unit


def _granted_unit(bound: str | None, claimed: str) -> str:
    """The unit of the new desk; one that knows only its GSO code gets the agency code of its paper."""
    if bound is None or bound == claimed:
        return claimed
    if _GSO.fullmatch(claimed) and not _GSO.fullmatch(bound):
        return bound
    raise _refused()


def _create(
    db: Connection, now: datetime, wanted_id: str, unit_code: str, request: JsonObject, token_url: str
) -> str:
    desk_id = _free_id(db, wanted_id)
    row = {
        "desk_id": desk_id,
        "unit_code": unit_code,
        "name": request["desk_name"],
        "slot": _free_slot(db, unit_code),
        "token_url": token_url,
        "bundle_recipient": request["bundle_recipient"],
        "state": "active",
        "enrolled_at": to_ms(now),
        "acked_seq": 0,
    }
    db.execute(insert(desks).values(row))
    signing = request["signing_key"]
    db.execute(insert(desk_keys).values(desk_id=desk_id, kid=signing["kid"], x=signing["x"]))
    return desk_id


def _free_slot(db: Connection, unit_code: str) -> int:
    """The next slot of the unit, never one given before. A store that was put back from a copy does not know
    the last it gave, so it gives the digits from the other end, while there are any."""
    taken = set(db.execute(select(desks.c.slot).where(desks.c.unit_code == unit_code)).scalars())
    from_the_end = (slot for slot in range(_LARGEST_DIGIT, 0, -1) if slot not in taken)
    after_all = max(taken, default=0) + 1
    return next(from_the_end, after_all) if restores.any_noted(db) else after_all


def _free_id(db: Connection, wanted: str) -> str:
    """``wanted``, or the next with a number: a desk that lost its keys is a new desk."""
    taken = set(db.execute(select(desks.c.desk_id).where(desks.c.desk_id.startswith(wanted))).scalars())
    candidate, number = wanted, 1
    while candidate in taken:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate


def _answer(db: Connection, desk_id: str, identity: Identity) -> JsonObject:
    desk = db.execute(select(desks).where(desks.c.desk_id == desk_id)).one()
    return {
        "desk_id": desk_id,
        "client_id": desk_id,
        "unit_code": desk.unit_code,
        "unit_name": unit_name(db, desk.unit_code),
        "desk_slot": desk.slot,
        "token_url": desk.token_url,
        "server_signing_keys": [identity.signing_key()],
        "bundle_recipients": [identity.bundle_recipient],
    }


def _refused() -> ApiProblem:
    return ApiProblem(
        403,
        "enrolment-refused",
        t("Mã ghi danh không dùng được."),
        detail=t("Mã sai, đã hết hạn, đã dùng cho quầy khác hoặc dành cho đơn vị khác. Xin tỉnh cấp mã mới."),
    )
