"""The number a person is looked up by, and whose data may not be used at the moment."""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.models.privacy_tables import subject_request
from app.text import t

_SHORTEST, _LONGEST = 5, 20


def identity_of(text: str) -> str:
    """The number as stored: no spaces, capitals.

    Raises ``RuleError`` "identity-shape" (field ``identity``).
    """
    number = "".join(clean_text(text).split()).upper()
    if not (number.isascii() and number.isalnum() and _SHORTEST <= len(number) <= _LONGEST):
        raise RuleError(
            "identity-shape",
            t("Số giấy tờ chưa đúng."),
            t("Quét thẻ, hoặc gõ 12 số định danh, số CMND hay hộ chiếu đã ghi trong hồ sơ."),
            field="identity",
        )
    return number


def is_restricted(connection: Connection, identity: str | None) -> bool:
    """Whether a granted restriction holds: contact and earlier data of this person are not used again."""
    if not identity:
        return False
    c = subject_request.c
    query = select(c.id).where(
        c.personal_id == identity,
        c.kind == "restriction",
        c.decision.in_(("granted", "partly")),
        c.ended_at.is_(None),
    )
    return connection.execute(query.limit(1)).first() is not None
