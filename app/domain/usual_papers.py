"""Names of papers that come again and again, found by what officers type for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.certification import Kind
from app.domain.vietnamese import fold

MOST_FOUND = 7


@dataclass(frozen=True)
class UsualPaper:
    """``aliases``: short ways to type it; without marks is as good."""

    name: str
    kind: Kind = Kind.COPY
    aliases: tuple[str, ...] = ()


def find_papers(papers: Sequence[UsualPaper], typed: str) -> tuple[UsualPaper, ...]:
    """What the typed letters may mean, likeliest first: a whole alias, its beginning, words of the name."""
    wanted = fold(typed)
    if not wanted:
        return ()
    ranked = [
        (rank, place) for place, paper in enumerate(papers) if (rank := _rank(paper, wanted)) is not None
    ]
    return tuple(papers[place] for _, place in sorted(ranked)[:MOST_FOUND])


def _rank(paper: UsualPaper, wanted: str) -> int | None:
    name, aliases = fold(paper.name), [fold(alias) for alias in paper.aliases]
    if wanted in aliases or wanted == name:
        return 0
    words = name.split()
    if name.startswith(wanted):
        return 1
    if any(alias.startswith(wanted) for alias in aliases):
        return 2
    if "".join(word[0] for word in words).startswith(wanted.replace(" ", "")):
        return 3
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return 4
    return None
