"""Whatever the line and the portal do: one dossier, each step once, and the rest goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.protocol import payloads
from app.province.national import overview
from app.province.national.reasons import Reason
from tests.province.national.rig import Rig
from tests.province.verdicts import state

TRANSIENT = (
    "500",
    "500-after",
    "502",
    ["503", 1],
    ["429", 1],
    "html",
    "redirect",
    "cut-before",
    "cut-after",
    "half",
    "401",
)


@pytest.mark.parametrize("fault", TRANSIENT, ids=str)
def test_a_fault_at_the_creation_leads_to_one_dossier(rig: Rig, fault: object) -> None:
    received = rig.receive()
    rig.portal.plan(fault)
    rig.run(4)
    assert rig.steps(received) == ["2"]
    assert rig.held(received) == ()
    assert state(rig.desk, received)["national_code"] == rig.number(received)


@pytest.mark.parametrize("fault", [*TRANSIENT, "words"], ids=str)
def test_a_fault_at_the_steps_leads_to_each_once(rig: Rig, fault: object) -> None:
    received = rig.receive()
    rig.progress(received, "Đang thụ lý")
    rig.portal.plan(None, fault)
    rig.run(4)
    assert rig.steps(received) == ["2", "4"]
    assert rig.held(received) == ()


@pytest.mark.parametrize("wrap", ["plain", "message", "text"])
@pytest.mark.parametrize("ok", ["0", "00", 0])
def test_every_recorded_envelope_is_read(rig: Rig, wrap: str, ok: object) -> None:
    rig.portal.settings(wrap=wrap, ok=ok)
    received = rig.receive()
    rig.run()
    assert rig.steps(received) == ["2"]


def test_already_exists_is_the_same_body_as_an_update(rig: Rig) -> None:
    received = rig.receive()
    rig.portal.plan("cut-after")
    rig.run(3)
    calls = rig.portal.state()["seen"]
    mine = [each["path"].rpartition("/")[2] for each in calls][-4:]
    assert mine == [
        "DongBoHoSoMC?isUpdating=False",
        "DongBoHoSoMC?isUpdating=False",
        "DongBoHoSoMC?isUpdating=True",
        "CapNhatTienDoHoSoMC",
    ]
    assert rig.steps(received) == ["2"]


def test_an_ended_session_is_opened_anew_once(rig: Rig) -> None:
    first = rig.receive()
    worker = rig.worker()
    worker.drain()
    rig.portal.end_session()
    second = rig.receive()
    worker.drain()
    assert rig.steps(first) == rig.steps(second) == ["2"]
    rig.portal.expire_tokens()
    third = rig.receive()
    worker.drain()
    assert rig.steps(third) == ["2"]
    worker.adapter.close()


def test_a_token_that_ends_is_asked_for_anew(rig: Rig) -> None:
    rig.portal.settings(life_s=1)
    before = rig.portal.state()["calls"].get("token", 0)
    for _ in range(2):
        rig.receive()
        rig.run()
    assert rig.portal.state()["calls"]["token"] >= before + 2


@pytest.mark.parametrize("fault", ["401", "html"])
def test_no_token_leaves_everything_waiting_and_pauses(rig: Rig, fault: str) -> None:
    rig.portal.settings(token_fault=fault)
    received = [rig.receive() for _ in range(3)]
    before = rig.portal.state()["calls"].get("token", 0)
    rig.run()
    assert rig.portal.state()["calls"]["token"] == before + 1, "one try for all, not one each"
    with rig.store.read() as db:
        standing = overview.standing(db, rig.clock.now())
    assert (standing.waiting, standing.held) == (3, 0)
    rig.portal.settings(token_fault=None)
    rig.run(2)
    assert [rig.steps(each) for each in received] == [["2"]] * 3


def test_retry_after_is_kept(rig: Rig) -> None:
    received = rig.receive()
    rig.portal.plan(["503", 3600])
    rig.run(step=timedelta(minutes=59))
    rig.run(step=timedelta(minutes=2))
    assert rig.number(received) not in rig.portal.state()["dossiers"]
    rig.run()
    assert rig.steps(received) == ["2"]


def test_a_refusal_holds_that_dossier_and_the_rest_goes_on(rig: Rig) -> None:
    refused, other = rig.receive(), None
    for _ in range(3):
        rig.portal.plan("refuse", "refuse")
        rig.run()
    other = rig.receive()
    rig.run()
    assert rig.held(refused) == (Reason("refused", "99"),)
    assert "Bí Mật" not in str(rig.held(refused)[0].words())
    assert rig.steps(other) == ["2"]
    rig.progress(refused)
    rig.run()
    assert rig.steps(refused) == ["2", "4"], "a newer version is tried by itself"


def test_a_slow_answer_that_takes_effect_late_is_not_repeated(new_rig: Callable[..., Rig]) -> None:
    rig = new_rig(stall_s=0.4, settle_s=120.0)
    received = rig.receive()
    before = rig.portal.state()["calls"].get("TraCuuHoSo", 0)
    rig.portal.plan(None, ["slow", 1.5])
    rig.run(step=timedelta(seconds=60))
    rig.run(step=timedelta(seconds=30))
    assert rig.portal.state()["calls"].get("TraCuuHoSo", 0) == before, "looked before it could know"
    time.sleep(2)
    rig.clock.advance(timedelta(minutes=3))
    rig.run()
    assert rig.steps(received) == ["2"]
    assert rig.held(received) == ()


def test_without_look_up_steps_in_doubt_are_held_and_the_operator_settles_it(
    new_rig: Callable[..., Rig],
) -> None:
    from app.province.national import queue

    rig = new_rig(province="")
    there, missing = rig.receive(), None
    rig.portal.plan(None, "cut-after")
    rig.run(3)
    missing = rig.receive()
    rig.portal.plan(None, "cut-before")
    rig.run(3)
    assert rig.held(there) == rig.held(missing) == (Reason("steps-unclear"),)
    assert rig.steps(there) == ["2"] and rig.steps(missing) == []
    with rig.store.write() as db:
        queue.settle_doubt(db, 0, there["subject"]["id"], [there["event_id"]])
        queue.settle_doubt(db, 0, missing["subject"]["id"], [])
    rig.run()
    assert rig.steps(there) == rig.steps(missing) == ["2"]


def test_a_portal_that_merges_is_simply_asked_again(new_rig: Callable[..., Rig]) -> None:
    rig = new_rig(province='steps_repeat = "merged"')
    rig.portal.settings(merges=True)
    received = rig.receive()
    rig.portal.plan(None, "cut-after")
    rig.run(3)
    assert rig.steps(received) == ["2"]


def test_a_look_up_without_steps_holds(rig: Rig) -> None:
    rig.portal.settings(shows=False)
    received = rig.receive()
    rig.portal.plan(None, "cut-after")
    rig.run(3)
    assert rig.held(received) == (Reason("steps-unclear"),)
    assert rig.steps(received) == ["2"]


def test_a_restored_store_looks_before_it_tells_steps_again(rig: Rig) -> None:
    from app.province import operator
    from app.province.national.tables import national_dossiers, national_steps

    received = rig.receive()
    rig.run()
    with rig.store.write() as db:
        db.execute(national_steps.delete())
        db.execute(national_dossiers.delete())
    operator.note_restored(rig.store, rig.clock.now())
    rig.progress(received)
    rig.run(2)
    assert rig.steps(received) == ["2", "4"]


def test_a_defect_of_ours_sets_one_dossier_aside(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.province.national import worker as module

    bad, good = rig.receive(), rig.receive()
    true = module.record_of

    def record_of(dossier: object, acts: object) -> object:
        made = true(dossier, acts)  # type: ignore[arg-type]
        if made.dossier_id == bad["subject"]["id"]:
            raise KeyError("planned")
        return made

    monkeypatch.setattr(module, "record_of", record_of)
    rig.run()
    assert rig.steps(good) == ["2"] and rig.steps(bad) == []
    with rig.store.read() as db:
        (line,) = overview.retry_lines(db)
    assert line.trouble == "defect-KeyError"
    monkeypatch.undo()
    rig.run()
    assert rig.steps(bad) == ["2"]


def test_desks_hear_how_it_ended(rig: Rig) -> None:
    received = rig.receive()
    rig.run(3)
    told = [
        change
        for change in rig.desk.changes(limit=500)["changes"]
        if change["change_type"] == "national.sync_outcome"
    ]
    assert [each["data"]["state"] for each in told] == ["confirmed"]
    assert told[0]["data"]["national_code"] == rig.number(received)
    rig.do(received, "dossier.withdrawn", payloads.EndWithReason("Công dân xin rút"))
    rig.run(3)
    told = [
        change["data"]["state"]
        for change in rig.desk.changes(limit=500)["changes"]
        if change["change_type"] == "national.sync_outcome"
    ]
    assert told == ["confirmed", "confirmed"]
