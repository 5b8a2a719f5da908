"""What is to be done next for one dossier. Pure: the record, what the portal has, and one move.

Create before update before progress; steps in the order in which they took effect here, at most ten a
call. That order is the order of time except where two desks' clocks disagree; then effect wins, because
the portal may show the last step as the dossier's status.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.province.national.adapter import STEPS_A_CALL, Adapter, Call, Known, Memory
from app.province.national.reasons import Reason, Unmapped
from app.province.national.record import Record
from app.province.problems import JsonObject


@dataclass(frozen=True)
class Finished:
    """Everything is there."""


@dataclass(frozen=True)
class Hold:
    """Nothing more can be told until somebody supplies what is missing."""

    reasons: Sequence[Reason]


@dataclass(frozen=True)
class LookUp:
    """Some steps may have arrived: ask before sending any."""

    number: str


@dataclass(frozen=True)
class Mark:
    """Steps that are there already, by events."""

    event_ids: Sequence[str]


Move = Finished | Hold | LookUp | Mark | Call


@dataclass(frozen=True)
class _Told:
    """One step in the portal's words and the events it stands for (twins count once, NWF 8)."""

    body: JsonObject
    event_ids: tuple[str, ...]


def next_move(adapter: Adapter, record: Record, memory: Memory) -> Move:
    """The next move; the same question asked again after it was made leads on."""
    if not record.steps:
        return Finished()
    try:
        first = adapter.first_calls(record, memory)
        if first:
            return first[0]
        update = adapter.update(record, memory)
        if update is not None:
            return update
        move = _progress(adapter, record, memory, list(_steps(adapter, record, memory)))
        unsaid = adapter.unsaid(record, memory) if isinstance(move, Finished) else ()
    except Unmapped as missing:
        return Hold(missing.reasons)
    return Hold(unsaid) if unsaid else move


def after_look(adapter: Adapter, record: Record, memory: Memory, known: Known) -> Mark | Hold:
    """Which steps the portal showed. ``Hold`` where it does not show steps."""
    if not known.exists:
        return Mark(())
    if known.steps is None:
        return Hold((Reason("steps-unclear"),))
    there = known.steps
    told = _steps(adapter, record, memory)
    return Mark(
        [
            event_id
            for each in told
            if any(adapter.same_step(shown, each.body) for shown in there)
            for event_id in each.event_ids
        ]
    )


def _progress(adapter: Adapter, record: Record, memory: Memory, told: Sequence[_Told]) -> Move:
    twins = [
        event_id
        for each in told
        if not memory.sent.isdisjoint(each.event_ids)
        for event_id in each.event_ids
        if event_id not in memory.sent
    ]
    if twins:
        return Mark(twins)
    waiting = [each for each in told if memory.sent.isdisjoint(each.event_ids)]
    if not waiting:
        return Finished()
    if memory.doubt and not adapter.steps_merged:
        number = memory.number or ""
        return LookUp(number) if adapter.can_look_up else Hold((Reason("steps-unclear"),))
    batch = waiting[:STEPS_A_CALL]
    return Call(
        "progress",
        [each.body for each in batch],
        event_ids=[event_id for each in batch for event_id in each.event_ids],
    )


def _steps(adapter: Adapter, record: Record, memory: Memory) -> Iterator[_Told]:
    """Every step once, twins together. Raises ``Unmapped``."""
    groups: list[tuple[JsonObject, list[str]]] = []
    for step in record.steps:
        body = adapter.step(record, step, memory)
        twin = next((ids for other, ids in groups if other == body), None)
        if twin is None:
            groups.append((body, [step.event_id]))
        else:
            twin.append(step.event_id)
    return (_Told(body, tuple(ids)) for body, ids in groups)
