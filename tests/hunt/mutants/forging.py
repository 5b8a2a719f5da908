"""Bundles and backups whose inside is hostile though their seal is right: a lying partner, a stolen key."""

from __future__ import annotations

import hashlib
import io
import json
import random
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.protocol.age_file import AgeWriter
from app.protocol.age_keys import recipient_of
from app.protocol.bundles import BundleReader, part_bytes
from tests.hunt.mutants.mutators import EVIL, mutate

LINES = ("events.ndjson", "verdicts.ndjson", "changes.ndjson")


@dataclass(frozen=True)
class Bundle:
    """A genuine bundle opened, with the keys to seal another: ``signing`` of its sender."""

    manifest: Mapping[str, Any]
    parts: Mapping[str, bytes]
    recipient: str
    signing: bytes

    def forged(self, dice: random.Random) -> bytes:
        """The same with one or two things changed inside, signed and encrypted as the sender would."""
        parts, manifest = dict(self.parts), json.loads(json.dumps(self.manifest))
        target = dice.choice([*(name for name in parts if parts[name]), "manifest", "archive"])
        if target in parts:
            parts[target] = (
                _lines(parts[target], dice)
                if target in LINES
                else mutate(parts[target], "bytes", [b"x"], dice)
            )
        honest = dice.random() < 0.9
        if honest:
            manifest["parts"] = [
                {"name": name, "sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
                for name, body in parts.items()
            ]
        raw = json.dumps(manifest).encode()
        if target == "manifest":
            raw = mutate(raw, "json", [raw], dice)
        out = io.BytesIO()
        writer = AgeWriter(out, self.recipient)
        writer.write(self._archive(raw, parts, dice if target == "archive" else None))
        writer.close()
        return out.getvalue()

    def _archive(self, raw: bytes, parts: Mapping[str, bytes], dice: random.Random | None) -> bytes:
        signature = Ed25519PrivateKey.from_private_bytes(self.signing).sign(raw)
        members: list[tuple[tarfile.TarInfo, bytes]] = [
            (tarfile.TarInfo(name), body)
            for name, body in (("manifest.json", raw), ("manifest.sig", signature), *parts.items())
        ]
        if dice is not None:
            _spoil(members, dice)
        out = io.BytesIO()
        shape = tarfile.USTAR_FORMAT if dice is None else tarfile.PAX_FORMAT
        with tarfile.open(fileobj=out, mode="w", format=shape) as archive:
            for info, body in members:
                info.size = len(body) if info.isreg() else 0
                archive.addfile(info, io.BytesIO(body))
        content = out.getvalue()
        return (
            mutate(content, "bytes", [content], dice) if dice is not None and dice.random() < 0.4 else content
        )


def opened(content: bytes, identity: str, signing: bytes, recipient_identity: str) -> Bundle:
    """A genuine bundle by its receiver's key."""
    reader = BundleReader(io.BytesIO(content), identity)
    parts = {part.name: part_bytes(pieces, 1 << 28) for part, pieces in reader.parts()}
    manifest = reader.manifest.model_dump(mode="json", exclude_none=True)
    return Bundle(manifest, parts, recipient_of(recipient_identity), signing)


def _lines(content: bytes, dice: random.Random) -> bytes:
    lines = content.splitlines()
    at = dice.randrange(len(lines))
    lines[at] = mutate(lines[at], "json", lines, dice).replace(b"\n", b" ")
    if dice.random() < 0.2:
        lines.insert(dice.randint(0, len(lines)), dice.choice(lines))
    return b"\n".join(lines) + b"\n"


def _spoil(members: list[tuple[tarfile.TarInfo, bytes]], dice: random.Random) -> None:
    at = dice.randrange(len(members))
    info, body = members[at]
    how = dice.randrange(6)
    if how == 0:
        info.name = dice.choice(
            [name for name in EVIL if name and "\0" not in name and "\ud800" not in name]
        )[:90]
    elif how == 1:
        info.type, info.linkname = dice.choice((tarfile.SYMTYPE, tarfile.LNKTYPE)), "/etc/passwd"
    elif how == 2:
        info.type = dice.choice((tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE))
    elif how == 3:
        members.append((tarfile.TarInfo("../../../motcua-mutant-escaped"), b"x"))
    elif how == 4:
        del members[at]
    else:
        members.insert(dice.randint(0, len(members)), (tarfile.TarInfo(info.name), body))


def changes_about(dossier_id: str, event_id: str, new_id: Any) -> list[dict[str, Any]]:
    """One change of every type a province may send, about one dossier."""
    at = "2026-11-23T10:00:00+07:00"
    unit = {"code": "02221", "name": "Xã Ví Dụ"}
    file = {"sha256": "0" * 64, "size": 11, "media_type": "application/pdf", "name": "a.pdf"}
    result = {"result_id": new_id(), "code": "KQ1", "name": "Giấy khai sinh", "number": "5", "file": file}
    data: dict[str, Any] = {
        "dossier.numbered": {
            "code": "H60.14.3-261123-00017",
            "provisional_code": "TN-02221-261123-1AAA001",
            "numbered_at": at,
        },
        "dossier.status_changed": {"from": 2, "to": 4, "note": "Đã chuyển"},
        "dossier.fields_changed": {"set": {"/owner/phone": "0912345678", "/owner/full_name": "Ma Thị H"}},
        "dossier.due_date_changed": {"previous_due_at": at, "new_due_at": at, "reason": "Nghỉ"},
        "dossier.custody_changed": {"from_unit": unit, "to_unit": {"code": "02248", "name": "Xã B"}},
        "dossier.result_issued": {"results": [result]},
        "account.outcome": {"request_event_id": event_id, "outcome": "created"},
        "catalogue.published": {"catalogue_version": 3, "procedures": [{"code": "1.001193", "version": 2}]},
        "desk.notice": {"severity": "urgent", "text": "Nghỉ buổi chiều"},
    }
    return [
        {
            "change_id": new_id(),
            "change_type": kind,
            "at": at,
            "subject": {"kind": "dossier", "id": dossier_id},
            "dossier_version": version,
            "data": body,
        }
        for version, (kind, body) in enumerate(data.items(), 2)
    ]


def sealed_backup(content: bytes, key: bytes, dice: random.Random) -> bytes:
    """A backup whose list of parts is changed and sealed again, as only the desk's own key can."""
    from app.services.safety import container

    head = container.read_head(io.BytesIO(content))
    cipher = container._cipher(key)
    listed = cipher.decrypt(head.sealed[:12], head.sealed[12:], container.MAGIC + head.public)
    nonce = dice.randbytes(12)
    changed = nonce + cipher.encrypt(
        nonce, mutate(listed, "json", [listed], dice), container.MAGIC + head.public
    )
    pieces = (container._LENGTH.pack(len(piece)) + piece for piece in (head.public, changed))
    return container.MAGIC + b"".join(pieces) + content[head.body_at :]


def backup_with_public(content: bytes, dice: random.Random) -> bytes:
    """A backup whose readable head is changed: its list no longer fits, but the head is read first."""
    from app.services.safety import container

    head = container.read_head(io.BytesIO(content))
    public = mutate(head.public, "json", [head.public], dice)
    pieces = (container._LENGTH.pack(len(piece)) + piece for piece in (public, head.sealed))
    return container.MAGIC + b"".join(pieces) + content[head.body_at :]


def place_all(folder: Path) -> set[str]:
    """Every name below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}
