"""Procedure versions over the line: conditional manifest, packages checked by their hash (§3.7)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final, Literal

from pydantic import Field
from sqlalchemy import Connection, insert, select

from app.domain.catalogue_json import procedure_from_wire
from app.errors import RuleError
from app.models.tables import procedure_package
from app.protocol.messages import (
    BadAnswer,
    Count,
    Day,
    ManifestEntry,
    Message,
    Sequence1,
    UnitRef,
    read_answer,
)
from app.sync.link import Link
from app.sync.marks import CATALOGUE_NUMBER, CATALOGUE_TAG, read_mark, write_mark
from app.sync.province import LARGE, Catalogue, Province
from app.sync.trouble import NotBelievedError

_CODE: Final = re.compile(r"[0-9]\.[0-9]{6}[.A-Z0-9]{0,40}")


class _TimeLimit(Message):
    channel: Literal["counter", "online", "post"]
    amount: Count | None
    unit: Literal["hour", "working_hour", "same_day", "day", "working_day", "month"]
    late_cutoff: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None


class _Fee(Message):
    code: str
    name: str
    amount_vnd: Count | None
    kind: Literal["ordinary", "appraisal", "extension"]


class _Component(Message):
    code: str
    name: str
    originals: Count
    copies: Count
    kind: Literal["submit", "present"] | None = None
    mandatory: Literal["yes", "one_of", "conditional", "no"] | None = None


class _Case(Message):
    case_code: str
    name: str
    components: list[_Component]


class Package(Message):
    """The members of ProcedureVersion that the desk reckons with; the stored bytes keep the rest."""

    code: str
    version: Sequence1
    name: Annotated[str, Field(min_length=1)]
    field: UnitRef
    level: Literal["ministry", "province", "commune"]
    effective_from: Day
    effective_to: Day | None
    time_limits: list[_TimeLimit]
    fees: list[_Fee]
    cases: list[_Case]
    results: list[dict[str, Any]]


def ask_catalogue(link: Link) -> None:
    """Ask for the manifest beside what is under way."""
    link.ask_ahead("catalogue", _manifest(link))


def fetch_procedures(link: Link) -> int:
    """Take in what is new; gives how many packages. The tag moves only when all of them are here."""
    link.tell("catalogue")
    answer = link.asked("catalogue", _manifest(link))
    if answer is None:
        return 0
    wanted = [entry for entry in answer.manifest.procedures if not _held(link, entry)]
    for done, entry in enumerate(wanted):
        link.tell("catalogue", done, len(wanted))
        _take(link, entry)
    with link.desk.store.write() as connection:
        write_mark(connection, CATALOGUE_TAG, answer.tag or None)
        known = read_mark(connection, CATALOGUE_NUMBER) or 0
        write_mark(connection, CATALOGUE_NUMBER, max(known, answer.manifest.catalogue_version))
    return len(wanted)


def _manifest(link: Link) -> Callable[[Province], Catalogue | None]:
    with link.desk.store.read() as connection:
        tag = read_mark(connection, CATALOGUE_TAG)
    return lambda province: province.catalogue(tag)


def _held(link: Link, entry: ManifestEntry) -> bool:
    with link.desk.store.read() as connection:
        return is_kept(connection, entry)


def is_kept(connection: Connection, entry: ManifestEntry) -> bool:
    """Whether the version is here. Versions never change: other bytes under a known one are refused.

    Raises ``NotBelievedError``.
    """
    if not _CODE.fullmatch(entry.code):
        raise NotBelievedError("a procedure code that is none")
    c = procedure_package.c
    kept = connection.execute(
        select(c.sha256).where(c.code == entry.code, c.version == entry.version)
    ).scalar_one_or_none()
    if kept is not None and kept != entry.sha256:
        raise NotBelievedError("a procedure version that changed")
    return kept is not None


def _take(link: Link, entry: ManifestEntry) -> None:
    body = link.patiently(partial(link.province.procedure_version, entry.code, entry.version, entry.size))
    row = package_row(entry, body)
    with link.desk.store.write() as connection:
        connection.execute(insert(procedure_package).values(**row, taken_at=link.now()))


def package_row(entry: ManifestEntry, body: bytes) -> dict[str, Any]:
    """The row of a package but ``taken_at``. Raises ``NotBelievedError`` where it is not what the manifest
    says, or cannot be read."""
    if len(body) != entry.size or hashlib.sha256(body).hexdigest() != entry.sha256:
        raise NotBelievedError("a package that does not fit its hash")
    try:
        package = read_answer(Package, body, max_bytes=LARGE)
    except BadAnswer as error:
        raise NotBelievedError(str(error)) from None
    if (package.code, package.version) != (entry.code, entry.version):
        raise NotBelievedError("a package of another procedure")
    _require_readable(body)
    return {
        "code": entry.code,
        "version": entry.version,
        "sha256": entry.sha256,
        "body": body,
        "effective_from": package.effective_from,
        "effective_to": package.effective_to,
    }


def _require_readable(body: bytes) -> None:
    """What is kept is read at every start: a version the catalogue cannot read must not get in."""
    try:
        procedure_from_wire(json.loads(body), None)
    except RuleError:
        raise NotBelievedError("a package the catalogue cannot read") from None
