"""The visit on screen: which steps are lawful, what counts as unsaved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import VIETNAM
from app.domain.account_help import EXITS, ConsentPurpose, HelpState, Obstacle, next_states
from app.services.help.account_help import Case
from app.ui.account_help.visit import (
    begin,
    is_same_citizen,
    is_touched,
    is_unsaved,
    reachable,
    shown_case,
    steps_to,
)
from app.ui.account_help.words import outcome_choices, step_title, steps_shown, usual_obstacles
from app.ui.widgets import When
from tests.support.desk import HUONG

NOW = datetime(2026, 11, 23, 15, 31, tzinfo=VIETNAM)


@given(st.sampled_from(HelpState), st.sampled_from(HelpState))
def test_every_way_is_made_of_lawful_steps(old: HelpState, new: HelpState) -> None:
    way = steps_to(old, new)
    if not way:
        assert new not in reachable(old)
        return
    assert way[-1] is new
    if old is new:
        assert way == (new,)
        return
    for before, after in zip((old, *way), way, strict=False):
        assert after in next_states(before)
    assert not EXITS & set(way[:-1])


@pytest.mark.parametrize("state", HelpState)
def test_choices_are_what_can_be_reached_and_the_state_itself_comes_first(state: HelpState) -> None:
    choices = outcome_choices(state, None)
    assert choices[0].key == state.value
    assert {choice.key for choice in choices} == {each.value for each in reachable(state)}
    assert all(steps_to(state, HelpState(choice.key)) for choice in choices)
    assert usual_obstacles(state)
    assert step_title(state)


def test_a_new_citizen_may_be_found_at_any_step() -> None:
    assert set(reachable(HelpState.REGISTERED)) == set(HelpState)


def test_steps_behind_are_done_and_the_one_worked_at_is_marked() -> None:
    visit = replace(begin(HUONG, None, NOW), outcome=HelpState.APPROVED)
    whens = [step.when for step in steps_shown(visit)]
    assert whens == [When.PAST] * 3 + [When.NOW] + [When.FUTURE] * 2
    ended = replace(visit, outcome=HelpState.FIRST_DOSSIER)
    assert {step.when for step in steps_shown(ended)} == {When.PAST}
    declined = replace(visit, outcome=HelpState.DECLINED)
    assert {step.when for step in steps_shown(declined)} == {When.FUTURE}


def test_somebody_just_come_is_unsaved_and_a_case_looked_at_is_not_touched() -> None:
    case = Case(id="c", state=HelpState.ELIGIBLE, opened_at=NOW, changed_at=NOW, name=HUONG.name)
    fresh, known = begin(HUONG, None, NOW), begin(None, case, NOW)
    assert is_unsaved(fresh) and is_touched(fresh)
    assert is_unsaved(known) and not is_touched(known)
    assert is_touched(replace(known, note="gọi lại"))
    assert is_touched(replace(known, ticked={ConsentPurpose.CONTACT: NOW}))
    assert not is_unsaved(replace(known, saved_at=NOW))
    assert not is_unsaved(replace(fresh, case=replace(case, id=None), saved_at=NOW, outcome=HelpState.FAILED))


def test_a_day_that_has_passed_is_not_offered_again() -> None:
    past = Case(
        id="c",
        state=HelpState.ELIGIBLE,
        opened_at=NOW,
        changed_at=NOW,
        next_visit=NOW.date() - timedelta(days=1),
    )
    assert begin(None, past, NOW).next_visit is None
    assert begin(None, replace(past, next_visit=date(2026, 11, 30)), NOW).next_visit == date(2026, 11, 30)


def test_the_card_shows_what_is_on_screen() -> None:
    chosen = frozenset({Obstacle.NO_SIGNAL, Obstacle.SIM_NOT_OWNER})
    visit = replace(begin(HUONG, None, NOW), outcome=HelpState.APPROVED, obstacles=chosen)
    case = shown_case(visit, NOW)
    assert (case.id, case.state) == (None, HelpState.APPROVED)
    assert case.obstacles == (Obstacle.SIM_NOT_OWNER, Obstacle.NO_SIGNAL)


def test_the_same_card_twice_is_the_same_citizen() -> None:
    visit = begin(HUONG, None, NOW)
    assert is_same_citizen(visit, replace(HUONG, phone=None))
    assert not is_same_citizen(visit, replace(HUONG, id_value="008198000001"))
