"""Helping a citizen to an account of their own (DOMAIN §9): the one name to import from.

Being helped does not change who transacts: the citizen types passwords, passcode and OTP on their own
telephone, and nothing here has a place for them.
"""

from __future__ import annotations

from app.domain.consent import (
    CURRENT_WORDING,
    DEFAULT_RETENTION_MONTHS,
    ConsentPurpose,
    ConsentWording,
    consent_wording,
    consent_words,
    parse_purpose,
)
from app.domain.help_states import (
    ENDS,
    EXITS,
    STATE_LABELS,
    STEPS,
    HelpState,
    HelpStep,
    Obstacle,
    next_states,
    parse_obstacle,
    parse_state,
    require_help_step,
    step_of,
    steps_done,
)
from app.domain.help_words import (
    OBSTACLE_WORDS,
    OTP_WARNING,
    OTP_WARNING_DETAIL,
    VNEID_HOTLINE,
    ObstacleWords,
    card_lines,
    next_advice,
)

__all__ = [
    "CURRENT_WORDING",
    "DEFAULT_RETENTION_MONTHS",
    "ENDS",
    "EXITS",
    "OBSTACLE_WORDS",
    "OTP_WARNING",
    "OTP_WARNING_DETAIL",
    "STATE_LABELS",
    "STEPS",
    "VNEID_HOTLINE",
    "ConsentPurpose",
    "ConsentWording",
    "HelpState",
    "HelpStep",
    "Obstacle",
    "ObstacleWords",
    "card_lines",
    "consent_wording",
    "consent_words",
    "next_advice",
    "next_states",
    "parse_obstacle",
    "parse_purpose",
    "parse_state",
    "require_help_step",
    "step_of",
    "steps_done",
]
