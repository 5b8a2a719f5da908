"""The operating system's print queues through its own programs ``lp`` and ``lpstat`` (CUPS).

The PDF itself goes to the queue, over a pipe: no page is drawn by the window, no file with a citizen's data
is written on the way, and the window never waits, whatever the queue does.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QCoreApplication, QProcess, QProcessEnvironment, QTimer

PROGRAMS = ("lp", "lpstat", "cancel")
"""All three come with the package of CUPS' commands."""

_LIMIT_MS = 8000
"""How long one of the programs may take; a print server elsewhere that is gone takes for ever."""


def is_there() -> bool:
    """Whether this system prints through CUPS and has its commands."""
    return sys.platform != "win32" and all(shutil.which(program) for program in PROGRAMS)


@dataclass(frozen=True)
class Answer:
    """What a program said. ``code`` is ``None`` where it did not start or did not end in time."""

    code: int | None
    out: str = ""
    err: str = ""


@dataclass(frozen=True)
class Queues:
    """The queues as ``lpstat`` tells them. ``names`` in its order; ``default`` may be empty."""

    names: tuple[str, ...]
    default: str
    stopped: frozenset[str]
    rejecting: frozenset[str]

    def chosen(self, preferred: str) -> str:
        """The remembered queue, else the default, else the only one; empty where there is none."""
        for name in (preferred, self.default):
            if name in self.names:
                return name
        return self.names[0] if len(self.names) == 1 else ""


def read_queues(out: str) -> Queues:
    """Queues in the output of ``lpstat -d -p -a`` in the C locale."""
    states = dict(re.findall(r"^printer (\S+) (.*)$", out, re.MULTILINE))
    default = re.search(r"^system default destination: (\S+)$", out, re.MULTILINE)
    return Queues(
        names=tuple(states),
        default=default[1] if default else "",
        stopped=frozenset(name for name, state in states.items() if state.startswith("disabled")),
        rejecting=frozenset(re.findall(r"^(\S+) not accepting requests", out, re.MULTILINE)),
    )


def read_job(out: str) -> str:
    """The job's name in the answer of ``lp`` (``request id is quay2-17 (1 file(s))``), else empty."""
    found = re.search(r"^request id is (\S+-\d+)", out, re.MULTILINE)
    return found[1] if found else ""


def is_listed(job: str, out: str) -> bool:
    """Whether a list of jobs by ``lpstat -o`` names the job."""
    return re.search(rf"^{re.escape(job)}\s", out, re.MULTILINE) is not None


def was_dropped(job: str, out: str) -> bool:
    """Whether ``lpstat -l -W completed -o`` says that the job was cancelled or given up, not printed."""
    block = re.search(rf"^{re.escape(job)}\s.*\n((?:\s.*\n?)*)", out, re.MULTILINE)
    return block is not None and re.search(r"Alerts:.*(canceled|aborted)", block[1]) is not None


def run(
    words: Sequence[str],
    then: Callable[[Answer], None],
    *,
    sent: bytes = b"",
    limit_ms: int = _LIMIT_MS,
) -> None:
    """Run a program beside the window; ``then`` gets its answer on the window's thread, once."""
    process = _Program(then)
    _RUNNING.add(process)
    process.begin(words, sent, limit_ms)


class _Program(QProcess):
    def __init__(self, then: Callable[[Answer], None]) -> None:
        super().__init__()
        self._then: Callable[[Answer], None] | None = then
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._too_long)
        self.finished.connect(self._ended)
        self.errorOccurred.connect(self._broke)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._leave)

    def begin(self, words: Sequence[str], sent: bytes, limit_ms: int) -> None:
        surroundings = QProcessEnvironment.systemEnvironment()
        surroundings.insert("LC_ALL", "C.UTF-8")
        surroundings.remove("LANGUAGE")
        self.setProcessEnvironment(surroundings)
        self._timer.start(limit_ms)
        self.start(words[0], list(words[1:]))
        if sent:
            self.write(QByteArray(sent))
        self.closeWriteChannel()

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        out = bytes(self.readAllStandardOutput().data()).decode("utf-8", "replace")
        err = bytes(self.readAllStandardError().data()).decode("utf-8", "replace")
        self._answer(Answer(code if status == QProcess.ExitStatus.NormalExit else None, out, err))

    def _broke(self, what: QProcess.ProcessError) -> None:
        if what == QProcess.ProcessError.FailedToStart:
            self._answer(Answer(None))

    def _too_long(self) -> None:
        self._answer(Answer(None))
        self.kill()

    def _answer(self, answer: Answer) -> None:
        self._timer.stop()
        then, self._then = self._then, None
        if self.state() == QProcess.ProcessState.NotRunning:
            self._forget()
        if then is not None:
            then(answer)

    def _forget(self) -> None:
        _RUNNING.discard(self)
        self.deleteLater()

    def _leave(self) -> None:
        self._then = None
        if self.state() != QProcess.ProcessState.NotRunning:
            self.kill()
            self.waitForFinished(200)


_RUNNING: set[_Program] = set()
"""Kept until they end: a process whose object is gone takes the window with it."""
