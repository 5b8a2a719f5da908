"""Communes and provinces, present and former, and search by name.

Two levels since 2025-07-01 (Law on organisation of local government 2025); before that a district stood
between. A code may name another territory before and after that day, and a name may change later, so a
name is asked for with its day. Codes are those of the statistics office: two digits for a province, five
for a commune. The data is ``resources/units``: one file for the home province, one for the others, which
the caller reads only when needed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from app.domain.folding import fold_public
from app.domain.vietnamese import fold
from app.errors import NotFoundError
from app.text import t

FIRST_DAY = date(2025, 7, 1)
"""First day of two-level local government."""

_KINDS = ("thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True)
class Name:
    """A unit's name, cut into kind ("xã") and bare name ("Nà Hang")."""

    full: str

    @cached_property
    def kind(self) -> str:
        """The kind in small letters; empty where the name has none."""
        low = self.full.lower()
        return next((kind for kind in _KINDS if low.startswith(f"{kind} ")), "")

    @cached_property
    def bare(self) -> str:
        """The name without its kind."""
        return self.full[len(self.kind) :].strip()

    @cached_property
    def key(self) -> str:
        """The bare name folded."""
        return fold_public(self.bare)

    @property
    def in_sentence(self) -> str:
        """The full name as it stands inside a sentence: "xã Nà Hang"."""
        return self.full[:1].lower() + self.full[1:] if self.kind else self.full


@dataclass(frozen=True)
class Unit:
    """A present commune-level unit; ``since`` is the first day of this name."""

    code: str
    name: str
    province_code: str
    province_name: str
    since: date = FIRST_DAY

    @property
    def words(self) -> str:
        """For a sentence: "xã Nà Hang, tỉnh Tuyên Quang"."""
        return f"{Name(self.name).in_sentence}, {Name(self.province_name).in_sentence}"


@dataclass(frozen=True)
class OldUnit:
    """A commune-level unit of before 2025-07-01; several successors: it was divided."""

    code: str
    name: str
    district: str
    province: str
    successors: tuple[str, ...]
    other_spellings: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """For a sentence: "xã Năng Khả, huyện Na Hang"."""
        return f"{Name(self.name).in_sentence}, {Name(self.district).in_sentence}"


@dataclass(frozen=True)
class District:
    """A former district. ``island``: the present unit of one that had no communes."""

    code: str
    name: str
    province: str
    units: tuple[OldUnit, ...]
    island: str | None = None


@dataclass(frozen=True)
class UnitHit:
    """A present unit found, and the old unit by whose name it was found."""

    unit: Unit
    old: OldUnit | None = None


@dataclass(frozen=True)
class _Target:
    """What search compares: the bare name, the full one, all words that belong to it."""

    key: str
    full: str
    text: str
    hit: UnitHit

    def fit(self, query: str) -> int:
        """0 the whole name, 1 its beginning, 2 some of its words."""
        if query in (self.key, self.full):
            return 0
        return 1 if self.key.startswith(query) or self.full.startswith(query) else 2


class Province:
    """One present province with what became of its former parts; each part is made when first asked."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._row = row
        self.code: str = row["code"]
        self.name: str = row["name"]

    @cached_property
    def units(self) -> dict[str, Unit]:
        """Present units by code."""
        rows = ((code, name, rest) for code, name, *rest in self._row["units"])
        return {
            code: Unit(code, name, self.code, self.name, date.fromisoformat(rest[0]) if rest else FIRST_DAY)
            for code, name, rest in rows
        }

    @cached_property
    def old_provinces(self) -> tuple[str, ...]:
        """Names of the provinces it was made of."""
        return tuple(name for _, name in self._row["old_provinces"])

    @cached_property
    def districts(self) -> tuple[District, ...]:
        """Former districts with their units."""
        names = {code: str(name) for code, name in self._row["old_provinces"]}
        return tuple(_district(row, names[row[2]]) for row in self._row["old_districts"])

    @cached_property
    def spellings(self) -> Mapping[str, list[str]]:
        """Other spellings of present names by code."""
        spellings: Mapping[str, list[str]] = self._row["spellings"]
        return spellings

    @cached_property
    def former_names(self) -> tuple[tuple[str, str, date, date], ...]:
        """Code, name, first and last day; also the province's own, under its two-digit code."""
        rows = [*self._row["former_units"], *([self.code, *former] for former in self._row["former"])]
        return tuple(
            (code, name, date.fromisoformat(begin), date.fromisoformat(end))
            for code, name, begin, end in rows
        )

    @property
    def since(self) -> date:
        """First day of the present name."""
        return date.fromisoformat(self._row["since"])

    @cached_property
    def targets(self) -> tuple[_Target, ...]:
        """What a search looks through."""
        present = [self._target(unit) for unit in self.units.values()]
        former = [target for district in self.districts for target in self._former(district)]
        return (*present, *former)

    def _former(self, district: District) -> Iterator[_Target]:
        where = _text(district.name, district.province)
        for old in district.units:
            for name in (old.name, *old.other_spellings):
                key, full = Name(name).key, fold_public(name)
                for code in old.successors:
                    if code in self.units:
                        yield _Target(key, full, f" {full}{where}", UnitHit(self.units[code], old))

    def _target(self, unit: Unit) -> _Target:
        others = self.spellings.get(unit.code, [])
        text = _text(unit.name, self.name, *others)
        return _Target(Name(unit.name).key, fold_public(unit.name), text, UnitHit(unit))


