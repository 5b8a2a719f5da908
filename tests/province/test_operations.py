"""What runs the gateway: rates, health, metrics, logs, the operator's page, revocation, a graceful stop."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from app.clock import VIETNAM
from app.province import operator
from app.province.problems import ApiProblem
from app.province.rates import Rates
from tests.province.verdicts import accepted
from tests.support.gateway import Gateway, running_gateway
from tests.support.wire_desk import WireDesk

CHROMIUM = "/usr/bin/chromium-headless-shell"


def sign_in(gateway: Gateway) -> requests.Session:
    with gateway.store() as store:
        token = operator.operator_token(store, datetime.now(VIETNAM))
    browser = requests.Session()
    assert browser.get(f"{gateway.url}/operator").status_code == 401
    answer = browser.post(f"{gateway.url}/operator/login", data={"token": token}, allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/operator")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and token.lower() not in cookie
    return browser


class TestRates:
    """The bucket of one desk."""

    def test_a_burst_then_the_steady_rate(self) -> None:
        now = [100.0]
        rates = Rates(2, lambda: now[0])
        for _ in range(20):
            rates.admit("a")
        with pytest.raises(ApiProblem) as refused:
            rates.admit("a")
        assert (refused.value.status, refused.value.body["code"]) == (429, "rate-limited")
        assert refused.value.headers["Retry-After"] == "1"
        rates.admit("b")
        now[0] += 1
        rates.admit("a")
        rates.admit("a")
        with pytest.raises(ApiProblem):
            rates.admit("a")

    def test_one_request_is_counted_once_and_the_neighbour_is_served(self, tmp_path: Path) -> None:
        with running_gateway(tmp_path, "--desk-rate", "2") as gateway:
            desks = []
            for name in ("quay-1", "quay-2"):
                desk = WireDesk(gateway.url)
                desk.enrol(gateway.enrolment_code(name, desk.unit))
                desk.sign_in()
                desks.append(desk)
            answers = [desks[0].call("GET", "/v1/snapshot") for _ in range(30)]
            statuses = [each.status_code for each in answers]
            assert statuses[:15] == [200] * 15 and 429 in statuses
            refused = next(each for each in answers if each.status_code == 429)
            assert refused.json()["code"] == "rate-limited" and int(refused.headers["retry-after"]) >= 1
            assert desks[1].call("GET", "/v1/snapshot").status_code == 200
            assert desks[0].push([desks[0].opened()]).status_code == 429
            time.sleep(1.1)
            assert desks[0].call("GET", "/v1/snapshot").status_code == 200


def test_health_and_metrics(gateway: Gateway, opened: WireDesk) -> None:
    accepted(opened, opened.received())
    for path in ("live", "ready"):
        assert requests.get(f"{gateway.url}/health/{path}").text == "ok\n"
    text = requests.get(f"{gateway.url}/metrics").text
    assert re.search(r'motcua_requests_total\{operation="pushEvents",status="200"\} \d+', text)
    assert re.search(r'motcua_request_seconds_bucket\{operation="pushEvents",le="\+Inf"\} \d+', text)
    assert re.search(r'motcua_events_total\{verdict="accepted"\} \d+', text)
    assert re.search(r"^motcua_desks_active \d+", text, re.MULTILINE)
    for word in (opened.desk_id, opened.unit, "Ví Dụ", "038199000001"):
        assert word not in text


def test_metrics_of_another_machine_need_the_token(gateway: Gateway) -> None:
    away = {"X-Forwarded-For": "203.0.113.7"}
    assert requests.get(f"{gateway.url}/metrics", headers=away).status_code == 404
    with gateway.store() as store:
        token = operator.operator_token(store, datetime.now(VIETNAM))
    known = {**away, "Authorization": f"Bearer {token}"}
    assert requests.get(f"{gateway.url}/metrics", headers=known).status_code == 200


def test_not_ready_while_the_folder_of_files_cannot_be_made(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway:
        assert requests.get(f"{gateway.url}/health/ready").status_code == 200
        folder = tmp_path / "gateway.db.files"
        folder.rmdir()
        folder.write_text("in the way")
        assert requests.get(f"{gateway.url}/health/ready").status_code == 503
        assert requests.get(f"{gateway.url}/health/live").status_code == 200


def test_every_log_line_is_json_with_its_time_and_process(gateway: Gateway, opened: WireDesk) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end and '"accepted"' not in gateway.log:
        time.sleep(0.05)
    lines = [json.loads(line) for line in gateway.log.splitlines() if line.startswith("{")]
    assert lines and all({"at", "process", "operation"} <= set(line) for line in lines)
    assert len(lines) == len(gateway.log.splitlines())
    mine = [line for line in lines if line.get("desk") == opened.desk_id and line.get("verdicts")]
    assert mine[-1]["verdicts"] == {"accepted": 1}


class TestRevocation:
    """A desk the province has given up."""

    def test_push_is_refused_and_no_new_token_is_given(self, gateway: Gateway, opened: WireDesk) -> None:
        accepted(opened, opened.received())
        with gateway.store() as store:
            operator.revoke(store, opened.desk_id)
        answer = opened.push([opened.received()])
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert "mã ghi danh mới" in answer.json()["detail"]
        refused = opened.ask_token()
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
        with gateway.store() as store:
            (line,) = operator.desk_list(store, opened.unit)
        assert (line.state, line.events) == ("revoked", 2)

    def test_a_suspended_desk_comes_back(self, gateway: Gateway, opened: WireDesk) -> None:
        event = opened.received()
        with gateway.store() as store:
            operator.suspend(store, opened.desk_id)
        assert opened.push([event]).json()["code"] == "desk-suspended"
        with gateway.store() as store:
            operator.suspend(store, opened.desk_id, suspended=False)
        accepted(opened, event)

    def test_no_such_desk(self, gateway: Gateway) -> None:
        with gateway.store() as store, pytest.raises(LookupError):
            operator.revoke(store, "no-such-desk")


class TestOperatorPage:
    """The page in a browser."""

    def test_desks_lag_refused_events_and_storage(
        self, gateway: Gateway, new_desk: Callable[..., WireDesk]
    ) -> None:
        desk, other = new_desk(), new_desk()
        for each in (desk, other):
            accepted(each, each.opened())
        accepted(desk, desk.received())
        event = desk.received()
        desk.push([desk.broken(event, payload={**event["payload"], "channel": "x"})])
        with gateway.store() as store:
            operator.name_unit(store, desk.unit, "UBND xã <b>Ví & Dụ</b>")
        page = sign_in(gateway).get(f"{gateway.url}/operator?unit={desk.unit}")
        assert page.status_code == 200
        assert desk.desk_id in page.text and other.desk_id in page.text
        assert "UBND xã &lt;b&gt;Ví &amp; Dụ&lt;/b&gt;" in page.text and "<b>" not in page.text
        assert "schema-invalid" in page.text and event["event_id"] in page.text
        assert "Lưu trữ" in page.text
        for word in ("Trần Thị", "038199000001"):
            assert word not in page.text

    def test_nothing_of_it_is_from_elsewhere_or_runs(self, gateway: Gateway) -> None:
        page = sign_in(gateway).get(f"{gateway.url}/operator")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        assert "<script" not in page.text and "://" not in page.text and "style=" not in page.text
        style = requests.get(f"{gateway.url}/operator/style.css")
        assert style.headers["content-type"].startswith("text/css")

    def test_a_wrong_token_and_an_ended_session_stay_outside(self, gateway: Gateway) -> None:
        wrong = requests.post(f"{gateway.url}/operator/login", data={"token": "x" * 43})
        assert wrong.status_code == 403 and "Mã không đúng" in wrong.text
        browser = sign_in(gateway)
        stolen = dict(browser.cookies)
        browser.post(f"{gateway.url}/operator/logout")
        again = requests.get(f"{gateway.url}/operator", cookies=stolen)
        assert again.status_code == 401 and "Mã vào trang" in again.text

    def test_a_plain_line_from_another_machine_is_refused(self, gateway: Gateway) -> None:
        away = {"X-Forwarded-For": "203.0.113.7"}
        assert requests.get(f"{gateway.url}/operator", headers=away).status_code == 403
        answer = requests.post(f"{gateway.url}/operator/login", headers=away, data={"token": "x"})
        assert answer.status_code == 403 and "https" in answer.text
        safe = {**away, "X-Forwarded-Proto": "https"}
        assert requests.get(f"{gateway.url}/operator", headers=safe).status_code == 401

    def test_guessing_is_slowed(self, tmp_path: Path) -> None:
        with running_gateway(tmp_path) as gateway:
            url = f"{gateway.url}/operator/login"
            statuses = [requests.post(url, data={"token": "x"}).status_code for _ in range(8)]
            assert statuses[0] == 403 and statuses[-1] == 429

    def test_chromium_shows_it(self, tmp_path: Path, gateway: Gateway, opened: WireDesk) -> None:
        """A real browser signs in by form (a page of ours posts it) and draws what the gateway answers."""
        accepted(opened, opened.received())
        with gateway.store() as store:
            token = operator.operator_token(store, datetime.now(VIETNAM))
        form = (
            f'<form id="f" method="post" action="{gateway.url}/operator/login">'
            f'<input name="token" value="{token}"></form><script>document.forms.f.submit()</script>'
        )
        with a_page(form) as start:
            shown = chromium(tmp_path, start, "--dump-dom")
            assert opened.desk_id in shown and "đang hoạt động" in shown
            picture = tmp_path / "operator.png"
            chromium(tmp_path, start, f"--screenshot={picture}", "--window-size=1366,900")
        door = chromium(tmp_path / "other", f"{gateway.url}/operator", "--dump-dom")
        assert "Mã vào trang" in door and opened.desk_id not in door
        assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 20_000


@contextmanager
def a_page(html: str) -> Iterator[str]:
    """The address of a page on this machine, the same site as the gateway."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            serving.join()


