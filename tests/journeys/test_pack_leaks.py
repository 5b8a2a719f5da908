"""After a day of marker citizens by every path, failures too, the diagnosis pack holds none of them."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.hunt.driver import Counter, end, say
from tests.journeys.test_leaks import (
    ADDRESS,
    CARD,
    IDENTITY,
    MARKERS,
    NAME,
    NOTE,
    PHONE,
    REASON,
    _done,
    _failures,
    _visits,
    leaks,
    spellings,
)
from tests.support.gateway import running_gateway


def test_no_citizen_leaves_in_the_pack(tmp_path: Path) -> None:
    home, temp, asked_for = (tmp_path / name for name in ("home", "temp", "asked"))
    for folder in (home, temp, asked_for):
        folder.mkdir()
    places = {"HOME": str(home), "TMPDIR": str(temp), "QT_QPA_PLATFORM": "offscreen"}
    counter = Counter(tmp_path / "desk", places)
    made = counter.run("init", "--demo").json
    person = asked_for / "person.json"
    person.write_text(f'{{"name": "{NAME}", "address": "{ADDRESS}", "sex": "x"}}', "utf-8")
    with running_gateway(tmp_path / "province") as gateway:
        code = gateway.enrolment_code("quay-2", unit="02221")
        assert counter.run("enrol", "--url", gateway.url, "--code", code).exit == 0
        _visits(counter, asked_for)
        assert counter.run("sync").exit == 0
    _failures(counter, person, made["demo_password"])
    _rights(counter, asked_for)
    pack = asked_for / "pack.zip"
    told = counter.run("diagnose", str(pack)).json
    inside = tmp_path / "inside"
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(inside)
        assert archive.namelist() == [part["name"] for part in told["parts"]]
    assert any(path.name.startswith("crash-") for path in inside.iterdir()), "the defect of the day joins it"
    assert leaks(inside) == []
    assert leaks(counter.folder, home, temp) == []
    _finds_what_is_planted(counter, inside, asked_for)


def _rights(counter: Counter, asked_for: Path) -> None:
    """A request, its export, the book and the worksheet: each leaves only its named file."""
    batch = counter.talk()
    asked = ("request", "add", "--kind", "access", "--card", CARD, "--phone", PHONE, "--words", REASON)
    _done(say(batch, *asked))
    out = str(asked_for / "person.pdf")
    assert _done(say(batch, "person", "export", "--identity", IDENTITY, "--out", out))["dossiers"] >= 2
    _done(say(batch, "consent", "book", "--out", str(asked_for / "book.pdf")))
    assert _done(say(batch, "consent", "list"))["count"] == 2
    assert end(batch) == 0


def _finds_what_is_planted(counter: Counter, inside: Path, asked_for: Path) -> None:
    """The search sees a marker in each dress, and the pack keeps one back that got into a log."""
    for marker in MARKERS:
        for number, dress in enumerate(sorted(spellings(marker))):
            (inside / f"planted-{number}").write_bytes(b"\0" + dress)
        assert {found for _, found in leaks(inside)} == {marker}
        for path in inside.glob("planted-*"):
            path.unlink()
    log = counter.folder / "logs" / "command.log"
    with log.open("a", encoding="utf-8") as handle:
        handle.write(f'{{"said": "{NAME} {IDENTITY}"}}\n')
    pack = asked_for / "again.zip"
    parts = {part["name"]: part["dropped"] for part in counter.run("diagnose", str(pack)).json["parts"]}
    assert parts["command.log"] == 1
    assert NOTE and NAME.encode() not in pack.read_bytes()
