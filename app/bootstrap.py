"""The one place that wires the rooms: an open desk, the line to the province, the window, the gateway.

Each room is loaded when it is first needed, so that a short command does not pay for windows or sync.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from app import keys, logs
from app.cli.links import Gateway, GatewayOptions, Line, Links, National, UiOrder, Upward
from app.clock import Clock, SystemClock
from app.errors import AppError, CircumstanceError
from app.gateway_key import make_gateway_key, open_gateway_key
from app.no_dumps import forbid_dumps
from app.process_age import process_age_ms
from app.text import t

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.ui.lock.door import KeyOrder
    from app.ui.ports import Runtime


@dataclass
class Startup:
    """What the steps of starting make, one after the other."""

    folder: Path
    clock: Clock
    environ: Mapping[str, str]
    program: str
    desk: Desk | None = None
    took_ms: dict[str, int] = field(default_factory=dict)


def start_log(startup: Startup) -> None:
    """The log first, so that every later step can be read in it."""
    if logs.is_folder(startup.folder):
        logs.start_logging(startup.folder, startup.program)


def open_store(startup: Startup) -> None:
    """Key, store (brought up to date), profile, reference data."""
    from app.services.setup import open_desk

    startup.desk = open_desk(startup.folder, startup.clock, environ=startup.environ)


def sweep_consents(startup: Startup) -> None:
    """What rested on a consent that has run out is erased when the window opens, before anybody reads it."""
    if startup.program != "window":
        return
    from app.services.help.account_help import retention_sweep
    from app.services.setup import PROGRAM

    assert startup.desk is not None
    retention_sweep(startup.desk, PROGRAM, startup.clock.now().date())


STEPS: tuple[tuple[str, Callable[[Startup], None]], ...] = (
    ("start log", start_log),
    ("open store", open_store),
    ("sweep consents", sweep_consents),
)


def open_app(
    folder: Path,
    clock: Clock | None = None,
    *,
    environ: Mapping[str, str] = os.environ,
    program: str = "command",
) -> Desk:
    """The desk in ``folder``, open and logged. Raises what ``services.setup.open_desk`` raises."""
    startup = Startup(folder, clock or SystemClock(), environ, program)
    for name, step in STEPS:
        before = startup.clock.monotonic_ms()
        step(startup)
        startup.took_ms[name] = startup.clock.monotonic_ms() - before
    assert startup.desk is not None
    logs.log.info("desk open", extra={"ids": {"desk": startup.desk.profile.id, **startup.took_ms}})
    return startup.desk


def main(argv: Sequence[str]) -> int:
    """The command line of one process: links made, command run, exit code given."""
    from app.cli.run import run

    forbid_dumps()
    try:
        return run(argv, make_links(SystemClock()))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def make_links(clock: Clock) -> Links:
    """What the command line is handed."""
    return Links(
        clock=clock,
        open_desk=partial(open_app, clock=clock),
        line=_line,
        gateway=_gateway,
        window=partial(_window, clock),
        start_logging=partial(logs.start_logging, program="command"),
        note_crash=lambda data, failure: logs.note_crash(data, failure, clock),
    )


def _line(desk: Desk) -> Line:
    from app.line import DeskLine

    return DeskLine(desk)


def _gateway() -> Gateway:
    try:
        from app.province import bundle_desk, catalogue_desk, server
        from app.province.national import commands as national
        from app.province.upward import desk as upward
    except ModuleNotFoundError as missing:
        raise CircumstanceError(
            "gateway-not-installed",
            t("Bản cài này không có phần cổng của tỉnh."),
            t("Cài thêm gói “gateway” trên máy chạy cổng rồi thử lại."),
        ) from missing
    return Gateway(
        serve=_serve_gateway,
        enrolment_code=_with_key(server.enrolment_code),
        import_bundle=_with_key(bundle_desk.import_file),
        desks=_with_key(server.desks),
        set_desk=_with_key(server.set_desk),
        operator_token=_with_key(server.operator_token),
        restored=_with_key(server.restored),
        export_catalogue=_with_key(catalogue_desk.export_catalogue),
        national=National(
            status=national.status, run=national.run, retry=national.retry, map_check=national.map_check
        ),
        upward=Upward(_enroll_upward, _with_key(upward.run), _with_key(upward.status)),
    )


def _with_key(call: Callable[..., Any]) -> Callable[..., Any]:
    """A gateway's command with the key of its store, where that is encrypted; the address comes first."""

    def keyed(db: str, *given: Any) -> Any:
        return call(db, *given, key=open_gateway_key(db))

    return keyed


