"""The line to the province as the command line uses it: sync behind the port of cli."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.services.desk import Desk
from app.sync import status
from app.sync.bundle_in import take_receipt
from app.sync.bundle_out import export_bundles
from app.sync.catalogue_in import take_catalogue
from app.sync.context import SyncDesk
from app.sync.desk_keys import ask_new_keys, key_name
from app.sync.enrolment import enrol
from app.sync.report import RoundReport
from app.sync.round import run_round
from app.sync.words import keys_not_changed


def sync_desk(desk: Desk) -> SyncDesk:
    """The open desk as sync sees it."""
    return SyncDesk(store=desk.store, files=desk.files, clock=desk.clock, folder=desk.folder)


class DeskLine:
    """The port of the command line (``app.cli.links.Line``)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = sync_desk(desk)

    def enrol(self, url: str, code: str, ca_pem: bytes | None) -> Mapping[str, Any]:
        """Make the desk known to a gateway: ``{desk, unit, gateway}``."""
        made = enrol(self._desk, url, code, None if ca_pem is None else ca_pem.decode("ascii", "replace"))
        return {"desk": made.desk_id, "unit": made.unit_code, "gateway": made.gateway}

    def sync(self) -> Mapping[str, Any]:
        """One whole round. Raises ``LineError`` where the line or the province ended it early."""
        report = run_round(self._desk)
        failure = report.error()
        if failure is not None and not _ran_through(report):
            raise failure
        return report.as_dict()

    def renew_keys(self) -> Mapping[str, Any]:
        """New keys in place of the present ones: ``{key}``. Raises ``LineError`` where the round ended before
        the province confirmed them; the next round goes on with the change."""
        present = ask_new_keys(self._desk)
        report = run_round(self._desk)
        name = key_name(self._desk)
        if name == present:
            raise report.error() or keys_not_changed().as_error()
        return {"key": name}

    def outbox(self) -> list[Mapping[str, Any]]:
        """What waits for a verdict, in the order it will be sent."""
        return [item.as_dict() for item in status.outbox(self._desk.store)]

    def bundle_export(self, target: Path, officer_id: str) -> Mapping[str, Any]:
        """What waits as bundles for the province: ``{files, events}``."""
        made = export_bundles(self._desk, target, officer_id)
        return {"files": [str(path) for path in made.files], "events": made.events}

    def bundle_receipt(self, source: Path) -> Mapping[str, Any]:
        """The province's receipt taken in: ``{files, events, bundle, changes}``."""
        taken = take_receipt(self._desk, source)
        return {
            "files": [str(source)],
            "events": taken.events,
            "bundle": taken.bundle_id,
            "arrived_files": taken.files,
            "changes": taken.changes,
        }

    def catalogue_import(self, source: Path) -> Mapping[str, Any]:
        """The province's signed file of procedure versions taken in: ``{catalogue_version, new}``."""
        taken = take_catalogue(self._desk, source)
        return {"catalogue_version": taken.number, "new": taken.new}


def _ran_through(report: RoundReport) -> bool:
    """Whether both sides spoke to the end, so that the counts say more than a sentence."""
    return report.outcome.code in ("complete", "files-waiting", "held-back", "difference")
