"""The desk's keys changed from the desk: nothing on the way, and no kill, costs the desk its identity."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.clock import to_wire
from app.models import tables
from app.models.epochs import RESTORED, open_epoch
from app.province import tables as province_tables
from app.province.times import to_ms
from app.sync import desk_keys
from app.sync.context import SyncDesk
from app.sync.credentials import unseal
from app.sync.desk_keys import age_identities, ask_new_keys, key_name
from app.sync.link import gateway_row, own_desk_id
from app.sync.marks import KEYS_NEXT, KEYS_OLD, read_mark, write_mark
from app.sync.round import run_round
from tests.support import desk_store as made
from tests.support.fault_proxy import FaultProxy, answer, captive_portal, drop_answer, refuse
from tests.support.gateway import Gateway
from tests.sync.conftest import EnrolledDesk

KEYS = "/v1/desk/keys"


def in_force(gateway: Gateway, client_id: str) -> dict[str, int | None]:
    """The desk's keys at the province: name to the end of its life."""
    k = province_tables.desk_keys.c
    with gateway.store() as store, store.read() as db:
        return {
            row.kid: row.valid_until
            for row in db.execute(select(k.kid, k.valid_until).where(k.desk_id == client_id))
        }


def client_id(desk: SyncDesk) -> str:
    with desk.store.read() as connection:
        return str(gateway_row(connection)["client_id"])


def sync(desk: SyncDesk) -> str:
    return run_round(desk, sleep=lambda _: None).outcome.code


def both_know_the_same_key(gateway: Gateway, desk: SyncDesk) -> bool:
    newest = [kid for kid, until in in_force(gateway, client_id(desk)).items() if until is None]
    return newest == [key_name(desk)]


