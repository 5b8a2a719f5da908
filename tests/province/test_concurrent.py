"""Several gateway processes behind one PostgreSQL: nothing missed, nothing twice, no number given twice."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from app.clock import VIETNAM
from app.protocol import payloads
from app.protocol.ids import new_id
from app.protocol.parts import UnitRef
from app.province import dialect, feed, outgoing
from app.province.store import Store
from app.province.tables import changes
from tests.province.test_feed import everything
from tests.province.verdicts import accepted, push, upload
from tests.support.gateway import Gateway, running_gateway
from tests.support.postgres import Postgres
from tests.support.wire_desk import WireDesk

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=VIETNAM)


def tell(db: Any, name: str) -> None:
    feed.tell_units(db, NOW, feed.Change("desk.notice", {"kind": "desk", "id": name}, {}), ["H60.1"])


@pytest.fixture
def stores(postgres: Postgres, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two processes' stores on one database."""
    url = postgres.new_database()
    pair = (Store(url, files=tmp_path), Store(url, files=tmp_path))
    pair[0].migrate()
    yield pair
    for store in pair:
        store.dispose()


def places(store: Store) -> list[int]:
    with store.read() as db:
        return list(db.execute(select(changes.c.seq).order_by(changes.c.seq)).scalars())


class TestOrderOfTheFeed:
    """A reader who has seen one place has no lower one still to come."""

    def test_who_told_first_and_commits_last_comes_last(self, stores: tuple[Store, Store]) -> None:
        slow, quick = stores
        with slow.write() as db:
            tell(db, "slow")
            with quick.write() as other:
                tell(other, "quick")
            seen = places(quick)
        assert len(seen) == 1 and places(quick)[0] == seen[0] and places(quick)[1] > seen[0]

    def test_between_place_and_commit_nobody_else_gets_a_place(self, stores: tuple[Store, Store]) -> None:
        slow, quick = stores

        def tell_quickly() -> None:
            with quick.write() as other:
                tell(other, "quick")

        second = threading.Thread(target=tell_quickly)
        with slow.write() as db:
            tell(db, "slow")
            outgoing.release(db)
            second.start()
            second.join(timeout=1)
            assert second.is_alive(), "a later place became visible before an earlier one"
            assert places(quick) == []
        second.join(timeout=10)
        with quick.read() as db:
            bodies = db.execute(select(changes.c.body).order_by(changes.c.seq)).scalars().all()
        assert ["slow" in bodies[0], "quick" in bodies[1]] == [True, True]


def test_a_deadlock_is_undone_and_done_again(stores: tuple[Store, Store]) -> None:
    one, two = stores
    with one.write() as db:
        db.execute(text("INSERT INTO units VALUES ('a', '0'), ('b', '0')"))
    both = threading.Barrier(2)
    tries = {"ab": 0, "ba": 0}

    def work(order: str) -> Callable[[Any], None]:
        def inner(db: Any) -> None:
            tries[order] += 1
            for unit in order:
                db.execute(
                    text("UPDATE units SET name = (name::int + 1)::text WHERE unit_code = :u"), {"u": unit}
                )
                if tries[order] == 1 and unit == order[0]:
                    both.wait(timeout=10)

        return inner

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: pair[0].do(work(pair[1])), ((one, "ab"), (two, "ba"))))
    with one.read() as db:
        assert db.execute(text("SELECT string_agg(name, ',') FROM units")).scalar() == "2,2"
    assert sum(tries.values()) == 3 and one.retries + two.retries == 1


@pytest.fixture
def gateways(postgres: Postgres, tmp_path: Path) -> Iterator[tuple[Gateway, Gateway]]:
    """Two gateway processes behind one database, with one folder of files."""
    url, files = postgres.new_database(), str(tmp_path / "files")
    with (
        running_gateway(tmp_path / "one", "--files", files, db=url) as one,
        running_gateway(tmp_path / "two", "--files", files, db=url) as two,
    ):
        yield one, two


def enrolled(gateway: Gateway, name: str, unit: str) -> WireDesk:
    desk = WireDesk(gateway.url, unit=unit)
    assert desk.enrol(gateway.enrolment_code(name, unit)).status_code == 201
    desk.sign_in()
    return desk


def test_one_run_sent_to_both_at_once_counts_once(gateways: tuple[Gateway, Gateway]) -> None:
    one, two = gateways
    desk = enrolled(one, "quay-1", "H60.1")
    accepted(desk, desk.opened())
    for turn in range(5):
        events = [desk.received() for _ in range(10)]
        same_key = new_id() if turn % 2 else None

        def send(gateway: Gateway, events: Any = events, key: Any = same_key) -> Any:
            other = WireDesk(gateway.url, unit=desk.unit)
            other.token, other.epoch = desk.token, desk.epoch
            return other.push(events, key=key)

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(send, (one, two)))
        assert [each.status_code for each in answers] == [200, 200]
        verdicts = [[each["verdict"] for each in answer.json()["verdicts"]] for answer in answers]
        if same_key:
            assert verdicts == [["accepted"] * 10] * 2
            assert answers[0].content == answers[1].content
        else:
            assert sorted(verdicts) == [["accepted"] * 10, ["duplicate"] * 10]
    state = desk.call("GET", f"/v1/stream?epoch={desk.epoch}").json()
    assert (state["received_through_seq"], state["chain"]) == (desk.seq, desk.chain)
    numbers = [each["data"]["code"] for each in everything(desk)]
    assert len(numbers) == len(set(numbers)) == 50


