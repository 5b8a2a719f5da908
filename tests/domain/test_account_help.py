"""States, steps, obstacles and consent of account help (DOMAIN §9)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.account_help import (
    CURRENT_WORDING,
    DEFAULT_RETENTION_MONTHS,
    ENDS,
    EXITS,
    OBSTACLE_WORDS,
    OTP_WARNING,
    STATE_LABELS,
    STEPS,
    ConsentPurpose,
    HelpState,
    Obstacle,
    card_lines,
    consent_wording,
    consent_words,
    next_advice,
    next_states,
    parse_obstacle,
    parse_purpose,
    parse_state,
    require_help_step,
    step_of,
    steps_done,
)
from app.domain.secret_guard import holds_code
from app.errors import RuleError

ROAD = [
    "dang_ky_ho_tro",
    "du_dieu_kien",
    "da_chuyen_cong_an",
    "cho_phe_duyet",
    "da_duyet_cho_kich_hoat",
    "da_kich_hoat",
    "da_dang_nhap_cong",
    "da_nop_ho_so_dau_tien",
]
OBSTACLES = [
    "no_smartphone",
    "sim_not_owner",
    "card_expired",
    "card_no_chip",
    "fingerprint_unreadable",
    "data_mismatch",
    "activation_lapsed",
    "forgot_secret",
    "locked",
    "other_device",
    "no_signal",
    "no_email",
    "cannot_read",
    "minority_language",
    "portal_down",
    "other",
]


def test_the_values_are_those_of_the_command_line() -> None:
    assert {s.value for s in HelpState} == {
        *ROAD,
        "thieu_dieu_kien",
        "tu_choi_ho_tro",
        "that_bai",
        "nop_thay_uy_quyen",
    }
    assert [o.value for o in Obstacle] == OBSTACLES
    assert [p.value for p in ConsentPurpose] == ["tracking", "reminder", "contact"]


def test_the_road_is_lawful_step_by_step_and_only_so() -> None:
    states = [HelpState(value) for value in ROAD]
    for place, old in enumerate(states):
        later = [s for s in states[place + 1 :] if s in next_states(old)]
        assert later == states[place + 1 : place + 2]
    for old, new in pairwise(states):
        require_help_step(old, new)


def test_lacking_conditions_lead_back_to_the_road() -> None:
    assert HelpState.NOT_ELIGIBLE in next_states(HelpState.REGISTERED)
    assert {HelpState.ELIGIBLE, HelpState.SENT_TO_POLICE} <= set(next_states(HelpState.NOT_ELIGIBLE))


@pytest.mark.parametrize("state", list(HelpState))
def test_side_exits_are_open_until_the_end(state: HelpState) -> None:
    assert set(next_states(state)) >= EXITS if state not in ENDS else next_states(state) == ()


@pytest.mark.parametrize("old", list(HelpState))
@pytest.mark.parametrize("new", list(HelpState))
def test_a_step_passes_exactly_where_the_table_says(old: HelpState, new: HelpState) -> None:
    lawful = new in next_states(old) or (new is old and old not in ENDS)
    if lawful:
        require_help_step(old, new, [Obstacle.LOCKED])
        return
    with pytest.raises(RuleError) as refusal:
        require_help_step(old, new, [Obstacle.LOCKED])
    assert (refusal.value.code, refusal.value.field) == ("help-step", "state")


def test_a_failure_needs_its_reason_and_other_needs_a_word() -> None:
    with pytest.raises(RuleError) as no_reason:
        require_help_step(HelpState.APPROVED, HelpState.FAILED)
    assert (no_reason.value.code, no_reason.value.field) == ("help-reason", "obstacle")
    with pytest.raises(RuleError) as no_note:
        require_help_step(HelpState.APPROVED, HelpState.FAILED, [Obstacle.OTHER], " ")
    assert (no_note.value.code, no_note.value.field) == ("help-note", "note")
    require_help_step(HelpState.APPROVED, HelpState.FAILED, [Obstacle.OTHER], "máy hỏng")


def test_each_state_stands_at_its_step() -> None:
    numbers = [step.number if (step := step_of(HelpState(value))) else None for value in ROAD]
    assert numbers == [1, 2, 2, 3, 4, 5, 6, 6]
    assert [steps_done(HelpState(value)) for value in ROAD] == [0, 1, 1, 2, 3, 4, 5, 6]
    assert all(step_of(state) is None for state in EXITS)
    assert [step.number for step in STEPS] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (parse_state, "xong", "help-state-unknown"),
        (parse_obstacle, "sim", "help-obstacle-unknown"),
        (parse_purpose, "all", "consent-purpose-unknown"),
    ],
)
def test_an_unknown_word_is_refused_with_the_choices(parse, text: str, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RuleError) as refusal:
        parse(text)
    assert refusal.value.code == code and refusal.value.next_step.startswith("Chọn một trong:")


def test_every_state_and_obstacle_has_words_that_hold_no_code() -> None:
    assert set(STATE_LABELS) == set(HelpState) and set(OBSTACLE_WORDS) == set(Obstacle)
    words = [w for o in OBSTACLE_WORDS.values() for w in (o.label, o.advice, o.card_line)]
    assert all(o.label and o.advice for o in OBSTACLE_WORDS.values())
    assert not any(holds_code(word) for word in [*words, OTP_WARNING])


def test_the_card_says_what_to_do_in_order() -> None:
    lines = card_lines(HelpState.APPROVED, [Obstacle.SIM_NOT_OWNER], date(2026, 11, 30))
    assert lines == (
        "Ra nhà mạng, đổi SIM sang tên mình.",
        "Mở VNeID, tự kích hoạt, tự nhập OTP.",
        "Thứ Hai 30/11/2026: quay lại quầy, mang điện thoại này.",
    )


@given(st.sampled_from(HelpState), st.lists(st.sampled_from(Obstacle)), st.none() | st.dates())
def test_a_card_always_has_lines_and_none_twice(
    state: HelpState, obstacles: list[Obstacle], visit: date | None
) -> None:
    lines = card_lines(state, obstacles, visit)
    assert lines and all(lines) and len(set(lines)) == len(lines)
    assert card_lines(state, obstacles[::-1], visit) == lines
    assert next_advice(state, obstacles)


@pytest.mark.parametrize("purpose", list(ConsentPurpose))
def test_consent_is_read_in_a_dated_wording(purpose: ConsentPurpose) -> None:
    wording = consent_wording(purpose)
    assert (wording.purpose, wording.version) == (purpose, CURRENT_WORDING)
    title, text = consent_words(wording, DEFAULT_RETENTION_MONTHS)
    assert "{" not in title + text and "đồng ý" in text and "Rút lại" in text and wording.without


def test_a_wording_never_written_is_a_defect() -> None:
    with pytest.raises(KeyError):
        consent_wording(ConsentPurpose.TRACKING, 99)