def chromium(folder: Path, url: str, *options: str) -> str:
    command = [CHROMIUM, "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000"]
    command += [f"--user-data-dir={folder / 'profile'}", *options, url]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.fixture
def slow_push(tmp_path: Path) -> Iterator[tuple[Gateway, WireDesk]]:
    with running_gateway(tmp_path) as gateway:
        desk = WireDesk(gateway.url)
        desk.enrol(gateway.enrolment_code("quay-1", desk.unit))
        desk.sign_in()
        accepted(desk, desk.opened())
        yield gateway, desk


def test_a_stop_lets_a_running_push_end(slow_push: tuple[Gateway, WireDesk]) -> None:
    gateway, desk = slow_push
    events = [desk.received() for _ in range(400)]
    answers: list[Any] = []
    pushing = threading.Thread(target=lambda: answers.append(desk.push(events)))
    pushing.start()
    time.sleep(0.25)
    assert not answers, "the push is still running"
    began = time.monotonic()
    gateway.stop()
    pushing.join()
    assert time.monotonic() - began < 10
    assert answers[0].status_code == 200 and len(answers[0].json()["verdicts"]) == 400
    gateway.start()
    state = desk.call("GET", f"/v1/stream?epoch={desk.epoch}").json()
    assert (state["received_through_seq"], state["chain"]) == (desk.seq, desk.chain)
