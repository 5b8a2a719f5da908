"""A share of the random lives in every run of the suite, the machine's own honesty, and a shrinking twin.

The whole walk is ``python -m tests.hunt.life_machine --histories 10000 --seed 1``.
"""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.act_events import WHERE_DUE_MOVES, events_of
from app.domain.dossier_status import STEPS, TRANSITIONS, Act, Status
from tests.domain.calendars import shipped_calendar
from tests.hunt import plain_calendar as wall
from tests.hunt.life_desk import TERMS
from tests.hunt.life_machine import one_desk
from tests.hunt.life_model import EVENT, GOES, NEXT
from tests.support.desk import reference

KEPT = ("1.0", "3.0", "8.1")
"""Seeds that once found a fault, and one that never did."""


@pytest.mark.parametrize("seed", KEPT)
def test_random_lives_agree_with_the_plain_model(seed):
    figures = one_desk(25, seed)
    assert figures.histories == 25
    assert figures.done > 60
    assert figures.refused > 60


def test_the_program_and_the_model_have_the_same_steps():
    assert {act.value: {int(a): int(b) for a, b in STEPS[act].items()} for act in Act} == GOES
    assert {int(a): {int(b) for b in to} for a, to in TRANSITIONS.items() if a is not None} == NEXT


def test_every_step_of_the_model_tells_what_the_docs_promise():
    for act, steps in GOES.items():
        for status in steps:
            told = "dossier.received" if (act, status) == ("reopen", 3) else EVENT[act]
            assert events_of(Act(act), Status(status)) == (told,)
    assert WHERE_DUE_MOVES == {(Act.PAY, Status.FEE_REQUESTED): ("dossier.due_date_changed",)}


@pytest.mark.parametrize("code", TERMS)
def test_the_model_has_the_terms_of_the_catalogue(code):
    day = date(2026, 11, 23)
    limit = reference().catalogue.version_for(code, day).time_limits[0]
    term = TERMS[code]
    assert (limit.unit, limit.amount or 0) == (term.unit, term.amount)
    assert limit.late_cutoff == (None if term.cutoff is None else time.fromisoformat(term.cutoff))


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)))
def test_both_calendars_open_on_the_same_days(day):
    assert shipped_calendar().is_working_day(day) == wall.works(day)
