"""What the screen asks the worker for, in one go."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.roles import Officer, Permission, Role
from app.services.desk import Desk
from app.services.overview.leader_view import LeaderView, leader_view
from app.services.people.access import list_officers

_DEPUTIES = (Role.LEADER, Role.PROCESSING, Role.RECEPTION)


@dataclass(frozen=True)
class Loaded:
    """``deputies``: who may sign in this officer's stead; empty where he cannot delegate."""

    view: LeaderView
    deputies: tuple[Officer, ...]


def load(desk: Desk, by: Officer) -> Loaded:
    """The screen at this moment."""
    view = leader_view(desk, by)
    if not by.may(Permission.OVERRIDE):
        return Loaded(view, ())
    others = (each for each in list_officers(desk) if each.id != by.id and each.role in _DEPUTIES)
    return Loaded(view, tuple(sorted(others, key=lambda each: _DEPUTIES.index(each.role))))
