"""Reference data of the desk: catalogue, calendar, units. Loaded once, each when first used.

Shipped data lies under ``resources/``; the store adds what the province has published and what the
office itself has decided. All of it is dated: callers choose by day of reception, never by today.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from functools import cached_property

from sqlalchemy import Connection, select

from app.domain.catalogue import ProcedureVersion
from app.domain.catalogue_json import procedure_from_json, procedure_from_wire
from app.domain.procedure_finder import Catalogue, catalogue_of
from app.domain.units import UnitIndex
from app.domain.working_calendar import CalendarEdit, EditKind, WorkingCalendar, calendar_from_json
from app.errors import RuleError
from app.models import tables
from app.models.database import Store
from app.resources import resource

SHIPPED_CATALOGUE = "danh-muc-2026-09-21"


class Reference:
    """What the counter looks things up in. One object a program; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._edits: tuple[CalendarEdit, ...] = ()
        self._packages: tuple[ProcedureVersion, ...] = ()
        self._catalogue: Catalogue | None = None
        self._calendar: WorkingCalendar | None = None
        self.used: Counter[str] = Counter()
        """How often this desk has received each procedure: what stands first among equals in a search."""

    @property
    def catalogue(self) -> Catalogue:
        """Procedures in all their versions."""
        with self._lock:
            if self._catalogue is None:
                published = {(version.code, version.version) for version in self._packages}
                kept = [v for v in self.shipped if (v.code, v.version) not in published]
                self._catalogue = catalogue_of(self._packages, kept)
            return self._catalogue

    @property
    def calendar(self) -> WorkingCalendar:
        """Working days and hours with the office's own decisions."""
        with self._lock:
            if self._calendar is None:
                self._calendar = calendar_from_json(self._calendar_files, self._edits)
            return self._calendar

    @cached_property
    def shipped(self) -> tuple[ProcedureVersion, ...]:
        """Versions that came with the program: full records, then rows of the index."""
        return tuple(
            procedure_from_json(document)
            for name in ("procedures.json", "index.json")
            for document in json.loads(resource("catalogue", name).read_text("utf-8"))["procedures"]
        )

    @cached_property
    def units(self) -> UnitIndex:
        """Provinces, communes and their former names."""
        files = ("units-08.json", "units-others.json")
        return UnitIndex(json.loads(resource("units", name).read_text("utf-8")) for name in files)

    def load_local(self, store: Store) -> None:
        """Take in (again) what the store adds: published procedure versions and edited days."""
        with store.read() as connection:
            edits = _calendar_edits(connection)
            packages = _packages(connection, self)
            used = _used(connection)
        with self._lock:
            self.used = used
            if edits != self._edits:
                self._edits, self._calendar = edits, None
            if packages != self._packages:
                self._packages, self._catalogue = packages, None

    @cached_property
    def _calendar_files(self) -> dict[str, object]:
        files = sorted(resource("calendars").glob("*.json"))
        return {path.name: json.loads(path.read_text("utf-8")) for path in files}


def _calendar_edits(connection: Connection) -> tuple[CalendarEdit, ...]:
    rows = connection.execute(select(tables.calendar_edit).order_by(tables.calendar_edit.c.id))
    newest = {row.day: row for row in rows}
    return tuple(
        CalendarEdit(day, EditKind(row.kind), row.name)
        for day, row in sorted(newest.items())
        if row.kind != "as_law"
    )


def _packages(connection: Connection, reference: Reference) -> tuple[ProcedureVersion, ...]:
    """Versions the province has published, oldest first; each continues the desk's own short names."""
    c = tables.procedure_package.c
    rows = connection.execute(select(c.body).order_by(c.code, c.version)).scalars().all()
    if not rows:
        return ()
    known = {version.code: version for version in reference.shipped}
    versions = []
    for body in rows:
        document = json.loads(body)
        try:
            version = procedure_from_wire(document, known.get(document.get("code")))
        except RuleError:  # kept by an earlier release; the desk opens with what it can read
            continue
        known[version.code] = version
        versions.append(version)
    return tuple(versions)


def _used(connection: Connection) -> Counter[str]:
    rows = connection.execute(select(tables.procedure_use.c.code, tables.procedure_use.c.count))
    return Counter({row.code: row.count for row in rows})