def test_one_unit_takes_turns_and_the_neighbour_does_not_wait(gateways: tuple[Gateway, Gateway]) -> None:
    """Else a file that ends while the event that names it is being judged would wake nobody."""
    desk, neighbour = enrolled(gateways[0], "quay-1", "H60.1"), enrolled(gateways[1], "quay-1", "H60.2")
    answers: list[int] = []
    pushing = threading.Thread(target=lambda: answers.append(desk.push([desk.opened()]).status_code))
    with gateways[1].store() as store, store.write() as db:
        dialect.lock(db, "unit", "H60.1")
        pushing.start()
        accepted(neighbour, neighbour.opened(), neighbour.received())
        pushing.join(timeout=1)
        assert pushing.is_alive() and not answers
    pushing.join(timeout=20)
    assert answers == [200]


def test_desks_of_one_unit_on_two_processes_get_no_equal_number(gateways: tuple[Gateway, Gateway]) -> None:
    desks = [enrolled(gateway, f"quay-{index}", "H60.1") for index, gateway in enumerate(gateways)]

    def work(desk: WireDesk) -> None:
        accepted(desk, desk.opened())
        for _ in range(10):
            accepted(desk, desk.received(), desk.received())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, desks))
    codes = [each["code"] for each in desks[0].call("GET", "/v1/snapshot").json()["dossiers"]]
    assert len(codes) == len(set(codes)) == 40


def test_a_reader_of_one_process_misses_nothing_written_through_the_other(
    gateways: tuple[Gateway, Gateway],
) -> None:
    one, two = gateways
    writers = [enrolled(gateway, f"quay-{index}", "H60.1") for index, gateway in enumerate((one, two, one))]
    reader = enrolled(two, "doc", "H60.1")
    for each in writers:
        accepted(each, each.opened())
    done = threading.Event()
    seen: list[str] = []

    def read() -> None:
        cursor = None
        while True:
            ended = done.is_set()
            page = reader.changes(cursor, limit=7)
            seen.extend(each["change_id"] for each in page["changes"])
            cursor = page["next_cursor"]
            if ended and not page["more"]:
                return

    def work(desk: WireDesk) -> None:
        for _ in range(12):
            accepted(desk, *(desk.received() for _ in range(3)))

    reading = threading.Thread(target=read)
    reading.start()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, writers))
    done.set()
    reading.join()
    whole = [each["change_id"] for each in everything(reader)]
    assert len(whole) == 3 * 12 * 3 * 2 and seen == whole


def test_a_long_poll_hears_of_the_other_process(gateways: tuple[Gateway, Gateway]) -> None:
    one, two = gateways
    writer, reader = enrolled(one, "quay-1", "H60.1"), enrolled(two, "quay-2", "H60.1")
    accepted(writer, writer.opened())
    start = reader.changes()["next_cursor"]
    later = threading.Timer(0.5, lambda: accepted(writer, writer.received()))
    later.start()
    began = time.monotonic()
    page = reader.changes(start, wait=30)
    later.join()
    assert page["changes"] and time.monotonic() - began < 15


def test_a_file_sent_to_one_process_settles_and_is_read_at_the_other(
    gateways: tuple[Gateway, Gateway],
) -> None:
    one, two = gateways
    desk = enrolled(one, "quay-1", "H60.1")
    content = b"a scan"
    sha256 = hashlib.sha256(content).hexdigest()
    verdicts = push(desk, desk.opened(), desk.received(scan=sha256))
    assert [each["verdict"] for each in verdicts] == ["accepted", "deferred"]
    desk.url = two.url
    assert upload(desk, content) == sha256
    desk.url = one.url
    assert desk.call("GET", f"/v1/files/{sha256}").content == content
    assert [each["change_type"] for each in everything(desk)] == ["dossier.numbered", "event.verdict"]


def test_two_units_acting_on_each_others_dossiers_in_opposite_order(
    gateways: tuple[Gateway, Gateway],
) -> None:
    """Both units see both dossiers; runs that name them in opposite order all take effect, each once."""
    desks = [enrolled(gateway, "quay", f"H60.{index}") for index, gateway in enumerate(gateways, 1)]
    for desk in desks:
        accepted(desk, desk.opened())
    dossiers = [_shared(*desks), _shared(*reversed(desks))]

    def work(desk: WireDesk, order: list[dict[str, Any]]) -> None:
        for _ in range(10):
            accepted(desk, *(_rated(desk, each) for each in order * 5))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, desks, (dossiers, dossiers[::-1])))
    for desk in desks:
        state = desk.call("GET", f"/v1/stream?epoch={desk.epoch}").json()
        assert (state["received_through_seq"], state["chain"]) == (desk.seq, desk.chain)
        for each in dossiers:
            shown = desk.call("GET", f"/v1/dossiers/{each['subject']['id']}").json()
            assert shown["version"] == 4 + 2 * 10 * 5


def _shared(own: WireDesk, other: WireDesk) -> dict[str, Any]:
    """A dossier that one unit received and the other has in custody (version 4)."""
    received = own.received()
    move = payloads.Custody(UnitRef(own.unit, "UBND xã Một"), UnitRef(other.unit, "UBND xã Hai"))
    accepted(own, received, own.about(received, "dossier.transferred", move))
    accepted(other, other.about(received, "dossier.custody_accepted", move))
    return received


def _rated(desk: WireDesk, received: dict[str, Any]) -> dict[str, Any]:
    return desk.about(received, "feedback.recorded", payloads.Feedback(5))
