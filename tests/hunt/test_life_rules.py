"""The same lives as rules of hypothesis: fewer, but a failure is shrunk to the shortest life."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.hunt import plain_calendar as wall
from tests.hunt.life_chance import NO_TERM
from tests.hunt.life_checks import History
from tests.hunt.life_desk import LOGINS, TERMS, Arrival, LifeDesk
from tests.hunt.life_model import GOES, OWN_UNIT, UNITS, Order

START = datetime(2025, 7, 2, 7, 30, tzinfo=wall.HERE)
MINUTES = st.one_of(st.integers(-90, 3000), st.integers(0, 60_000))
WORDS = st.sampled_from(("Xác minh thêm", "Xác minh thêm", "", " ", "..."))
BRINGING = ("accept", "reopen")
"""Acts that say which papers are there; to others the same words would mean papers asked for."""
UNIT = st.sampled_from((*UNITS, OWN_UNIT, "99999", ""))


class Lives(RuleBasedStateMachine):
    """Dossiers on one desk; the checks are those of the walk."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="lives-"))
        self.desk = LifeDesk(self.folder, "hypothesis")
        self.open: list[History] = []

    @initialize(code=st.sampled_from(sorted(TERMS)), days=st.integers(0, 880))
    def first(self, code: str, days: int) -> None:
        """A life begins with a dossier."""
        self.arrive(code, days, 0, register=False, complete=True)

    @rule(
        code=st.sampled_from(sorted(TERMS)),
        days=st.integers(0, 880),
        minutes=st.integers(-450, 989),
        register=st.booleans(),
        complete=st.booleans(),
    )
    def arrive(self, code: str, days: int, minutes: int, register: bool, complete: bool) -> None:
        """A dossier is received, or registered with or without its papers."""
        at = START + timedelta(days=days, minutes=minutes)
        manual = wall.closing(wall.nth_open_after(wall.local_day(at), 4)) if code == NO_TERM else None
        whole = complete or not register
        self.open.append(
            self.desk.arrive(Arrival(code, at, register=register, complete=whole, manual=manual))
        )

    @precondition(lambda self: self.open)
    @rule(
        which=st.integers(0, 9),
        act=st.sampled_from(sorted(GOES)),
        login=st.sampled_from(("canbo", "lanhdao", "xuly", "quantri", "kiemtra")),
        minutes=MINUTES,
        explicit=st.booleans(),
        reason=WORDS,
        due=st.one_of(st.none(), st.integers(-4, 30)),
        amount=st.one_of(st.none(), st.integers(-1, 3), st.sampled_from((8000, 50_000))),
        to=UNIT,
        brings_all=st.booleans(),
    )
    def act(
        self,
        which: int,
        act: str,
        login: str,
        minutes: int,
        explicit: bool,
        reason: str,
        due: int | None,
        amount: int | None,
        to: str,
        brings_all: bool,
    ) -> None:
        """Any act, by anybody, at any time."""
        one = self.open[which % len(self.open)]
        at = one.life.last + timedelta(minutes=minutes)
        ahead = None if due is None else wall.closing(wall.local_day(at) + timedelta(days=due))
        dated = ahead if act in ("accept", "reopen", "extend") else None
        order = Order(
            act,
            LOGINS[login],
            at,
            explicit,
            reason,
            dated,
            amount=amount,
            to=to,
            brings_all=brings_all and act in BRINGING,
        )
        self.desk.attempt(one, order, login, at + timedelta(days=minutes % 3))

    @precondition(lambda self: any(one.life.pending and one.life.here for one in self.open))
    @rule()
    def elsewhere(self) -> None:
        """The other unit takes over what was handed to it."""
        self.desk.taken_elsewhere(next(one for one in self.open if one.life.pending and one.life.here))

    def teardown(self) -> None:
        """The whole desk is read again."""
        try:
            self.desk.checks.read_all_again()
        finally:
            self.desk.close()
            shutil.rmtree(self.folder, ignore_errors=True)


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=8,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
