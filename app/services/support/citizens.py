"""Keeps citizens out of what leaves: a line that holds a name, number, telephone or address of anybody in the
store is taken out, whatever wrote it there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, select

from app.domain.vietnamese import fold
from app.models import tables
from app.models.life_tables import guidance, payment, post_item
from app.models.privacy_tables import subject_request

_DIGITS: Final = re.compile(r"\d{7,}")
_WORDS: Final = re.compile(r"[0-9a-z]+")
_SHORTEST_NAME: Final = 2
"""A name of one word stands in too many sentences of our own to be told apart."""
_LONGEST_NAME: Final = 8


class Citizens:
    """Whom the store knows, folded; made once for one pack."""

    def __init__(self, connection: Connection) -> None:
        self._numbers: set[str] = set()
        self._names: set[tuple[str, ...]] = set()
        self._read(connection)

    def stands_in(self, line: str) -> bool:
        """Whether the line holds one of them, in whatever spelling of letters and marks."""
        folded = fold(line)
        if any(number in self._numbers for number in _DIGITS.findall(folded)):
            return True
        words = _WORDS.findall(folded)
        return any(
            tuple(words[start : start + length]) in self._names
            for start in range(len(words))
            for length in range(_SHORTEST_NAME, _LONGEST_NAME + 1)
        )

    def _read(self, connection: Connection) -> None:
        p, h, d = tables.party.c, tables.help_case.c, tables.dossier.c
        for row in connection.execute(select(p.full_name, p.id_value, p.old_id, p.phone, p.address)):
            self._name(row.full_name)
            self._number(row.id_value, row.old_id, row.phone)
            address = row.address if isinstance(row.address, dict) else {}
            self._address(str(address.get("as_written") or ""), str(address.get("detail") or ""))
        for name in connection.execute(select(d.owner_name)).scalars():
            self._name(name)
        for helped in connection.execute(select(h.full_name, h.personal_id, h.phone)):
            self._name(helped.full_name)
            self._number(helped.personal_id, helped.phone)
        self._others(connection)

    def _others(self, connection: Connection) -> None:
        g, r, post = guidance.c, subject_request.c, post_item.c
        for guided in connection.execute(select(g.person, g.phone)):
            self._name(guided.person)
            self._number(guided.phone)
        for asked in connection.execute(select(r.full_name, r.personal_id, r.phone)):
            self._name(asked.full_name)
            self._number(asked.personal_id, asked.phone)
        for sent in connection.execute(select(post.recipient, post.phone)):
            self._name(sent.recipient)
            self._number(sent.phone)
        for payer in connection.execute(select(payment.c.payer)).scalars():
            self._name(payer)

    def _name(self, name: str | None) -> None:
        words = tuple(_WORDS.findall(fold(name or "")))
        if len(words) >= _SHORTEST_NAME:
            self._names.add(words[:_LONGEST_NAME])

    def _address(self, *texts: str) -> None:
        """The part before the first comma: house, hamlet. Communes and provinces are no secret."""
        for text in texts:
            words = tuple(_WORDS.findall(fold(text.partition(",")[0])))
            if len(words) > _SHORTEST_NAME:
                self._names.add(words)

    def _number(self, *numbers: str | None) -> None:
        self._numbers |= {number for number in numbers if number}


def without(citizens: Citizens, lines: Iterable[str]) -> tuple[list[str], int]:
    """The lines without those that hold a citizen, and how many were taken out."""
    kept, dropped = [], 0
    for line in lines:
        if citizens.stands_in(line):
            dropped += 1
        else:
            kept.append(line)
    return kept, dropped