def _enroll_upward(
    db: str, url: str, code: str, unit: str, name: str, ca_pem: bytes | None
) -> Mapping[str, Any]:
    """An office gateway's store is encrypted from its first byte; the words are for its recovery sheet."""
    from app.province.upward import desk

    made = make_gateway_key(db)
    ca = None if ca_pem is None else ca_pem.decode("utf-8", "replace")
    told = desk.enroll(db, url, code, unit, name, ca, key=open_gateway_key(db))
    return {**told, "recovery_words": None if made is None else made.recovery_words}


def _serve_gateway(
    db: str, host: str, port: int, tls: tuple[Path, Path] | None, options: GatewayOptions
) -> None:
    from app.province.rates import DESK_RATE
    from app.province.server import serve

    rate = DESK_RATE if options.desk_rate is None else options.desk_rate
    serve(
        db,
        host,
        port,
        tls=tls,
        public_url=options.public_url,
        files=options.files,
        desk_rate=rate,
        national=options.national,
        key=open_gateway_key(db),
        upward=options.upward,
    )


def open_runtime(folder: Path, clock: Clock, environ: Mapping[str, str] = os.environ) -> Runtime:
    """An open desk and all the window needs beside it; ``runtime.desk.close()`` ends it."""
    from app.late_line import LateLine
    from app.settings import load_settings, save_settings
    from app.ui.ports import Runtime

    desk = open_app(folder, clock, environ=environ, program="window")
    return Runtime(
        desk=desk,
        settings=load_settings(folder),
        sync=LateLine(desk),
        save_settings=partial(save_settings, folder),
        report_defect=lambda defect: _note_defect(folder, clock, defect),
        data=folder,
        started_ms=process_age_ms,
    )


def _note_defect(folder: Path, clock: Clock, defect: BaseException) -> None:
    logs.note_crash(folder, defect, clock)


def _window(clock: Clock, order: UiOrder) -> Mapping[str, Any]:
    if order.tour is not None:
        return _tour(order.tour)
    from app.ui.start import has_screen, start, start_failed, tell_defect

    logs.catch_defects(order.data, clock, tell=tell_defect)
    try:
        return start(DeskDoor(order.data, clock), login=order.login, exit_when_ready=order.exit_when_ready)
    except AppError as refused:
        if has_screen() and not order.exit_when_ready:
            start_failed(refused)
        raise


class DeskDoor:
    """The way to one desk for the window (``app.ui.lock.door.Door``)."""

    def __init__(self, folder: Path, clock: Clock, environ: MutableMapping[str, str] = os.environ) -> None:
        self.data = folder
        self._clock, self._environ = clock, environ

    def needs_phrase(self) -> bool:
        """See the port. A desk that cannot be read says why when it is opened."""
        try:
            return keys.lies_under_phrase(self.data) and not self._environ.get(keys.PASSPHRASE)
        except AppError:
            return False

    def open(self, phrase: str = "") -> Runtime:
        """See the port; a typed phrase is used once and kept nowhere."""
        environ = {**self._environ, keys.PASSPHRASE: phrase} if phrase else self._environ
        return open_runtime(self.data, self._clock, environ)

    def change_key(self, order: KeyOrder) -> str:
        """See the port."""
        from app.services.safety.key_change import change_key

        environ = {**self._environ, keys.PASSPHRASE: order.phrase} if order.phrase else self._environ
        return change_key(self.data, order.by, self._clock, environ).recovery_words

    def shut(self, runtime: Runtime) -> None:
        """See the port."""
        runtime.desk.lock()
        self._environ.pop(keys.PASSPHRASE, None)

    def end(self, runtime: Runtime) -> None:
        """See the port."""
        try:
            _copy_at_close(runtime.desk)
        finally:
            self.shut(runtime)

    def report_defect(self, defect: BaseException) -> None:
        """See the port."""
        _note_defect(self.data, self._clock, defect)


def _copy_at_close(desk: Desk) -> None:
    """A backup of the day's work when the window has gone; a disk that refuses is told by its age (I8)."""
    from app.services.safety.automatic import run_automatic_backup, worked_since_backup

    with suppress(AppError):
        if worked_since_backup(desk):
            run_automatic_backup(desk)


def _tour(folder: Path) -> Mapping[str, Any]:
    """Pictures of a made-up commune in a scratch folder; the desk of this PC is not opened."""
    from app.showcase import make_clash, make_showcase, scratch_environment
    from app.ui.tour import draw_clash, draw_tour

    _gateway()
    from app.province.beside import GatewayBeside

    scratch_environment()
    drawn: list[Path] = []
    for make, draw in ((make_showcase, draw_tour), (make_clash, draw_clash)):
        with TemporaryDirectory(prefix="motcua-tour-") as scratch:
            runtime = make(Path(scratch), GatewayBeside)
            try:
                drawn += draw(runtime, folder)
            finally:
                runtime.desk.close()
    return {"files": [str(path) for path in drawn]}
