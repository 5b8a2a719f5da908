"""The power is cut at named points while receptions, slips and sends run; reopened, every promise holds.

The full hunt: ``python -m tests.journeys.test_kills COUNT SEED``. The suite runs a fixed small share.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.province.tables import dossiers as at_province
from tests.hunt.driver import CERTIFY, RECEIVE, Counter, end, examine, say
from tests.support.gateway import Gateway, running_gateway

VISITS = 20
AT_THE_COUNTER = ("before_commit", "after_commit", "after_head_mark", "before_rename", "after_rename")
ON_THE_LINE = ("between_commit_and_send", "before_send", "after_send")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """One province for all desks of this module."""
    with running_gateway(tmp_path_factory.mktemp("province")) as running:
        yield running


@pytest.mark.parametrize(
    ("point", "passes"),
    [("before_commit", 7), ("after_commit", 12), ("before_rename", 5), ("after_rename", 4)],
)
def test_killed_at_the_counter(gateway: Gateway, tmp_path: Path, point: str, passes: int) -> None:
    assert kill_at_the_counter(gateway, tmp_path, f"{point}:kill@{passes}", VISITS)


@pytest.mark.parametrize("point", ON_THE_LINE)
def test_killed_on_the_line(gateway: Gateway, tmp_path: Path, point: str) -> None:
    assert kill_on_the_line(gateway, tmp_path, f"{point}:kill")


def kill_at_the_counter(gateway: Gateway, folder: Path, failpoint: str, visits: int) -> bool:
    """Receive and print until the kill; gives whether the kill came. Asserts everything."""
    counter = fresh(folder)
    stored: list[str] = []
    printed: list[str] = []
    batch = counter.talk(failpoint)
    for visit in range(visits):
        received = say(batch, *(CERTIFY if visit % 4 == 3 else RECEIVE))
        if received is None:
            break
        assert received["exit"] == 0, received
        stored.append(received["id"])
        out = folder / f"slip-{visit}.pdf"
        slip = say(batch, "slip", received["number"], "--form", "01", "--out", str(out))
        if slip is None:
            break
        assert slip["exit"] == 0, slip
        printed.append(received["id"])
    killed = end(batch) != 0
    truth = examine(counter.folder)
    assert set(printed) <= set(stored) <= set(truth.numbers)
    assert len(truth.numbers) - len(stored) in ((0, 1) if killed else (0,))
    for paper in folder.glob("slip-*.pdf"):
        content = paper.read_bytes()
        assert content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF")
    again = counter.run(*RECEIVE)
    assert again.exit == 0, again
    _arrives_once(gateway, counter, folder)
    return killed


def kill_on_the_line(gateway: Gateway, folder: Path, failpoint: str) -> bool:
    """Three dossiers, the sending killed, then sent again; gives whether the kill came."""
    counter = fresh(folder)
    enrol(gateway, counter, folder)
    for _ in range(3):
        assert counter.run(*RECEIVE).exit == 0
    killed = counter.run("sync", failpoint=failpoint).exit != 0
    examine(counter.folder)
    _arrives_once(gateway, counter, folder, enrolled=True)
    return killed


def fresh(folder: Path) -> Counter:
    """A desk with a stream of its own: copies of one desk would be told by the province as copies."""
    counter = Counter(folder / "desk")
    assert counter.run("init", "--demo").exit == 0
    return counter


def enrol(gateway: Gateway, counter: Counter, folder: Path) -> None:
    """Make the desk known to the province."""
    code = gateway.enrolment_code(f"desk-{abs(hash(folder)) % 10**9}", unit="02221")
    done = counter.run("enrol", "--url", gateway.url, "--code", "-", stdin=code.encode() + b"\n")
    assert done.exit == 0, done.out


def _arrives_once(gateway: Gateway, counter: Counter, folder: Path, *, enrolled: bool = False) -> None:
    if not enrolled:
        enrol(gateway, counter, folder)
    answer = counter.run("sync")
    assert answer.exit == 0, answer
    assert (answer.json["reconciled"], answer.json["waiting"], answer.json["rejected"]) == (True, 0, 0)
    ours = examine(counter.folder).numbers
    with gateway.store() as store, store.read() as connection:
        theirs = connection.execute(at_province.select()).mappings().all()
    held = [row["dossier_id"] for row in theirs if row["dossier_id"] in ours]
    assert sorted(held) == sorted(ours)


def hunt(count: int, seed: int) -> None:
    """The full hunt: kills at random points and passes."""
    dice = random.Random(seed)
    hits = 0
    with tempfile.TemporaryDirectory() as place, running_gateway(Path(place) / "province") as gateway:
        for number in range(count):
            folder = Path(place) / f"desk-{number}"
            folder.mkdir()
            line = dice.random() < 0.3
            point = dice.choice(ON_THE_LINE if line else AT_THE_COUNTER)
            failpoint = f"{point}:kill@{1 if line else dice.randint(1, 40)}"
            act = (
                kill_on_the_line(gateway, folder, failpoint)
                if line
                else kill_at_the_counter(gateway, folder, failpoint, VISITS)
            )
            hits += act
            print(number, failpoint, "killed" if act else "ran through", flush=True)
    print(f"{count} runs, seed {seed}: {hits} killed, every promise held")


if __name__ == "__main__":
    hunt(int(sys.argv[1]), int(sys.argv[2]))
