"""Words of attestation for stored lines, in the office's own wording where it has set one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from app.clock import VIETNAM
from app.domain.certification import Kind, volume_of
from app.domain.roles import Officer, Permission
from app.domain.stamp_text import Stamp, StampLine, filled, unknown_places
from app.domain.vietnamese import require_text
from app.errors import RuleError
from app.models import tables
from app.resources import resource
from app.services.certify.signers import BOOKED
from app.services.desk import Desk, read_setting, write_setting
from app.services.papers.slips import office_name
from app.services.recording import Recorder
from app.text import t

_SETTING = "stamp_wording:"
_MOST_LINES = 30
_LONGEST_LINE = 600


def stamps(desk: Desk, by: Officer, dossier_ids: Sequence[str]) -> tuple[Stamp, ...]:
    """The text for each of these dossiers that stands in a book, in the order of the books."""
    by.require(Permission.PRINT)
    c, d, p = tables.certified_copy.c, tables.dossier.c, tables.party.c
    query = (
        select(tables.certified_copy, d.officer_id, p.full_name, p.id_value, tables.officer.c.name)
        .join(tables.dossier, d.id == c.dossier_id)
        .join(tables.officer, tables.officer.c.id == d.officer_id)
        .join(tables.party, (p.dossier_id == c.dossier_id) & (p.role == "owner"))
        .where(c.dossier_id.in_(list(dossier_ids)))
        .order_by(c.book, c.line)
    )
    with desk.store.read() as connection:
        rows = connection.execute(query).mappings().all()
        return tuple(_stamp(connection, desk, row) for row in rows)


def set_wording(desk: Desk, by: Officer, kind: Kind, lines: Sequence[StampLine]) -> None:
    """The office's own words; none at all goes back to the shipped ones.

    Raises ``RuleError`` "stamp-wording" (field ``wording``) for an unknown place in braces or too much text.
    """
    by.require(Permission.CONFIGURE)
    texts = [StampLine(require_text(line.text, "wording"), line.strong, line.room) for line in lines]
    unknown = unknown_places(texts)
    if unknown:
        raise RuleError(
            "stamp-wording",
            t("Lời chứng có chỗ điền chưa biết: {names}.").format(names=", ".join(dict.fromkeys(unknown))),
            t("Dùng đúng tên chỗ điền như trong mẫu kèm theo chương trình."),
            field="wording",
        )
    if len(texts) > _MOST_LINES or any(len(line.text) > _LONGEST_LINE for line in texts):
        raise RuleError(
            "stamp-wording",
            t("Lời chứng dài quá khổ giấy."),
            t("Rút gọn, mỗi lời chứng không quá {most} dòng.").format(most=_MOST_LINES),
            field="wording",
        )
    body = [{"text": line.text, "strong": line.strong, "room": line.room} for line in texts]
    with desk.store.write() as connection:
        write_setting(connection, _SETTING + kind.value, body)
        Recorder(connection, desk, by, desk.clock.now()).audit("set", "stamp_wording", kind.value)


def wording(connection: Connection, kind: Kind) -> tuple[tuple[StampLine, ...], bool]:
    """The lines now in use, and whether somebody answers for them: the office's own are its own."""
    own = read_setting(connection, _SETTING + kind.value)
    if isinstance(own, list) and own:
        return _lines(own), True
    shipped = _shipped()
    return _lines(shipped[kind.value]), bool(shipped["confirmed"])


def confirm_note() -> str:
    """What is said of shipped wording that nobody has compared with the law in force."""
    return str(_shipped()["confirm_note"])


def _lines(rows: Sequence[Any]) -> tuple[StampLine, ...]:
    return tuple(StampLine(row["text"], bool(row.get("strong")), bool(row.get("room"))) for row in rows)


@cache
def _shipped() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resource("forms", "copy-stamp.json").read_text(encoding="utf-8"))
    return content


def _stamp(connection: Connection, desk: Desk, row: RowMapping) -> Stamp:
    volume = volume_of(row["book"])
    lines, confirmed = wording(connection, volume.kind)
    day = row["at"].astimezone(VIETNAM)
    signer = _signer(connection, row["dossier_id"])
    facts = {
        "number": str(row["line"]),
        "volume": volume.printed,
        "day": f"{day.day:02d}",
        "month": f"{day.month:02d}",
        "year": str(day.year),
        "place": office_name(connection, desk),
        "signer": signer.get("signer", ""),
        "signer_title": signer.get("signer_title", ""),
        "name": row["full_name"],
        "identity": row["id_value"] or "",
        "receiver": row["name"],
    }
    return Stamp(f"{row['line']}/{row['book']}", row["paper"], row["copies"], filled(lines, facts), confirmed)


def _signer(connection: Connection, dossier_id: str) -> dict[str, str]:
    h = tables.history.c
    query = select(h.detail).where(h.dossier_id == dossier_id, h.act == BOOKED).order_by(h.id).limit(1)
    found = connection.execute(query).scalar_one_or_none()
    return dict(found) if found else {}
