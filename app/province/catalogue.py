"""Procedure versions the province has published; they are immutable.

Version 1 of every procedure is the one desks ship with and is known without being published
(SYNC-PROTOCOL-CHOICES 3.13).
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, func, insert, select

from app.protocol.canonical import canonical_bytes
from app.province import feed
from app.province.problems import JsonObject, not_found
from app.province.run_memory import ask_once
from app.province.schemas import faults
from app.province.tables import procedure_versions
from app.province.times import to_ms, wire_ms
from app.resources import resource

_LAST_VERSION = 2**31 - 1
_FIRST_MANIFEST = "2026-01-01T00:00:00+07:00"


@cache
def _shipped() -> frozenset[str]:
    text = resource("protocol", "shipped-procedures.json").read_text(encoding="utf-8")
    return frozenset(json.loads(text))


def is_known_version(db: Connection, code: str, version: int) -> bool:
    """Whether a dossier may name this version."""
    if version == 1 and code in _shipped():
        return True
    asked = select(procedure_versions.c.code).where(
        procedure_versions.c.code == code, procedure_versions.c.version == version
    )
    return ask_once(db, ("version", code, version), lambda: db.execute(asked).one_or_none() is not None)


def manifest(db: Connection) -> JsonObject:
    """Schema CatalogueManifest: everything published, version 1 of the manifest while nothing is."""
    rows = db.execute(
        select(procedure_versions).order_by(procedure_versions.c.code, procedure_versions.c.version)
    ).all()
    latest = max((row.published_at for row in rows), default=None)
    return {
        "catalogue_version": catalogue_version(db),
        "generated_at": _FIRST_MANIFEST if latest is None else wire_ms(latest),
        "procedures": [
            {
                "code": row.code,
                "version": row.version,
                "name": row.name,
                "effective_from": row.effective_from,
                "effective_to": row.effective_to,
                "sha256": row.sha256,
                "size": len(row.body),
            }
            for row in rows
        ],
    }


def catalogue_version(db: Connection) -> int:
    """The number of the manifest: 1, and one more for each publication."""
    return db.execute(select(func.max(procedure_versions.c.catalogue_version))).scalar() or 1


def package(db: Connection, code: str, version: int) -> bytes:
    """The bytes of one version, whose SHA-256 the manifest names. Raises 404."""
    if not 0 < version <= _LAST_VERSION:
        raise not_found()
    body: bytes | None = db.execute(
        select(procedure_versions.c.body).where(
            procedure_versions.c.code == code, procedure_versions.c.version == version
        )
    ).scalar()
    if body is None:
        raise not_found()
    return body


def publish(db: Connection, now: datetime, procedure: JsonObject) -> int:
    """Publish one procedure version and tell every desk; answers the new manifest number.

    Raises ``ValueError`` where it breaks schema ProcedureVersion, or the version is not newer.
    """
    places = faults("ProcedureVersion", procedure)
    if places:
        raise ValueError(f"not a ProcedureVersion: {places}")
    code, version = procedure["code"], procedure["version"]
    newest = db.execute(
        select(func.max(procedure_versions.c.version)).where(procedure_versions.c.code == code)
    ).scalar()
    if version <= (newest or (1 if code in _shipped() else 0)):
        raise ValueError("the version must be newer than every known one")
    body = canonical_bytes(procedure)
    number = catalogue_version(db) + 1
    row = {
        "code": code,
        "version": version,
        "name": procedure["name"],
        "effective_from": procedure["effective_from"],
        "effective_to": procedure["effective_to"],
        "body": body,
        "sha256": hashlib.sha256(body).hexdigest(),
        "catalogue_version": number,
        "published_at": to_ms(now),
    }
    db.execute(insert(procedure_versions).values(row))
    data = {"catalogue_version": number, "procedures": [{"code": code, "version": version}]}
    change = feed.Change("catalogue.published", {"kind": "procedure", "id": code}, data)
    feed.tell_everyone(db, now, change)
    return number
