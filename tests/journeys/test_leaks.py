"""No byte the program writes holds a citizen (I20): markers go in everywhere, then every file is searched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hunt.driver import Counter, end, say
from tests.support import desk as desks
from tests.support.gateway import running_gateway

NAME = "Quàng Thị Ngọc Xuyến Hoẵng"
IDENTITY = "008198765434"
PHONE = "0987612345"
ADDRESS = "Thôn Khuổi Vẽn Đèo Gió Chùng"
NOTE = "Máy trượt xuống ruộng bậc"
REASON = "Thiếu giấy vì lũ cuốn Tát Ngà"
RESULT = "KQ-71/ZXQ"
PASSWORDS = ("sai-mat-khau-zebu", desks.PASSPHRASE)
MARKERS = (NAME, IDENTITY, PHONE, ADDRESS, NOTE, REASON, *PASSWORDS)
CARD = f"{IDENTITY}||{NAME}|14081998|Nữ|{ADDRESS}, xã Nà Hang, tỉnh Tuyên Quang|04102024"


def spellings(marker: str) -> Iterator[bytes]:
    """The marker in every dress it could lie about in."""
    plain = "".join(
        c for c in unicodedata.normalize("NFD", marker) if unicodedata.category(c) != "Mn"
    ).translate(str.maketrans("đĐ", "dD"))
    escaped = json.dumps(marker)[1:-1]
    for text in {marker, marker.upper(), marker.lower(), plain, plain.lower(), plain.upper(), escaped}:
        for form in ("NFC", "NFD"):
            shaped = unicodedata.normalize(form, text)
            yield shaped.encode("utf-8")
            yield shaped.encode("utf-16-le")


def leaks(*folders: Path, skip: tuple[Path, ...] = ()) -> list[tuple[str, str]]:
    """Every (file, marker) found, file names included."""
    needles = [(marker, set(spellings(marker))) for marker in MARKERS]
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path in skip or not path.is_file():
                continue
            content = path.read_bytes() + os.fsencode(path.name)
            found += [(path.name, marker) for marker, forms in needles if any(f in content for f in forms)]
    return found


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("dress", range(4))
def test_the_search_finds_what_is_planted(tmp_path: Path, marker: str, dress: int) -> None:
    dresses = sorted(set(spellings(marker)))
    (tmp_path / "x.bin").write_bytes(b"\0" * 7 + dresses[dress * (len(dresses) - 1) // 3] + b"\xff")
    assert (("x.bin", marker)) in leaks(tmp_path)


def test_nothing_of_a_citizen_lies_about(tmp_path: Path) -> None:
    home, temp = tmp_path / "home", tmp_path / "temp"
    for folder in (home, temp):
        folder.mkdir()
    places = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "TMPDIR": str(temp),
        "QT_QPA_PLATFORM": "offscreen",
    }
    counter = Counter(tmp_path / "desk", places)
    made = counter.run("init", "--demo").json
    asked_for = tmp_path / "asked"
    asked_for.mkdir()
    person = asked_for / "person.json"
    person.write_text(json.dumps({"name": NAME, "address": ADDRESS, "sex": "x"}), "utf-8")
    with running_gateway(tmp_path / "province") as gateway:
        code = gateway.enrolment_code("quay-2", unit="02221")
        assert counter.run("enrol", "--url", gateway.url, "--code", code).exit == 0
        _visits(counter, asked_for)
        assert counter.run("sync").exit == 0
        gateway.kill()
        assert counter.run(*_receive()).exit == 0
        counter.run("sync").told(6)
        _failures(counter, person, made["demo_password"])
        found = leaks(counter.folder, home, temp)
        assert found == []
        logs = [
            marker for marker in MARKERS if any(form in gateway.log.encode() for form in spellings(marker))
        ]
        assert logs == []
    _still_running(counter, home, temp)


def _receive() -> tuple[str, ...]:
    return ("receive", "--procedure", "1.001193", "--card", CARD, "--all-required", "--phone", PHONE)


def _visits(counter: Counter, asked_for: Path) -> None:
    batch = counter.talk()
    number = _done(say(batch, *_receive()))["number"]
    _done(say(batch, "slip", number, "--form", "01", "--out", str(asked_for / "slip.pdf")))
    _done(say(batch, "do", number, "request-supplement", "--item", NOTE, "--reason", REASON))
    _done(say(batch, "do", number, "supplement", "--item", NOTE))
    _done(say(batch, "do", number, "withdraw", "--reason", REASON))
    _done(say(batch, "certify", "--card", CARD, "--paper", NOTE, "--pages", "2", "--copies", "1"))
    opened = _done(
        say(
            batch,
            "assist",
            "open",
            "--card",
            CARD,
            "--phone",
            PHONE,
            "--consent",
            "tracking",
            "--consent",
            "contact",
        )
    )
    step = ("--to", "thieu_dieu_kien", "--obstacle", "sim_not_owner", "--note", NOTE)
    _done(say(batch, "assist", "step", opened["id"], *step))
    for text in (NAME, IDENTITY, PHONE, number):
        assert _done(say(batch, "find", text))["count"] >= 1
    _done(say(batch, "show", number))
    assert end(batch) == 0


def _done(answer: dict[str, Any] | None) -> dict[str, Any]:
    assert answer is not None
    assert answer["exit"] == 0, answer
    return answer


def _failures(counter: Counter, person: Path, password: str) -> None:
    """Errors of every kind, a defect with a crash note among them."""
    counter.run("receive", "--procedure", "1.001193", "--card", CARD).told(3)
    counter.run("receive", "--procedure", "1.001193", "--person", str(person)).told(3)
    counter.run("read-card", CARD[:40]).told(3)
    counter.run("show", NAME).told(4)
    counter.run("receive", NAME, IDENTITY).told(2)
    counter.run("--as", "lanhdao", "find", NAME, MOTCUA_PASSWORD=PASSWORDS[0]).told(3)
    counter.run("--as", NAME, "find", NAME, MOTCUA_PASSWORD=password).told(3)
    counter.run("find", NAME, MOTCUA_PASSPHRASE=PASSWORDS[0]).told(5)
    counter.run(*_receive(), failpoint="before_commit:fail").told(5)
    broken = (
        "import app.services.finding.search as s, sys\n"
        f"def broken(*a, **k): raise KeyError({NAME!r}, {IDENTITY!r})\n"
        "s.find = broken\n"
        "from app.bootstrap import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken, "--data", str(counter.folder), "--json", "find", NAME],
        env=counter.env("", {}),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert NAME.encode() not in done.stdout + done.stderr
    assert list((counter.folder / "logs").glob("crash-*.json"))


def _still_running(counter: Counter, home: Path, temp: Path) -> None:
    """The same with the store open and killed in the middle: write-ahead log and parts lie about."""
    batch = counter.talk("before_rename:kill@1")
    number = _done(say(batch, *_receive()))["number"]
    assert leaks(counter.folder, home, temp) == []
    say(batch, "slip", str(number), "--form", "01", "--out", str(temp.parent / "asked" / "late.pdf"))
    assert end(batch) != 0
    assert leaks(counter.folder, home, temp) == []
