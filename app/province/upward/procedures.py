"""The upper gateway's catalogue, byte for byte, so that its desks see the same versions and digests."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import Connection, func, insert, select

from app.province.schemas import faults
from app.province.tables import procedure_versions
from app.province.times import to_ms
from app.province.upward import links
from app.province.upward.work import Work


def fetch_all(work: Work) -> None:
    """Take every version this gateway lacks; a broken one is left out and asked for again next time."""
    with work.store.read() as db:
        link = links.link_of(db, work.unit)
    answer = work.upper.catalogue(None if link is None else link.catalogue_tag)
    if answer is None:
        return
    manifest, tag = answer
    whole = True
    for entry in manifest["procedures"]:
        work.check()
        with work.store.read() as db:
            if _known(db, entry):
                continue
        body = work.upper.procedure(entry["code"], entry["version"])
        if hashlib.sha256(body).hexdigest() != entry["sha256"] or _faulty(body, entry):
            whole = False
            continue
        with work.store.write() as db:
            _keep(db, work, manifest, entry, body)
    if whole and tag:
        with work.store.write() as db:
            links.note(db, work.unit, catalogue_tag=tag)


def _known(db: Connection, entry: dict[str, Any]) -> bool:
    mine = (
        procedure_versions.c.code == entry["code"],
        procedure_versions.c.version == entry["version"],
    )
    return db.execute(select(procedure_versions.c.sha256).where(*mine)).first() is not None


def _faulty(body: bytes, entry: dict[str, Any]) -> bool:
    try:
        procedure = json.loads(body)
    except ValueError:
        return True
    named = isinstance(procedure, dict) and (procedure.get("code"), procedure.get("version"))
    return named != (entry["code"], entry["version"]) or bool(faults("ProcedureVersion", procedure))


def _keep(db: Connection, work: Work, manifest: dict[str, Any], entry: dict[str, Any], body: bytes) -> None:
    newest = db.execute(select(func.max(procedure_versions.c.catalogue_version))).scalar() or 1
    db.execute(
        insert(procedure_versions).values(
            code=entry["code"],
            version=entry["version"],
            name=entry["name"],
            effective_from=entry["effective_from"],
            effective_to=entry.get("effective_to"),
            body=body,
            sha256=entry["sha256"],
            catalogue_version=max(manifest["catalogue_version"], newest + 1),
            published_at=to_ms(work.now()),
        )
    )
