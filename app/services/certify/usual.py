"""Papers offered while typing: the shipped names, and what this desk has certified often."""

from __future__ import annotations

import json
from functools import cache

from sqlalchemy import func, select

from app.domain.certification import Kind, volume_of
from app.domain.roles import Officer, Permission
from app.domain.usual_papers import UsualPaper
from app.models import tables
from app.resources import resource
from app.services.desk import Desk

OFTEN = 3
"""A name typed fewer times is not offered: it may be a slip of the hand, or hold somebody's name."""
_MOST = 60


def usual_papers(desk: Desk, by: Officer) -> tuple[UsualPaper, ...]:
    """The shipped names first, then the desk's own by how often they came."""
    by.require(Permission.RECEIVE)
    c = tables.certified_copy.c
    often = (
        select(c.paper, func.max(c.book))
        .group_by(c.paper)
        .having(func.count(c.dossier_id.distinct()) >= OFTEN)
        .order_by(func.count().desc(), c.paper)
        .limit(_MOST)
    )
    shipped = shipped_papers()
    known = {paper.name for paper in shipped}
    with desk.store.read() as connection:
        own = [UsualPaper(name, volume_of(book).kind) for name, book in connection.execute(often)]
    return (*shipped, *(paper for paper in own if paper.name not in known))


@cache
def shipped_papers() -> tuple[UsualPaper, ...]:
    """The names that come with the program."""
    document = json.loads(resource("certify", "usual-papers.json").read_text(encoding="utf-8"))
    return tuple(
        UsualPaper(row["name"], Kind(row.get("kind", Kind.COPY.value)), tuple(row["aliases"]))
        for row in document["papers"]
    )