def test_new_keys_take_the_old_ones_place(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    with desk.store.read() as connection:
        old = unseal(gateway_row(connection)["secret"], own_desk_id(connection))
    assert ask_new_keys(desk) == old.kid
    made.receive(desk)
    assert sync(desk) == "complete"
    assert key_name(desk) != old.kid
    assert both_know_the_same_key(gateway, desk)
    made.receive(desk, 2)
    assert sync(desk) == "complete"
    with desk.store.read() as connection:
        row = gateway_row(connection)
        new = unseal(row["secret"], own_desk_id(connection))
        opened_by = age_identities(connection, row, desk.clock.now())
    assert opened_by == [new.age_identity, old.age_identity], "a receipt for the old pair can still be read"
    assert set(in_force(gateway, client_id(desk))) == {old.kid, new.kid}


def test_keys_are_left_alone_until_they_are_old(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    name = key_name(desk)
    assert sync(desk) == "complete"
    assert key_name(desk) == name
    with desk.store.write() as connection:
        long_ago = desk.clock.now() - desk_keys.LIFE - timedelta(days=1)
        connection.execute(update(tables.gateway).values(enrolled_at=long_ago))
    assert sync(desk) == "complete"
    assert key_name(desk) != name
    renewed = key_name(desk)
    assert sync(desk) == "complete"
    assert key_name(desk) == renewed, "once a year is enough"


def test_a_restored_desk_changes_its_keys_once(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    made.receive(desk)
    sync(desk)
    name = key_name(desk)
    with desk.store.write() as connection:
        open_epoch(connection, desk.clock, RESTORED)
    assert sync(desk) == "complete"
    renewed = key_name(desk)
    assert renewed != name
    sync(desk)
    assert key_name(desk) == renewed
    assert both_know_the_same_key(gateway, desk)


@pytest.mark.parametrize("fault", [drop_answer(), refuse(), captive_portal()], ids=lambda each: each.kind)
def test_a_lost_answer_is_repeated_with_the_same_keys(
    gateway: Gateway, new_desk: EnrolledDesk, proxy: FaultProxy, fault: object
) -> None:
    desk = new_desk(proxy.url)
    ask_new_keys(desk)
    for _ in range(3):
        proxy.once(fault, KEYS)  # type: ignore[arg-type]
    assert sync(desk) == "complete", "the change is the last step and takes nothing from the round"
    before = set(in_force(gateway, client_id(desk)))
    while proxy._once:
        sync(desk)
    assert sync(desk) == "complete"
    after = in_force(gateway, client_id(desk))
    assert both_know_the_same_key(gateway, desk)
    assert len(after) == 2, "one change, one new key"
    assert before <= set(after)


def test_a_refused_change_keeps_the_old_keys_and_waits(
    gateway: Gateway, new_desk: EnrolledDesk, proxy: FaultProxy
) -> None:
    desk = new_desk(proxy.url)
    name = ask_new_keys(desk)
    body = b'{"type":"about:blank","code":"bad-request","title":"x","status":400}'
    proxy.once(answer(400, body, Content_Type="application/problem+json"), KEYS)
    assert sync(desk) == "complete"
    assert key_name(desk) == name
    asked = len([seen for seen in proxy.seen if seen.path == KEYS])
    assert sync(desk) == "complete"
    assert len([seen for seen in proxy.seen if seen.path == KEYS]) == asked, "not at every round"
    ask_new_keys(desk)
    assert sync(desk) == "complete"
    assert both_know_the_same_key(gateway, desk)


def test_an_answer_with_other_keys_is_not_believed(
    gateway: Gateway, new_desk: EnrolledDesk, proxy: FaultProxy
) -> None:
    desk = new_desk(proxy.url)
    name = ask_new_keys(desk)
    body = (
        b'{"signing_key":{"kty":"OKP","crv":"Ed25519","x":"JpRVTvcfyITFCJUhuOdHDdjbbFUZ1-bjTvPRQaHRAeA",'
        b'"kid":"desk-2026-2"},'
        b'"bundle_recipient":"age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"}'
    )
    proxy.once(answer(200, body, Content_Type="application/json"), KEYS)
    assert sync(desk) == "complete"
    assert key_name(desk) == name
    assert sync(desk) == "complete"
    assert both_know_the_same_key(gateway, desk)


def test_the_new_key_speaks_where_the_old_one_has_died_meanwhile(
    gateway: Gateway, new_desk: EnrolledDesk, proxy: FaultProxy
) -> None:
    """The answer was lost and the desk slept for more than the 30 days the old key had left."""
    desk = new_desk(proxy.url)
    old = ask_new_keys(desk)
    for _ in range(3):
        proxy.once(drop_answer(), KEYS)
    sync(desk)
    assert key_name(desk) == old
    _end_of_life(gateway, old, desk.clock.now())
    desk.tokens.forget()
    made.receive(desk)
    assert sync(desk) == "complete"
    assert key_name(desk) != old
    assert both_know_the_same_key(gateway, desk)
    assert made.verdicts(desk) == ["accepted", "accepted"]


def test_a_refused_pair_that_was_taken_after_all_is_not_lost(
    gateway: Gateway, new_desk: EnrolledDesk, proxy: FaultProxy
) -> None:
    desk = new_desk(proxy.url)
    old = ask_new_keys(desk)
    body = b'{"type":"about:blank","code":"bad-request","title":"x","status":400}'
    proxy.once(drop_answer(), KEYS)
    proxy.once(answer(400, body, Content_Type="application/problem+json"), KEYS)
    sync(desk)
    _end_of_life(gateway, old, desk.clock.now())
    desk.tokens.forget()
    assert sync(desk) == "complete"
    assert both_know_the_same_key(gateway, desk)


def test_a_kept_pair_that_was_replaced_meanwhile_gives_way_to_a_fresh_one(
    gateway: Gateway, new_desk: EnrolledDesk, proxy: FaultProxy, tmp_path: Path
) -> None:
    """Put back from a copy made before the answer to its change; meanwhile the desk had changed again."""
    desk = new_desk(proxy.url)
    ask_new_keys(desk)
    for _ in range(3):
        proxy.once(drop_answer(), KEYS)
    sync(desk)
    desk.store.dispose()
    copy = shutil.copytree(desk.folder, tmp_path / "copy")
    desk = made.reopen(desk.folder)
    sync(desk)
    ask_new_keys(desk)
    sync(desk)
    assert both_know_the_same_key(gateway, desk)
    desk.store.dispose()
    desk = made.reopen(copy)
    with desk.store.write() as connection:
        open_epoch(connection, desk.clock, RESTORED)
    assert sync(desk) == "complete"
    assert both_know_the_same_key(gateway, desk), "at once: the refusal spoke of the kept pair alone"
    desk.store.dispose()


def test_a_token_from_before_a_change_is_taken_out_anew_for_the_next(
    gateway: Gateway, new_desk: EnrolledDesk, proxy: FaultProxy
) -> None:
    desk = new_desk(proxy.url)
    ask_new_keys(desk)
    body = b'{"type":"about:blank","code":"bad-request","title":"x","status":400}'
    proxy.once(drop_answer(), KEYS)
    proxy.once(answer(400, body, Content_Type="application/problem+json"), KEYS)
    sync(desk)
    assert not both_know_the_same_key(gateway, desk), "taken, and told as refused"
    ask_new_keys(desk)
    assert sync(desk) == "complete"
    assert both_know_the_same_key(gateway, desk)
    assert [seen.path for seen in proxy.seen].count(KEYS) == 4, "lost, refused, token too old, done"


def test_a_desk_no_key_of_which_is_known_says_so_and_keeps_all(
    gateway: Gateway, new_desk: EnrolledDesk
) -> None:
    desk = new_desk()
    made.receive(desk)
    _end_of_life(gateway, key_name(desk), desk.clock.now())
    desk.tokens.forget()
    assert sync(desk) == "credentials-refused"
    assert made.verdicts(desk) == [None, None]


def test_closing_during_a_change_leaves_it_to_the_next_round(
    gateway: Gateway, new_desk: EnrolledDesk, proxy: FaultProxy
) -> None:
    desk = new_desk(proxy.url)
    old = ask_new_keys(desk)

    def hang_up(method: str, path: str) -> None:
        if path == KEYS:
            desk.line.hang_up()

    proxy.decide = hang_up  # type: ignore[assignment]
    assert sync(desk) in ("stopped", "complete")
    proxy.decide = None
    assert key_name(desk) == old
    with desk.store.read() as connection:
        assert read_mark(connection, KEYS_NEXT) is not None
    desk.line.pick_up()
    assert sync(desk) == "complete"
    assert both_know_the_same_key(gateway, desk)
    assert len(in_force(gateway, client_id(desk))) == 2


def test_old_pairs_are_forgotten_in_time(new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    for _ in range(2):
        ask_new_keys(desk)
        sync(desk)
    with desk.store.write() as connection:
        kept = read_mark(connection, KEYS_OLD)
        assert len(kept) == 2
        write_mark(connection, KEYS_OLD, [{**each, "until": to_wire(desk.clock.now())} for each in kept])
        row = gateway_row(connection)
        assert len(age_identities(connection, row, desk.clock.now())) == 1


@pytest.mark.parametrize("point", ["before_keys", "after_keys", "before_commit@2", "after_commit@3"])
def test_a_kill_during_a_change_costs_nothing(
    gateway: Gateway, new_desk: EnrolledDesk, tmp_path: Path, point: str
) -> None:
    """``before_commit@n`` and ``after_commit@n`` count the commits from the beginning of the change."""
    desk = new_desk()
    old = ask_new_keys(desk)
    made.receive(desk)
    desk.store.dispose()
    assert _killed(desk.folder, point)
    desk = made.reopen(desk.folder)
    assert sync(desk) == "complete"
    assert key_name(desk) != old
    assert both_know_the_same_key(gateway, desk)
    assert len(in_force(gateway, client_id(desk))) == 2, "one change, one new key"
    desk.store.dispose()


def _killed(folder: Path, point: str) -> bool:
    """A round in a process of its own that dies at the point."""
    code = (
        "import sys; from pathlib import Path\n"
        "from app import failpoints\n"
        "from app.sync import desk_keys, round\n"
        "from tests.support import desk_store\n"
        "name, _, count = sys.argv[2].partition('@')\n"
        "real = round.change_keys\n"
        "def armed(link):\n"
        "    failpoints._name, failpoints._action, failpoints._left = name, 'kill', int(count or 1)\n"
        "    return real(link)\n"
        "round.change_keys = armed\n"
        "round.run_round(desk_store.reopen(Path(sys.argv[1])))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), point], check=False, timeout=60, env={**os.environ}
    )
    return done.returncode == -signal.SIGKILL


def _end_of_life(gateway: Gateway, kid: str, now: datetime) -> None:
    k = province_tables.desk_keys
    with gateway.store() as store, store.write() as db:
        db.execute(update(k).where(k.c.kid == kid).values(valid_until=to_ms(now) - 1))