def _district(row: list[Any], province: str) -> District:
    code, name, _owner, units, *island = row
    made = (
        OldUnit(old_code, old_name, name, province, tuple(successors), tuple(other[0]) if other else ())
        for old_code, old_name, successors, *other in units
    )
    return District(code, name, province, tuple(made), island[0] if island else None)


def _text(*names: str) -> str:
    return " " + " ".join(fold_public(name) for name in names)


def toned(text: str) -> str:
    """The text with marks, but the same for ``Hoá`` and ``Hóa``: each word's tone set at its end."""
    return " ".join(_toned_word(word) for word in unicodedata.normalize("NFD", text.lower()).split())


def _toned_word(word: str) -> str:
    return "".join(c for c in word if c not in _TONES) + "".join(c for c in word if c in _TONES)


class UnitIndex:
    """All units of the files given, in their order; cheap to make, each part is read when first asked."""

    def __init__(self, docs: Iterable[Mapping[str, Any]]) -> None:
        self.provinces = tuple(Province(row) for doc in docs for row in doc["provinces"])

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {code: unit for province in self.provinces for code, unit in province.units.items()}

    @cached_property
    def _old_names(self) -> dict[str, str]:
        return {
            old.code: old.name
            for province in self.provinces
            for district in province.districts
            for old in district.units
        }

    def get(self, code: str) -> Unit | None:
        """The present unit of this code, if these files have it."""
        return self._units.get(code)

    def require(self, code: str) -> Unit:
        """The present unit of this code. Raises ``NotFoundError`` ``unit-unknown``, field ``unit``."""
        unit = self.get(code)
        if unit is None:
            raise _unknown()
        return unit

    def units_of(self, province_code: str) -> tuple[Unit, ...]:
        """The present units of a province; empty where these files do not have it."""
        own = (province for province in self.provinces if province.code == province_code)
        return tuple(unit for province in own for unit in province.units.values())

    def name_on(self, code: str, day: date) -> str:
        """The full name of a commune (five digits) or province (two) on a day.

        Before 2025-07-01 a code is looked up among the old communes: it may be another territory.
        Raises ``NotFoundError`` ``unit-unknown``, field ``unit``, where no name is known for the day.
        """
        for province in self.provinces:
            for former, name, begin, end in province.former_names:
                if former == code and begin <= day <= end:
                    return name
            if province.code == code and day >= province.since:
                return province.name
        unit = self.get(code)
        if unit is not None and day >= unit.since:
            return unit.name
        if day < FIRST_DAY and code in self._old_names:
            return self._old_names[code]
        raise _unknown()

    def find(self, text: str, limit: int = 20, *, home: str = "") -> tuple[UnitHit, ...]:
        """Units by present or former name, marks ignored, words in any order, each word's start enough.

        First the whole name, then its beginning, then any words; present names before former ones, the
        ``home`` province (code) before others. A divided old unit gives one hit for each successor.
        """
        words = fold(text).replace(",", " ").split()
        query = " ".join(words)
        if not words:
            return ()
        hits = []
        for province in self.provinces:
            for target in province.targets:
                if all(f" {word}" in target.text for word in words):
                    far = target.hit.unit.province_code != home
                    order = (target.fit(query), far, target.hit.old is not None, target.hit.unit.code)
                    hits.append((order, target.hit))
        ordered = dict.fromkeys(hit for _, hit in sorted(hits, key=lambda pair: pair[0]))
        return tuple(ordered)[:limit]


def _unknown() -> NotFoundError:
    return NotFoundError(
        "unit-unknown",
        t("Không có xã, phường nào mang mã này vào ngày đó."),
        t("Gõ tên xã, phường để tìm và chọn lại."),
        field="unit",
    )


def unit_index_from_json(*docs: Mapping[str, Any]) -> UnitIndex:
    """The index of one or more parsed files of ``resources/units``, the home province's first."""
    return UnitIndex(docs)
