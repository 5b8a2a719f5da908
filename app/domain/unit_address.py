"""From an address as written to the present commune.

Cards of before 2025-07-01 carry three levels ("Thôn Nà Khá, Năng Khả, Na Hang, Tuyên Quang"), later ones
two. The text itself is never altered (DOMAIN §12); this only says which present commune it lies in, and
says nothing where that is not certain: an old commune that was divided, two ways to read the text, a
commune that had been renamed earlier. Then a person chooses among the candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

from app.domain.units import FIRST_DAY, District, Name, OldUnit, Province, Unit, UnitIndex, toned
from app.domain.vietnamese import clean_text, fold
from app.text import t

MAX_ADDRESS = 500
MAX_CANDIDATES = 6

_SHORT_KINDS = {
    "tp": "thành phố",
    "tt": "thị trấn",
    "tx": "thị xã",
    "p": "phường",
    "h": "huyện",
    "q": "quận",
    "t": "tỉnh",
    "x": "xã",
}
_KIND = re.compile(
    r"(?:(?P<long>thành phố|thị trấn|thị xã|đặc khu|phường|huyện|quận|tỉnh|xã"
    r"|thanh pho|thi tran|thi xa|dac khu|phuong|huyen|quan|tinh|xa)\s+"
    r"|(?P<short>tp|tt|tx|[phqtx])(?:\.\s*|\s+|(?=\d)))(?P<bare>\S.*)",
    re.IGNORECASE,
)
_LONG_KINDS = {fold(kind): kind for kind in (*_SHORT_KINDS.values(), "đặc khu")}
_HAMLET = re.compile(r"(thon|xom|ap|buon|tdp|to dan pho|khu pho)\b|(to|so|khu|so nha)\s*\d")


@dataclass(frozen=True)
class AddressMatch:
    """What is known of an address.

    ``unit``: the present commune where it is certain. ``candidates``: the communes to ask about.
    ``doubtful``: a person must decide. ``sentence``: the same in words, empty for an empty address.
    """

    unit: Unit | None
    candidates: tuple[Unit, ...]
    doubtful: bool
    sentence: str


@dataclass(frozen=True)
class _Reading:
    """One way to read a part: with a kind cut off, or as it stands."""

    kind: str
    key: str
    toned: str


class _Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)


def present_of(index: UnitIndex, address: str, *, issued: date | None = None) -> AddressMatch:
    """The present commune of an address, old or new.

    ``issued`` is the day of the card: before 2025-07-01 only the three-level reading is possible.
    """
    if not address.strip():
        return AddressMatch(None, (), False, "")
    parts = _parts(address)
    for province in index.provinces if len(parts) >= 2 else ():
        if _is_province(province, parts[-1]):
            return _Search(index, province, parts, issued).run()
    return _unplaced()


def _parts(address: str) -> list[str]:
    cleaned = clean_text(address[:MAX_ADDRESS])
    parts = [part.strip(" .") for part in re.split(r"[,;]", cleaned)]
    if len(parts) == 1:
        parts = [part.strip(" .") for part in cleaned.split(" - ")]
    kept = [part for part in parts if part]
    return kept[:-1] if kept and fold(kept[-1]) == "viet nam" else kept


def _is_province(province: Province, part: str) -> bool:
    names = (province.name, *province.old_provinces)
    return any(_says(reading, Name(name)) for reading in _readings(part) for name in names)


def _readings(part: str) -> list[_Reading]:
    readings = [_Reading("", fold(part), toned(part))]
    cut = _KIND.fullmatch(part)
    if cut:
        short = cut["short"]
        kind = _SHORT_KINDS[short.lower()] if short else _LONG_KINDS[fold(cut["long"])]
        readings.append(_Reading(kind, fold(cut["bare"]), toned(cut["bare"])))
    return readings


def _says(reading: _Reading, name: Name) -> bool:
    return reading.key == name.key and reading.kind in ("", name.kind)


@dataclass(frozen=True)
class _Search:
    """One address whose province is known."""

    index: UnitIndex
    province: Province
    parts: list[str]
    issued: date | None

    def run(self) -> AddressMatch:
        old, three = self._three_levels()
        two = self._two_levels()
        if three and not (two and self._late()):
            return _answer(self._units(three), old)
        if three:
            return _answer((*self._units(three), *two), ())
        if two and self._two_is_sure():
            return _answer(two, ())
        return _answer((*self._elsewhere(), *two), (), certain=False)

    def _units(self, codes: Iterable[str]) -> tuple[Unit, ...]:
        found = (self.index.get(code) for code in dict.fromkeys(codes))
        return tuple(unit for unit in found if unit is not None)

    def _part(self, place: int) -> str:
        return self.parts[-place] if len(self.parts) >= place else ""

    def _districts(self) -> list[District]:
        olds = _matching((_Former(name) for name in self.province.old_provinces), self._part(1))
        names = {old.name for old in olds}
        districts = [district for district in self.province.districts if district.province in names]
        return _matching(districts, self._part(2))

    def _three_levels(self) -> tuple[tuple[OldUnit, ...], tuple[str, ...]]:
        olds: list[OldUnit] = []
        islands: list[str] = []
        for district in self._districts():
            olds.extend(_matching_old(district.units, self._part(3)))
            islands.extend([district.island] if district.island and not district.units else [])
        codes = dict.fromkeys([*(code for old in olds for code in old.successors), *islands])
        return tuple(olds), tuple(codes)

    def _two_levels(self) -> tuple[Unit, ...]:
        present = any(_says(reading, Name(self.province.name)) for reading in _readings(self._part(1)))
        early = self.issued is not None and self.issued < FIRST_DAY
        if early or not present:
            return ()
        return tuple(_matching(self.province.units.values(), self._part(2)))

    def _late(self) -> bool:
        """A card of the two-level time: a hamlet may bear an old commune's name, so both readings stand.

        On any other text commune, district and province that belonged together outweigh that chance.
        """
        return self.issued is not None and self.issued >= FIRST_DAY

    def _two_is_sure(self) -> bool:
        """Not an old address whose commune is unknown: the district must not explain the name as well."""
        part = self._part(2)
        districts = self._districts()
        named = toned(part) not in {toned(Name(district.name).bare) for district in districts}
        exact = toned(part) in {toned(Name(unit.name).bare) for unit in self.province.units.values()}
        hamlet = len(self.parts) == 3 and bool(_HAMLET.match(fold(self._part(3))))
        return self._late() or not districts or hamlet or (named and exact)

    def _elsewhere(self) -> tuple[Unit, ...]:
        """The commune's name in another district of the province, or written without a district."""
        places = (3,) if self._districts() else (2, 3)
        olds = [old for district in self.province.districts for old in district.units]
        for place in places:
            found = _matching_old(olds, self._part(place), any_kind=True)
            if found:
                return self._units(code for old in found for code in old.successors)
        return ()


