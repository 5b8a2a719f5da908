"""A private print service: cupsd with folders and a socket of its own, and one queue that writes files.

The queue's backend does what the test says: takes the paper, takes its time, or breaks. What it took can be
read back as the very bytes that would go to a printer.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep

QUEUE = "quay2"
MOST_JOBS = 3
"""The queue is full with so many jobs."""

_BACKEND = """#!/bin/sh
folder=${DEVICE_URI#counter:}
[ $# -eq 0 ] && exit 0
how=$(cat "$folder/behaviour")
case "$how" in
slow*) sleep "${how#slow }" ;;
broken) echo "ERROR: out of paper" >&2; exit 1 ;;
esac
cat "${6:--}" >"$folder/taken/$1.part"
printf '%s' "$3" >"$folder/taken/$1.title"
mv "$folder/taken/$1.part" "$folder/taken/$1.pdf"
"""

_SERVICE = """Listen {folder}/run/socket
LogLevel warn
Browsing No
WebInterface No
DefaultAuthType None
MaxJobsPerPrinter {most}
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order deny,allow
Allow all
</Limit>
</Policy>
"""

_FILES = """{account}ServerRoot {folder}/etc
ServerBin {folder}/bin
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/run
AccessLog {folder}/log/access
ErrorLog {folder}/log/error
PageLog {folder}/log/page
Printcap
FatalErrors none
"""

_QUEUES = """<DefaultPrinter {queue}>
Info Quầy 2
DeviceURI counter:{folder}
State Idle
Accepting Yes
Shared No
ErrorPolicy stop-printer
</DefaultPrinter>
"""


@dataclass
class PrintService:
    """The service of one test. ``environment`` is what a program needs to print there."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def environment(self) -> dict[str, str]:
        """Points programs of CUPS at this service alone."""
        return {"CUPS_SERVER": str(self.folder / "run" / "socket")}

    def behave(self, how: str) -> None:
        """``ok``, ``slow SECONDS`` or ``broken``: what happens to the next papers."""
        (self.folder / "behaviour").write_text(how)

    def taken(self) -> list[Path]:
        """Papers the printer took, oldest first."""
        return sorted((self.folder / "taken").glob("*.pdf"), key=lambda path: int(path.stem))

    def titles(self) -> list[str]:
        """What stood over them in the queue."""
        return [path.with_suffix(".title").read_text() for path in self.taken()]

    def waiting(self) -> list[str]:
        """Jobs still in the queue."""
        return [line.split()[0] for line in self.command("lpstat", "-o").splitlines()]

    def command(self, *words: str) -> str:
        """One of CUPS' programs, run to its end."""
        surroundings = {**os.environ, **self.environment, "LC_ALL": "C.UTF-8"}
        return subprocess.run(words, env=surroundings, capture_output=True, text=True, timeout=30).stdout

    def stop(self) -> None:
        """The service goes away; what waited waits on its disk."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def start_again(self) -> None:
        """The service is back, with the same queue."""
        self.process = _start(self.folder)
        _await(self)


@contextmanager
def print_service() -> Iterator[PrintService]:
    """The service, running and idle; everything of it is gone afterwards."""
    folder = Path(mkdtemp(prefix="cups-"))  # short: a socket's path has at most 107 letters
    service = None
    try:
        _furnish(folder)
        service = PrintService(folder, _start(folder))
        service.behave("ok")
        _await(service)
        yield service
    finally:
        if service is not None:
            service.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _furnish(folder: Path) -> None:
    folder.chmod(0o755)
    for name in ("etc", "spool", "cache", "run", "log", "taken", "bin/backend", "bin/filter"):
        (folder / name).mkdir(parents=True)
    system = Path("/usr/lib/cups")
    for name in ("daemon", "notifier"):
        (folder / "bin" / name).symlink_to(system / name)
    backend = folder / "bin" / "backend" / "counter"
    backend.write_text(_BACKEND)
    backend.chmod(0o700)
    account = "User lp\nGroup lp\nSystemGroup lpadmin\n" if os.geteuid() == 0 else ""
    (folder / "etc" / "cupsd.conf").write_text(_SERVICE.format(folder=folder, most=MOST_JOBS))
    (folder / "etc" / "cups-files.conf").write_text(_FILES.format(folder=folder, account=account))
    queues = folder / "etc" / "printers.conf"
    queues.write_text(_QUEUES.format(folder=folder, queue=QUEUE))
    queues.chmod(0o600)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    program = shutil.which("cupsd") or "/usr/sbin/cupsd"
    words = [program, "-f", "-c", f"{folder}/etc/cupsd.conf", "-s", f"{folder}/etc/cups-files.conf"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet)


def _await(service: PrintService) -> None:
    end = monotonic() + 30
    while QUEUE not in service.command("lpstat", "-a"):
        assert service.process.poll() is None, "cupsd did not start"
        assert monotonic() < end, "cupsd does not answer"
        sleep(0.05)
