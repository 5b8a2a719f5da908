"""What the command line is handed by bootstrap, so that it imports neither sync, gateway nor windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.clock import Clock

if TYPE_CHECKING:
    from app.services.desk import Desk


class Line(Protocol):
    """The line between one open desk and the province."""

    def enrol(self, url: str, code: str, ca_pem: bytes | None) -> Mapping[str, Any]:
        """Make the desk known to a gateway: ``{desk, unit, gateway}``."""

    def sync(self) -> Mapping[str, Any]:
        """One whole round, as CONTRACT ``sync`` says it."""

    def renew_keys(self) -> Mapping[str, Any]:
        """New keys in place of the desk's present ones, in one round: ``{key}``, the new one's name."""

    def outbox(self) -> list[Mapping[str, Any]]:
        """What waits, as CONTRACT ``outbox`` says it."""

    def bundle_export(self, target: Path, officer_id: str) -> Mapping[str, Any]:
        """What waits, as bundles for the USB courier: ``{files, events}``."""

    def bundle_receipt(self, source: Path) -> Mapping[str, Any]:
        """The receipt that came back: ``{files, events, bundle, arrived_files, changes}``."""

    def catalogue_import(self, source: Path) -> Mapping[str, Any]:
        """Procedure versions from a stick, signed by the province: ``{catalogue_version, new}``."""


@dataclass(frozen=True)
class GatewayOptions:
    """``public_url``: as desks see it; ``files``: folder of uploads; ``desk_rate``: calls a second;
    ``national``: the province's file for the national portal; ``upward``: refuse to serve without a line to
    a gateway above."""

    public_url: str | None = None
    files: Path | None = None
    desk_rate: float | None = None
    national: Path | None = None
    upward: bool = False


@dataclass(frozen=True)
class National:
    """The gateway's commands about the national portal, each given the store's address."""

    status: Callable[[str], Mapping[str, Any]]
    run: Callable[[str, Path, Path | None], Mapping[str, Any]]
    retry: Callable[[str, str | None, str | None, bool], Mapping[str, Any]]
    map_check: Callable[[Path, str | None], Mapping[str, Any]]


@dataclass(frozen=True)
class Upward:
    """The gateway's commands about the gateway above it, each given the store's address.

    ``enroll``: address, url, code, unit, name, authority's certificate; ``run``: address, folder of files.
    """

    enroll: Callable[[str, str, str, str, str, bytes | None], Mapping[str, Any]]
    run: Callable[[str, Path | None], list[Mapping[str, Any]]]
    status: Callable[[str], list[Mapping[str, Any]]]


@dataclass(frozen=True)
class Gateway:
    """The province gateway as a program of its own; its packages are an extra."""

    serve: Callable[[str, str, int, tuple[Path, Path] | None, GatewayOptions], None]
    enrolment_code: Callable[[str, str, str | None], str]
    import_bundle: Callable[[str, Path, Path | None], Mapping[str, Any]]
    desks: Callable[[str, str], list[dict[str, object]]]
    set_desk: Callable[[str, str, str], None]
    operator_token: Callable[[str], str]
    restored: Callable[[str], None]
    export_catalogue: Callable[[str, Path], Mapping[str, Any]]
    national: National
    upward: Upward


@dataclass(frozen=True)
class UiOrder:
    """How the window is asked for. ``tour``: folder for the pictures of every screen."""

    data: Path
    login: str | None
    tour: Path | None = None
    exit_when_ready: bool = False


@dataclass(frozen=True)
class Links:
    """The rooms the command line may not import, behind plain functions; each loads its room late."""

    clock: Clock
    open_desk: Callable[[Path], Desk]
    line: Callable[[Desk], Line]
    gateway: Callable[[], Gateway]
    window: Callable[[UiOrder], Mapping[str, Any]]
    start_logging: Callable[[Path], None]
    note_crash: Callable[[Path | None, BaseException], str]
