"""Procedure versions as a file for a stick: a tar of ``manifest.json``, ``manifest.sig``, then each package
under its SHA-256, in the manifest's order.

What the province publishes is public, so it is signed (Ed25519, as a bundle is) and not encrypted. The
manifest is that of ``GET /v1/catalogue`` with who made it and when.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.protocol import messages as m
from app.protocol.strict_json import BadJson, loads_strict

FORMAT: Final = "commune-desk-catalogue/1"
_MANIFEST: Final = "manifest.json"
_SIGNATURE: Final = "manifest.sig"
_PACKAGES: Final = "packages/"
_MOST_MANIFEST: Final = 4 * 1024 * 1024
_MOST_PACKAGE: Final = 4 * 1024 * 1024
_MOST: Final = 64 * 1024 * 1024


class BadCatalogue(ValueError):  # noqa: N818
    """No whole catalogue file. The message holds no content."""


class NotGenuineError(BadCatalogue):
    """A catalogue file that the province did not sign."""


class CatalogueHead(m.Message):
    """``manifest.json``: the province's manifest, and whose it is."""

    format: str
    origin: str
    created_at: m.Timestamp
    signing_kid: str
    manifest: m.CatalogueManifest


@dataclass(frozen=True)
class CatalogueFile:
    """A catalogue file read to its last byte. ``packages``: bytes by SHA-256."""

    head: CatalogueHead
    packages: Mapping[str, bytes]


def write_catalogue(
    out: IO[bytes],
    signing: bytes,
    head: Mapping[str, Any],
    manifest: Mapping[str, Any],
    package: Callable[[str, int], bytes],
) -> None:
    """Write the file. ``head``: origin, created_at, signing_kid; ``package``: the bytes of a version."""
    content = json.dumps({"format": FORMAT, **head, "manifest": manifest}, ensure_ascii=False).encode()
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.USTAR_FORMAT) as tar:
        _add(tar, _MANIFEST, content)
        _add(tar, _SIGNATURE, Ed25519PrivateKey.from_private_bytes(signing).sign(content))
        for entry in manifest["procedures"]:
            _add(tar, _PACKAGES + entry["sha256"], package(entry["code"], entry["version"]))


def read_catalogue(source: IO[bytes], signed: Callable[[bytes, bytes], bool]) -> CatalogueFile:
    """The file, every byte checked. Raises ``BadCatalogue``, ``NotGenuineError`` where ``signed(manifest,
    signature)`` says no; ``OSError`` where the stick fails."""
    try:
        with tarfile.open(fileobj=source, mode="r|") as tar:
            members = _members(tar)
            content = next(members, b"")
            if not signed(content, next(members, b"")):
                raise NotGenuineError("not signed by the province")
            head = _head(content)
            packages = _packages(head, members)
            if next(members, None) is not None:
                raise BadCatalogue("more than the manifest names")
    except tarfile.TarError:
        raise BadCatalogue("no whole archive") from None
    return CatalogueFile(head, packages)


def _head(content: bytes) -> CatalogueHead:
    try:
        head = CatalogueHead.model_validate(loads_strict(content, max_bytes=_MOST_MANIFEST))
    except (BadJson, ValueError):
        raise BadCatalogue("a broken manifest") from None
    if head.format != FORMAT:
        raise BadCatalogue("another format")
    return head


def _packages(head: CatalogueHead, members: Iterator[bytes]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in head.manifest.procedures:
        body = next(members, b"")
        if len(body) != entry.size or hashlib.sha256(body).hexdigest() != entry.sha256:
            raise BadCatalogue("a package that does not fit its hash")
        found[entry.sha256] = body
    return found


def _members(tar: tarfile.TarFile) -> Iterator[bytes]:
    """The contents in order, none larger than allowed, all together neither."""
    left = _MOST
    for info in tar:
        if not info.isreg() or info.size > min(_MOST_PACKAGE, left):
            raise BadCatalogue("a part that does not belong")
        left -= info.size
        part = tar.extractfile(info)
        assert part is not None
        yield part.read()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))