@dataclass(frozen=True)
class _Former:
    """A former province, of which only the name counts."""

    name: str


def _matching(named: Iterable[N], part: str) -> list[N]:
    """Those the part names; where marks tell some apart, only the ones with the same marks."""
    return _best([(item, (Name(item.name),)) for item in named], part)


def _matching_old(units: Iterable[OldUnit], part: str, *, any_kind: bool = False) -> list[OldUnit]:
    named = [(old, tuple(map(Name, (old.name, *_full_spellings(old))))) for old in units]
    return _best(named, part, any_kind=any_kind)


def _full_spellings(old: OldUnit) -> tuple[str, ...]:
    return tuple(f"{Name(old.name).kind} {spelling}" for spelling in old.other_spellings)


def _best(items: list[tuple[N, tuple[Name, ...]]], part: str, *, any_kind: bool = False) -> list[N]:
    readings = _readings(part) if part else []
    if any_kind:
        readings = [replace(reading, kind="") for reading in readings]
    hits: list[N] = []
    exact: list[N] = []
    for item, names in items:
        said = [(r, name) for r in readings for name in names if _says(r, name)]
        if said:
            hits.append(item)
        if any(reading.toned == toned(name.bare) for reading, name in said):
            exact.append(item)
    return exact or hits


def _answer(units: tuple[Unit, ...], olds: tuple[OldUnit, ...], *, certain: bool = True) -> AddressMatch:
    units = tuple(dict.fromkeys(units))
    if not units or len(units) > MAX_CANDIDATES:
        return _unplaced()
    if len(units) == 1 and certain:
        return AddressMatch(units[0], (), False, t("Nay là {unit}.").format(unit=units[0].words))
    if len(olds) == 1 and len(olds[0].successors) == len(units):
        said = t("{old} cũ nay thuộc {count} nơi: {units}.").format(
            old=olds[0].name, count=len(units), units=_listed(units)
        )
    elif len(units) == 1:
        said = t("Có thể nay là {units}, nhưng chưa chắc.").format(units=_listed(units))
    else:
        said = t("Địa chỉ này có thể thuộc: {units}.").format(units=_listed(units))
    return AddressMatch(None, units, True, f"{said} {t('Hỏi công dân rồi chọn.')}")


def _listed(units: tuple[Unit, ...]) -> str:
    return "; ".join(unit.words for unit in units)


def _unplaced() -> AddressMatch:
    return AddressMatch(
        None,
        (),
        True,
        t("Chưa đối chiếu được với xã, phường hiện nay. Địa chỉ được giữ nguyên; hỏi công dân rồi chọn."),
    )
