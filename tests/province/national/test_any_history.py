"""Any lawful history, any faults, killed at any failpoint: the portal ends with what the province has.

Every dossier once, its body the canonical one, every step once and in order.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.province import dossiers
from app.province.national import g2_body, worker
from app.province.national.history import acts_of
from app.province.national.record import record_of
from tests.province.conftest import ClockedGateway
from tests.province.national import histories
from tests.province.national.rig import Rig
from tests.support.national_portal import Portal

POINTS = ("national_before_call", "national_after_call", "national_after_commit")
FAULTS = (
    "500",
    "500-after",
    "502",
    ["503", 1],
    ["429", 2],
    "html",
    "redirect",
    "cut-before",
    "cut-after",
    "half",
    "words",
    "401",
    "refuse",
    None,
)
AFTER_EFFECT = ("500-after", "cut-after", "half", "words")
fault = st.sampled_from((None,) * 24 + AFTER_EFFECT * 3 + FAULTS)
"""Calls that took effect and were not answered are the hard ones: drawn more often."""
kill = st.sampled_from([None, None, *((point, turn) for point in POINTS for turn in (1, 2, 3))])
rounds = st.fixed_dictionaries(
    {
        "acts": st.lists(histories.acts, min_size=1, max_size=4),
        "faults": st.lists(fault, max_size=6),
        "kill": kill,
    }
)


class Killed(BaseException):
    """The process ends here."""


class Killer:
    """Ends the worker at the n-th pass of one point."""

    def __init__(self, planned: tuple[str, int] | None) -> None:
        self.point, self.left = planned or ("", 0)

    def __call__(self, name: str) -> None:
        if name == self.point:
            self.left -= 1
            if self.left == 0:
                raise Killed


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, portal_process: Portal) -> Iterator[Rig]:
    """One rig for every drawn history: each makes a dossier of its own."""
    folder: Path = tmp_path_factory.mktemp("any")
    more = '[agencies."H60.999"]\ncode = "999"\nname = "Sở Ví Dụ"'
    with ClockedGateway(folder).running() as gateway:
        rig = Rig(folder, gateway, portal_process, more=more)
        yield rig
        rig.close()


def one_round(rig: Rig, kill: tuple[str, int] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "hit", Killer(kill))
    try:
        rig.run(2)
    except Killed:
        rig.clock.advance(timedelta(minutes=20))
    finally:
        monkeypatch.undo()


@given(plan=st.lists(rounds, min_size=2, max_size=4), refused=st.booleans())
@settings(
    max_examples=int(os.environ.get("MOTCUA_ANY_HISTORIES", "15")),
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_portal_ends_with_what_the_province_has(
    shared: Rig, monkeypatch: pytest.MonkeyPatch, plan: list[dict[str, object]], refused: bool
) -> None:
    shared.portal.clear()
    life = histories.begin(shared, refused=refused)
    for each in plan:
        for name in each["acts"]:  # type: ignore[attr-defined]
            life.act(name)
        shared.portal.plan(*each["faults"])  # type: ignore[misc]
        one_round(shared, each["kill"], monkeypatch)  # type: ignore[arg-type]
    shared.portal.clear()
    life.act("amended")
    shared.run(3)
    assert_equal(shared, life)


def assert_equal(rig: Rig, life: histories.Life) -> None:
    dossier_id = life.received["subject"]["id"]
    with rig.store.read() as db:
        dossier = dossiers.load(db, dossier_id)
        assert dossier is not None
        record = record_of(dossier, acts_of(db, dossier_id))
    settings_ = rig.worker().settings
    assert rig.held(life.received) == ()
    state = rig.portal.state()
    assert state["dossiers"][dossier.code] == g2_body.dossier_body(record, settings_)
    bodies = [g2_body.step_body(record, step, settings_) for step in record.steps]
    once = [body for index, body in enumerate(bodies) if body not in bodies[:index]]
    assert state["steps"][dossier.code] == once
    assert state["dossiers"][dossier.code]["TrangThaiHoSo"] == str(life.status) == once[-1]["TrangThai"]
