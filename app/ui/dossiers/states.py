"""Shape, word and colour of a dossier's state and of what the province knows of it."""

from __future__ import annotations

from collections.abc import Callable

from app.services.finding.row_state import RowState, StateKind
from app.text import t
from app.ui.widgets import (
    State,
    done,
    late,
    near,
    ready,
    sent_back,
    stopped,
    to_send,
    under_way,
    waiting_citizen,
)

_SHAPES: dict[StateKind, Callable[[str], State]] = {
    StateKind.NEW: under_way,
    StateKind.WORKING: under_way,
    StateKind.NEAR: near,
    StateKind.LATE: late,
    StateKind.WAITING: waiting_citizen,
    StateKind.READY: ready,
    StateKind.DONE: done,
    StateKind.CLOSED: stopped,
}

_SYNC: dict[str, State] = {
    "none": stopped(t("Chưa cần gửi")),
    "waiting": to_send(t("Chờ gửi")),
    "deferred": to_send(t("Tỉnh hẹn sau")),
    "rejected": sent_back(t("Cần xem")),
    "accepted": done(t("Đã nhận")),
}


def state_of(row: RowState) -> State:
    """A dossier's state as a mark with its words."""
    return shape_of(row.kind, row.words)


def shape_of(kind: StateKind, words: str) -> State:
    """The mark of a kind with words of one's own."""
    return _SHAPES[kind](words)


def sync_state(sync: str) -> State:
    """What the province knows: ``sync`` is none, waiting, deferred, rejected or accepted."""
    return _SYNC[sync]
