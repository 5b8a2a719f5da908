"""The suite's small share of the hunt over three desks; hypothesis chooses the steps.

The long runs have their own command: ``python -m tests.hunt.three_desks --steps 400 --seed 7``.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.hunt import three_desks

WHO = st.integers(0, 2)
WHAT = st.integers(0, 999_999)


class ThreeDesks(RuleBasedStateMachine):
    """Every step of ``World``; at the end the lines are good again and both ends are compared."""

    def __init__(self) -> None:
        super().__init__()
        self._opened = three_desks.world()
        self.world: Any = self._opened.__enter__()

    @rule(who=WHO, what=WHAT)
    def receive(self, who: int, what: int) -> None:
        self.world.receive(who, what)

    @rule(who=WHO, what=WHAT)
    def go_on(self, who: int, what: int) -> None:
        self.world.go_on(who, what)

    @rule(who=WHO, what=WHAT)
    def hand_over(self, who: int, what: int) -> None:
        self.world.hand_over(who, what)

    @rule(who=WHO, what=WHAT)
    def together(self, who: int, what: int) -> None:
        self.world.together(who, what)

    @rule(who=WHO, what=WHAT)
    def sync(self, who: int, what: int) -> None:
        self.world.sync(who, what)

    @rule(what=WHAT)
    def office(self, what: int) -> None:
        self.world.office(0, what)

    @rule(who=WHO, what=WHAT)
    def stick(self, who: int, what: int) -> None:
        self.world.stick(who, what)

    @rule(who=WHO)
    def save(self, who: int) -> None:
        self.world.save(who, 0)

    @precondition(lambda self: any(side.copy is not None for side in self.world.sides))
    @rule(who=WHO)
    def restore(self, who: int) -> None:
        self.world.restore(who, 0)

    @rule(who=WHO, what=WHAT)
    def jump(self, who: int, what: int) -> None:
        self.world.jump(who, what)

    @invariant()
    def the_rules_hold(self) -> None:
        self.world.check()
        assert self.world.findings == []

    def teardown(self) -> None:
        try:
            self.world.settle()
            assert self.world.findings == []
        finally:
            self._opened.__exit__(None, None, None)


def test_three_desks_two_gateways_a_stick_and_bad_lines() -> None:
    run_state_machine_as_test(
        ThreeDesks,
        settings=settings(
            max_examples=1,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("plant", ["office-says-accepted"])
def test_a_planted_mistake_is_found(plant: str) -> None:
    assert three_desks.hunt(5, 12, plant)
