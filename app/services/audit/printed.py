"""How far the audit log had come, as it is printed at the foot of a page (I24): nobody here can change it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from app.services.recording import audit_end
from app.text import t

SHOWN_MAC: Final = 16
"""Hex signs of the mark on paper: 64 bits, few enough to be typed for ``verify.read_anchor``."""


def printed_anchor(connection: Connection) -> str:
    """Number and mark of the last entry."""
    end = audit_end(connection)
    return t("Nhật ký: mục {seq}, dấu {mac}").format(seq=end.seq, mac=end.mac[:SHOWN_MAC])
