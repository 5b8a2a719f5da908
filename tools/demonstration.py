"""The README's Run line: a made-up commune with a province gateway beside it.

With a screen the window opens on it. Without one, a whole visit is performed off screen and its papers and
pictures are left in ``out/``; ten lines say what was done, and only if all of it happened the exit is 0.
"""

from __future__ import annotations

import os
import secrets
import shutil
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
from tools.visit import Visit, VisitFailed, perform_visit

OUT = Path(__file__).resolve().parent.parent / "out"
DESK, PROVINCE = OUT / "desk", OUT / "province.db"
DOSSIERS = 150
GATEWAY_SECONDS = 60


def main() -> int:
    """Prepare the commune, then open the window or perform the visit."""
    _prepare_environment()
    _clear()
    clock = SystemClock()
    from app.services.access import officer_by_login
    from app.services.demo import fill
    from app.services.setup import init_desk

    made = init_desk(DESK, clock, demo=True)
    with _gateway() as url:
        runtime = open_runtime(DESK, clock)
        try:
            officer = officer_by_login(runtime.desk, "canbo")
            fill(runtime.desk, officer, count=DOSSIERS, seed=1, until=clock.now())
            links = make_links(clock)
            code = links.gateway().enrolment_code(_database(), "quay-2", made.unit_code)
            enrolled = links.line(runtime.desk).enrol(url, code, None)
            if _has_screen():
                return _open_window(made.demo_password or "")
            visit = perform_visit(runtime, links.line(runtime.desk), OUT)
        finally:
            runtime.desk.close()
    for line in _ten_lines(made.unit_name, url, str(enrolled["unit"]), visit):
        print(line)
    return 0


def _ten_lines(unit: str, url: str, unit_code: str, visit: Visit) -> list[str]:
    sync = visit.sync
    return [
        f"1. Tạo quầy mẫu của {unit} trong out/desk, kho dữ liệu mã hóa, {DOSSIERS} hồ sơ mẫu.",
        f"2. Chạy cổng của tỉnh ở {url}, kho SQLite out/province.db.",
        f"3. Ghi danh quầy với tỉnh: đơn vị {unit_code}.",
        f"4. Quét thẻ căn cước (người không có thật): {visit.card_words}.",
        f"5. Lưu hồ sơ “{visit.procedure}”, {visit.number_words}.",
        f"6. Hẹn trả {visit.due_words}. {visit.due_reason}",
        f"7. In giấy tiếp nhận và hẹn trả: out/slip.pdf, {visit.slip_bytes // 1024} KB.",
        f"8. Mở lượt hỗ trợ tài khoản: {visit.help_words}.",
        f"9. Đồng bộ: gửi {sync['pushed']} việc, tỉnh nhận {sync['accepted']}, hai bên khớp nhau, "
        f"còn chờ {sync['waiting']}.",
        f"10. Chụp {len(visit.screens)} màn hình vào out/screens.",
    ]


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
    raise VisitFailed("cổng của tỉnh chưa chạy được, xem out/province.log")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except VisitFailed as failed:
        print(f"Chưa xong: {failed}", file=sys.stderr)
        sys.exit(1)
