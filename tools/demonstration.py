"""The README's Run line: a made-up commune with a province gateway beside it.

With a screen the window opens on it. Without one, a whole visit is performed off screen and its papers and
pictures are left in ``out/``; ten lines say what was done, and only if all of it happened the exit is 0.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from app.bootstrap import make_links, open_runtime
from app.clock import SystemClock
from app.errors import AppError
from app.services.demo.filling import fill
from app.services.people.access import officer_by_login
from app.services.setup import init_desk
from app.ui.ports import Runtime

OUT = Path(__file__).resolve().parent.parent / "out"
DESK, PROVINCE = OUT / "desk", OUT / "province.db"
DOSSIERS = 120
LINES = 10
GATEWAY_SECONDS = 60


class NotReady(Exception):  # noqa: N818
    """What the demonstration needs did not start; the words say what."""


def main() -> int:
    """Prepare the commune, then open the window or perform the visit."""
    _prepare_environment()
    _clear()
    clock = SystemClock()
    made = init_desk(DESK, clock, demo=True)
    with _gateway() as url:
        runtime = open_runtime(DESK, clock)
        try:
            _fill_and_enrol(runtime, url, made.unit_code)
            if not _has_screen():
                return _visit(runtime)
        finally:
            runtime.desk.close()
        return _open_window(made.demo_password or "")


def _fill_and_enrol(runtime: Runtime, url: str, unit: str) -> None:
    """Yesterday's dossiers, and the desk known to its province."""
    links, clock = make_links(runtime.desk.clock), runtime.desk.clock
    officer = officer_by_login(runtime.desk, "canbo")
    fill(runtime.desk, officer, count=DOSSIERS, seed=1, until=clock.now())
    code = links.gateway().enrolment_code(_database(), "quay-2", unit)
    links.line(runtime.desk).enrol(url, code, None)


def _visit(runtime: Runtime) -> int:
    """The main job by key events in the real windows; ten lines of what was read back afterwards."""
    from app.ui.visit import perform_visit

    lines = perform_visit(runtime, OUT)
    for line in lines:
        print(line)
    left = [OUT / "slip.pdf", *(OUT / "screens").glob("*.png")]
    return 0 if len(lines) == LINES and len(left) > 1 and left[0].is_file() else 1


def _prepare_environment() -> None:
    """A key of this run alone: the desk is made anew each time and needs no key store."""
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    os.environ["MOTCUA_PASSPHRASE"] = secrets.token_urlsafe(24)
    os.environ.pop("MOTCUA_PASSWORD", None)


def _clear() -> None:
    OUT.mkdir(exist_ok=True)
    for folder in (DESK, OUT / "screens"):
        shutil.rmtree(folder, ignore_errors=True)
    for file in [*OUT.glob("province.db*"), OUT / "slip.pdf"]:
        if file.is_dir():
            shutil.rmtree(file)
        else:
            file.unlink(missing_ok=True)


def _has_screen() -> bool:
    return os.name == "nt" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _open_window(password: str) -> int:
    print(f"Quầy mẫu đang mở. Cán bộ canbo, lanhdao, quantri; mật khẩu chung: {password}")
    return subprocess.run([sys.executable, "-m", "app", "--data", str(DESK), "ui"], check=False).returncode


def _database() -> str:
    return f"sqlite:///{PROVINCE}"


@contextmanager
def _gateway() -> Iterator[str]:
    """The province on a free loopback port, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "app", "gateway", "serve", "--db", _database(), "--listen", listen]
    with (OUT / "province.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait_until_ready(process, f"http://{listen}")
        yield f"http://{listen}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_until_ready(process: subprocess.Popen[Any], url: str) -> None:
    deadline = time.monotonic() + GATEWAY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{url}/v1/meta", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise NotReady("cổng của tỉnh chưa chạy được, xem out/province.log")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except NotReady as failed:
        print(f"Chưa xong: {failed}", file=sys.stderr)
        sys.exit(1)
    except AppError as failed:
        print(f"Chưa xong: {failed.title} {failed.next_step}", file=sys.stderr)
        sys.exit(1)
