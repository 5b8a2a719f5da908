"""What a command gives back, and how it is printed: one JSON object, or a few words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.clock import to_wire
from app.errors import AppError


@dataclass(frozen=True)
class Answer:
    """``body``: the object of CONTRACT; ``words``: the same for a person; ``exit``: the exit code."""

    body: Mapping[str, Any]
    words: Sequence[str]
    exit: int = 0


def failure_answer(failure: AppError) -> Answer:
    """A failure as the command prints it: what happened, then what to do."""
    words = [failure.title, *([failure.next_step] if failure.next_step else [])]
    return Answer({"error": failure.as_dict()}, words, failure.exit_code)


def as_json(body: Mapping[str, Any]) -> str:
    """One line of JSON; text that is not UTF-8 stays escaped."""
    text = json.dumps(body, ensure_ascii=False, default=_plain)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(body, default=_plain)
    return text


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return to_wire(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
