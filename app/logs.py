"""The program's log and crash notes: fixed messages and ids, never what a citizen or the province wrote.

A line holds the time, the level, the fixed message and the ids given in ``extra={"ids": {...}}``. Message
arguments and exception texts are never written, since they may carry names, numbers or addresses; of a
line by another package only its origin is kept (RELIABILITY, "Data rules").
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from app.clock import VIETNAM, Clock
from app.version import VERSION

FOLDER: Final = "logs"
OURS: Final = "motcua"
_SIZE, _KEPT = 1_000_000, 5
_HERE = Path(__file__).resolve().parent.parent

log = logging.getLogger(OURS)


class IdsOnly(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; nothing of the record but its fixed message and ids goes in."""
        ours = record.name == OURS or record.name.startswith(OURS + ".")
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, VIETNAM).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "said": record.msg
            if ours and isinstance(record.msg, str)
            else f"{record.module}.{record.funcName}",
        }
        if not ours:
            line["by"] = record.name
        line.update({name: str(value) for name, value in getattr(record, "ids", {}).items()})
        if record.exc_info and record.exc_info[0]:
            line["failure"] = record.exc_info[0].__name__
            line["where"] = frames(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def is_folder(path: Path) -> bool:
    """Whether the folder is there; one that may not be looked at counts as absent."""
    try:
        return path.is_dir()
    except OSError:
        return False


def start_logging(data: Path, program: str) -> None:
    """Log to ``data/logs/<program>.log``, turned over at 1 MB, five kept.

    A folder that cannot be written costs the log, never the act.
    """
    logging.raiseExceptions = False
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
        with suppress(OSError):
            old.close()
    root.setLevel(logging.WARNING)
    log.setLevel(logging.INFO)
    try:
        folder = data / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            folder / f"{program}.log", maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(IdsOnly())
    root.addHandler(handler)


def note_crash(data: Path | None, failure: BaseException, clock: Clock) -> str:
    """Keep a note of a defect and give its name, to be told to whoever helps.

    The note holds the kind of failure and the places in the code, no values and no text of the failure.
    """
    import platform

    name = f"{clock.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    note = {
        "note": name,
        "program": VERSION,
        "python": platform.python_version(),
        "system": platform.system(),
        "failures": [
            {"kind": type(each).__name__, "where": frames(each.__traceback__)} for each in _chain(failure)
        ],
    }
    log.error("crash note written", extra={"ids": {"note": name}})
    if data is not None and is_folder(data):
        try:
            folder = data / FOLDER
            folder.mkdir(exist_ok=True)
            (folder / f"crash-{name}.json").write_text(json.dumps(note, indent=1), "utf-8")
        except OSError:
            log.error("crash note could not be kept")
    return name


def catch_defects(data: Path, clock: Clock, tell: Callable[[str], None]) -> None:
    """Send every exception nobody caught to a crash note; ``tell`` gets the note's name."""

    def hook(kind: type[BaseException], failure: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        tell(note_crash(data, failure.with_traceback(trace), clock))

    sys.excepthook = hook


def frames(trace: TracebackType | None) -> list[str]:
    """Places in the code, outermost first: file, line, function."""
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{_short(code.co_filename)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places


def _short(filename: str) -> str:
    path = Path(filename)
    try:
        return path.resolve().relative_to(_HERE).as_posix()
    except ValueError:
        return "/".join(path.parts[-2:])


def _chain(failure: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    here: BaseException | None = failure
    while here is not None and here not in found:
        found.append(here)
        here = here.__cause__ or here.__context__
    return found
