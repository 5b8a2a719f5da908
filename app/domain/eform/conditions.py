"""Whether a condition stands, from the answers so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.domain.eform.form import Answer, Condition
from app.domain.eform.partial_days import span


def holds(condition: Condition | None, answers: Mapping[str, Answer]) -> bool:
    """Whether the condition stands; none at all always does."""
    if condition is None:
        return True
    if condition.all_of or condition.any_of:
        every = all(holds(inner, answers) for inner in condition.all_of)
        return every and (not condition.any_of or any(holds(inner, answers) for inner in condition.any_of))
    answer = _asked(condition, answers)
    if condition.filled is not None and (answer not in (None, "")) != condition.filled:
        return False
    if condition.since is not None and not _since(condition.since, answer):
        return False
    return not condition.values or answer in condition.values


def _asked(condition: Condition, answers: Mapping[str, Answer]) -> Answer | None:
    answer = answers.get(condition.field)
    if not condition.part:
        return answer
    return answer.get(condition.part) if isinstance(answer, Mapping) else None


def _since(first: date, answer: Answer | None) -> bool:
    found = span(answer)
    return found is not None and found[0] >= first
