"""The province takes a bundle and answers with a receipt whose changes name people the desk has not seen."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from app.protocol.bundles import CHANGES, TO_DESK, BundleReader, bytes_part, write_bundle
from app.protocol.ids import new_id
from app.province.bundle_desk import import_file
from app.province.identity import load_or_make
from app.province.tables import desks
from tests.hunt.leaks import markers as m
from tests.hunt.mutants.forging import changes_about
from tests.support.gateway import Gateway


def at_the_province(gateway: Gateway, bundle: Path, folder: Path, dossier_id: str) -> Path:
    """The receipt, on the same stick."""
    import_file(gateway.db_url, bundle)
    with gateway.store() as store, store.write() as db:
        own = load_or_make(db)
        with bundle.open("rb") as handle:
            manifest = BundleReader(handle, own.bundle_secret).manifest
        query = select(desks.c.bundle_recipient).where(desks.c.desk_id == manifest.origin)
        recipient = db.execute(query).scalar_one()
    head = {
        "bundle_id": new_id(),
        "direction": TO_DESK,
        "origin": own.server_id,
        "recipient": manifest.origin,
        "created_at": manifest.created_at.isoformat(),
        "answers_bundle_id": manifest.bundle_id,
        "from_cursor": manifest.from_cursor,
        "next_cursor": manifest.from_cursor,
        "signing_kid": own.signing_kid,
    }
    words = json.dumps(changes_about(dossier_id, new_id(), new_id), ensure_ascii=False)
    for plain, marked in (
        ("0912345678", m.PHONE),
        ("Ma Thị H", m.FROM_PROVINCE),
        ("Đã chuyển", m.NOTE),
        ("Nghỉ buổi chiều", m.FROM_PROVINCE),
        ("Nghỉ", m.REASON),
    ):
        words = words.replace(plain, marked)
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in json.loads(words))
    target = folder / "bien-nhan.bundle"
    with target.open("wb") as out:
        parts = [bytes_part("verdicts.ndjson", b""), bytes_part(CHANGES, lines.encode())]
        write_bundle(out, recipient, bytes.fromhex(own.signing_secret), head, parts)
    return target
