"""How often a dossier's due date may be put off with an apology, and how often it was.

NĐ 61/2018 article 19 allowed it once; whether its successors keep that is for the province to say
(DOMAIN §3), so the number is a setting of the office.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select

from app.domain.dossier_status import Act
from app.models import tables
from app.services.desk import read_setting

EXTENSIONS_SETTING: Final = "extensions_allowed"
EXTENSIONS_DEFAULT: Final = 1


def extensions_allowed(connection: Connection) -> int:
    """How often, by the office's setting."""
    allowed = read_setting(connection, EXTENSIONS_SETTING)
    return allowed if isinstance(allowed, int) and allowed >= 0 else EXTENSIONS_DEFAULT


def extensions_used(connection: Connection, dossier_id: str) -> int:
    """How often this dossier's was."""
    h = tables.history.c
    query = select(func.count()).where(h.dossier_id == dossier_id, h.act == Act.EXTEND.value)
    return int(connection.execute(query).scalar_one())
