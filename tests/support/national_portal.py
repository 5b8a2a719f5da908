"""A stand-in for the national portal behind a province's LGSP: a process of its own, in the recorded shapes.

    with running_portal() as portal:
        portal.plan("cut-after", "503")       # what happens to the next calls of services, one each
        portal.state()["dossiers"]["H60.1-261123-0001"]
        portal.settings(wrap="text", merges=True)

It is as strict as NATIONAL-WIRE-FORMAT allows us to be: every scalar a string, the mandatory fields filled,
times of 14 digits, one dossier a call, at most ten steps, steps only of known dossiers. Steps are appended.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.gateway import free_port

KEY, SECRET = "khoa-thu", "mat-ma-thu"
_ROOM = "/api/KetNoiMotCuaQuocGia/"
_MANDATORY = (
    "MaHoSo",
    "MaTTHC",
    "TenTTHC",
    "MaLinhVuc",
    "TenLinhVuc",
    "KenhThucHien",
    "ChuHoSo",
    "LoaiDoiTuong",
    "TrichYeuHoSo",
    "NgayNopHoSo",
    "TrangThaiHoSo",
    "HinhThuc",
    "DonViXuLy",
    "NoiNopHoSo",
    "HoSoCoThanhPhanSoHoa",
    "TaiKhoanDuocXacThucVoiVNeID",
    "DuocThanhToanTrucTuyen",
)
_TIMES = ["NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra", "NgayTuChoi"]
_LISTS = (
    "DinhDanhCHS",
    "DSKetNoiCSDL",
    "TaiLieuNop",
    "DanhSachLePhi",
    "DanhSachTepDinhKemKhac",
    "DanhSachHoSoBoSung",
    "DanhSachGiayToKetQua",
)
_PAGE = b"<!doctype html><html><body><form action='/login'>Dang nhap</form></body></html>"


@dataclass
class Shown:
    """Everything the portal holds, and how it behaves."""

    dossiers: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, list[Any]] = field(default_factory=dict)
    statuses: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    seen: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Any] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    settings: dict[str, Any] = field(
        default_factory=lambda: {"wrap": "plain", "ok": "0", "merges": False, "life_s": 3600, "shows": True}
    )
    session_over: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)

    def answer(self, path: str, query: dict[str, list[str]], body: Any) -> dict[str, Any]:
        """What a service does and says."""
        service = path.removeprefix(_ROOM)
        with self.lock:
            self.calls[service] += 1
            if self.session_over:
                return {"error_code": 7, "message": "Phiên làm việc đã hết hạn"}
            if service == "DongBoHoSoMC":
                return self._keep(body, query["isUpdating"][0])
            if service == "CapNhatTienDoHoSoMC":
                return self._append(body)
            if service == "TraCuuHoSo":
                return self._look(query["mahoso"][0])
        return {"error_code": 404, "message": "Không có dịch vụ"}

    def _keep(self, body: Any, updating: str) -> dict[str, Any]:
        if not isinstance(body, list) or len(body) != 1 or updating not in ("True", "False"):
            return self._no(2, "Mỗi lần một hồ sơ")
        fault = _fault_of(body[0])
        if fault:
            return self._no(12, fault)
        number = body[0]["MaHoSo"]
        if updating == "False" and number in self.dossiers:
            return self._no(3, "Hồ sơ ĐÃ TỒN TẠI trên hệ thống")
        if updating == "True" and number not in self.dossiers:
            return self._no(5, "Hồ sơ không tồn tại")
        self.calls["updated" if number in self.dossiers else "created"] += 1
        self.dossiers[number] = body[0]
        self.steps.setdefault(number, [])
        return self._yes()

    def _append(self, body: Any) -> dict[str, Any]:
        if not isinstance(body, list) or not 1 <= len(body) <= 10:
            return self._no(2, "Từ một đến mười bước")
        for step in body:
            if (
                not _only_text(step)
                or not step.get("NguoiXuLy")
                or not _is_time(step.get("ThoiDiemXuLy"), needed=True)
            ):
                return self._no(12, "Bước xử lý chưa đúng")
            if step["MaHoSo"] not in self.dossiers:
                return self._no(5, "Hồ sơ không tồn tại")
        for step in body:
            held = self.steps[step["MaHoSo"]]
            if not (self.settings["merges"] and step in held):
                held.append(step)
        return self._yes("Cập nhật thành công")

    def _look(self, number: str) -> dict[str, Any]:
        if number not in self.dossiers:
            return {**self._yes(), "result": []}
        row: dict[str, Any] = {"MaHoSo": number, "TrangThaiHoSo": self.dossiers[number]["TrangThaiHoSo"]}
        if self.settings["shows"]:
            row["DanhSachTienDo"] = self.steps[number]
        return {**self._yes(), "result": [row]}

    def newer(self, name: str, body: Any) -> dict[str, Any]:
        """What a service of generation 3 does and says."""
        if name == "number":
            value = f"G09.20-20261123-{self.calls['g3-number']:07d}"
            return _newer_yes({"value": value})
        if name == "create":
            number = body["MaHoSo"]
            if number in self.dossiers:
                return {"code": "09", "message": "Mã hồ sơ đã tồn tại", "data": self._ids(number)}
            if not isinstance(body["LoaiDoiTuong"], int) or not body["MaDichVuCong"]:
                return {"code": "12", "message": "Thiếu trường", "data": None}
            self.calls["created"] += 1
            self.dossiers[number], self.steps[number] = body, []
            return _newer_yes(self._ids(number))
        for each in body:
            if each["MaHoSo"] not in self.dossiers or each.get("IDHoSo", each.get("IdHoSo")) != "id-1":
                return {"code": "05", "message": "Không có hồ sơ", "data": None}
        if name == "progress":
            for each in body:
                self.steps[each["MaHoSo"]].append(each)
        else:
            self.statuses[body[0]["MaHoSo"]] = body[0]
        return _newer_yes(None)

    def _ids(self, number: str) -> dict[str, str]:
        return {"idHoSo": "id-1", "maHoSo": number}

    def _yes(self, words: str = "Thành công") -> dict[str, Any]:
        return {"error_code": self.settings["ok"], "message": words}

    def _no(self, code: int, words: str) -> dict[str, Any]:
        return {"error_code": str(code), "message": words}


def _newer_yes(data: Any) -> dict[str, Any]:
    return {"code": "00", "message": "OK", "data": data}


def _fault_of(body: Any) -> str:
    if not isinstance(body, dict) or not _only_text(body):
        return "Mọi giá trị phải là chuỗi"
    for name in _MANDATORY:
        if not body.get(name):
            return f"Thiếu {name}"
    for name in _LISTS:
        if not isinstance(body.get(name), list):
            return f"{name} phải là mảng"
    for name in _TIMES:
        if not _is_time(body.get(name)):
            return f"{name} sai định dạng"
    if any(not re.fullmatch(r"\d+", fee["Gia"]) for fee in body["DanhSachLePhi"]):
        return "Gia sai"
    papers = [each["DuongDanTaiTepTin"] for each in body["TaiLieuNop"]]
    if any(url and not url.isascii() for url in papers):
        return "Đường dẫn sai"
    return ""


def _is_time(value: Any, *, needed: bool = False) -> bool:
    if value == "":
        return not needed
    return isinstance(value, str) and re.fullmatch(r"20\d{12}", value) is not None


def _only_text(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_only_text, value.values()))
    if isinstance(value, list):
        return all(map(_only_text, value))
    return isinstance(value, str)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    shown: Shown

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if parts.path.startswith("/_"):
            self._control(parts.path, raw)
        elif parts.path == "/token":
            self._token(raw)
        else:
            self._service(parts.path, parse_qs(parts.query), raw)

    def _control(self, path: str, raw: bytes) -> None:
        shown = self.shown
        told = json.loads(raw or b"{}")
        with shown.lock:
            if path == "/_plan":
                shown.faults += told["faults"]
            elif path == "/_clear":
                shown.faults.clear()
            elif path == "/_settings":
                shown.settings |= told
            elif path == "/_expire":
                shown.tokens.clear()
            elif path == "/_session":
                shown.session_over = True
            elif path == "/_forget":
                shown.dossiers.pop(told["number"])
            state = {"dossiers": shown.dossiers, "steps": shown.steps, "calls": shown.calls}
            state |= {"statuses": shown.statuses, "uploads": shown.uploads}
            body = json.dumps({**state, "seen": shown.seen, "left": shown.faults}).encode()
        self._say(200, body)

    def _token(self, raw: bytes) -> None:
        shown = self.shown
        shown.calls["token"] += 1
        expected = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        in_form = parse_qs(raw.decode()).get("client_secret") == [SECRET]
        good = (self.headers.get("Authorization") == expected or in_form) and b"client_credentials" in raw
        fault = shown.settings.get("token_fault")
        if fault == "html":
            self._say(200, _PAGE, "text/html")
        elif not good or fault:
            self._say(401, b'{"error":"invalid_client"}')
        else:
            token = f"the-{shown.calls['token']}"
            life = shown.settings["life_s"]
            shown.tokens[token] = time.monotonic() + life
            shown.session_over = False
            told = {"access_token": token, "token_type": "Bearer", "scope": "default", "expires_in": life}
            self._say(200, json.dumps(told).encode())

    def _service(self, path: str, query: dict[str, list[str]], raw: bytes) -> None:
        shown = self.shown
        with shown.lock:
            shown.seen.append({"path": self.path, "bytes": len(raw)})
            fault = shown.faults.pop(0) if shown.faults else None
        kind, number = fault if isinstance(fault, list) else (fault, 1)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if kind == "401" or shown.tokens.get(token, 0) < time.monotonic():
            shown.tokens.pop(token, None)
            return self._say(401, b"")
        if self._before(kind, number):
            return None
        if path.startswith("/api/g3/"):
            return self._after(kind, number, self._newer(path.rpartition("/")[2], raw))
        body = json.loads(raw) if raw else None
        said = json.dumps(self._wrapped(shown.answer(path, query, body)), ensure_ascii=False).encode()
        return self._after(kind, number, said)

    def _before(self, kind: Any, number: Any) -> bool:
        """Faults that keep the call from taking effect."""
        if kind in ("500", "502", "403"):
            self._say(int(kind), b"oops")
        elif kind in ("503", "429"):
            self._say(int(kind), b"", headers={"Retry-After": str(number)})
        elif kind == "html":
            self._say(200, _PAGE, "text/html")
        elif kind == "redirect":
            self._say(302, b"", headers={"Location": "/login"})
        elif kind == "cut-before":
            self.close_connection = True
            self.connection.close()
        elif kind == "refuse":
            said = {"error_code": "99", "message": "Nguyễn Thị Bí Mật không hợp lệ"}
            self._say(200, json.dumps(self._wrapped(said)).encode())
        else:
            if kind == "slow":
                time.sleep(float(number))
            return False
        return True

    def _after(self, kind: Any, number: Any, said: bytes) -> None:
        """Faults after it took effect."""
        if kind == "500-after":
            self._say(500, b"oops")
        elif kind == "cut-after":
            self.close_connection = True
            self.connection.close()
        elif kind == "half":
            self._say(200, said[: len(said) // 2])
        elif kind == "words":
            self._say(200, "Cập nhật thành công".encode(), "text/plain")
        elif kind == "late":
            time.sleep(float(number))
            self._say(200, said)
        else:
            self._say(200, said)

    def _newer(self, name: str, raw: bytes) -> bytes:
        """Generation 3: ids and hashes, numbers as numbers, its own envelope."""
        shown = self.shown
        with shown.lock:
            shown.calls[f"g3-{name}"] += 1
            if name == "upload":
                content = raw.partition(b"\r\n\r\n")[2].rpartition(b"\r\n--")[0]
                hash_ = hashlib.sha256(content).hexdigest()
                shown.uploads[f"tep-{len(shown.uploads) + 1}"] = hash_
                said = _newer_yes([{"IdTepTin": f"tep-{len(shown.uploads)}", "HashTepTin": hash_}])
            else:
                said = shown.newer(name, json.loads(raw))
        return json.dumps(said, ensure_ascii=False).encode()

    def _wrapped(self, told: dict[str, Any]) -> Any:
        wrap = self.shown.settings["wrap"]
        if wrap == "message":
            return {"message": json.dumps(told, ensure_ascii=False)}
        return json.dumps(told, ensure_ascii=False) if wrap == "text" else told

    def _say(
        self, status: int, body: bytes, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        return


@dataclass
class Portal:
    """The running process, from the test's side."""

    port: int

    @property
    def url(self) -> str:
        """What the province's file names as ``url``."""
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def token_url(self) -> str:
        """Where tokens are given."""
        return f"http://127.0.0.1:{self.port}/token"

    def plan(self, *faults: Any) -> None:
        """What happens to the next calls: a name, or ``[name, number]``."""
        self._ask("_plan", {"faults": list(faults)})

    def clear(self) -> None:
        """No faults any more."""
        self._ask("_clear")

    def settings(self, **told: Any) -> None:
        """How it behaves from now on."""
        self._ask("_settings", told)

    def expire_tokens(self) -> None:
        """No token is believed any more."""
        self._ask("_expire")

    def end_session(self) -> None:
        """Calls answer an error code until somebody logs in anew."""
        self._ask("_session")

    def forget(self, number: str) -> None:
        """The portal loses a dossier."""
        self._ask("_forget", {"number": number})

    def state(self) -> dict[str, Any]:
        """Everything it holds."""
        return self._ask("_state")

    def _ask(self, path: str, told: Any = None) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/{path}", json.dumps(told or {}).encode()
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            state: dict[str, Any] = json.loads(answer.read())
        return state


@contextmanager
def running_portal() -> Iterator[Portal]:
    """A started stand-in; ended at the end."""
    portal = Portal(free_port())
    command = [sys.executable, "-m", "tests.support.national_portal", "--port", str(portal.port)]
    with subprocess.Popen(command) as process:
        try:
            deadline = time.monotonic() + 90
            while True:
                try:
                    portal.state()
                    break
                except OSError:
                    assert process.poll() is None and time.monotonic() < deadline
                    time.sleep(0.05)
            yield portal
        finally:
            process.kill()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A connection the plan cut."""


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    _Handler.shown = Shown()
    _Server(("127.0.0.1", asked.port), _Handler).serve_forever()


if __name__ == "__main__":
    main()
