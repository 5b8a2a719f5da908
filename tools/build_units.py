"""Build ``resources/units`` from the table of administrative units.

    python tools/build_units.py UNITS_JSON [--out DIR] [--own 08]

Writes ``units-08.json`` (our province alone: read at every start) and ``units-others.json`` (the other
provinces: read only when an address or a name is not ours). Both hold one province a line, old units
under the province they now belong to. The corrections of the source (``map_corrections``) must already
be applied in it; this tool checks that they are.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIRST_DAY = "2025-07-01"
OLD_SPELLINGS = {"00736": ["Sà Phìn"], "01060": ["Sán Sả Hồ"], "02431": ["Quý Quân"]}
"""Old units that the documents of 2025 spell otherwise than the table (its ``spelling_notes``)."""

Province = dict[str, Any]


def build_provinces(source: Mapping[str, Any]) -> list[Province]:
    """One compact record per present province, in the order of their codes.

    Raises ``ValueError`` where a listed correction is not applied.
    """
    check_corrections(source)
    owners = owners_of_old_provinces(source)
    rows = []
    for row in sorted(source["provinces"]):
        rows.append(_province(source, row, {old for old, owner in owners.items() if owner == row[0]}))
    return rows


def owners_of_old_provinces(source: Mapping[str, Any]) -> dict[str, str]:
    """Old province to the present one its units went to.

    The source's own list cannot be used: it names Tiền Giang under Tây Ninh as well as under Đồng Tháp,
    while all its 164 units are in Đồng Tháp. Raises ``ValueError`` where units went to two provinces.
    """
    province = {row[0]: row[3] for row in source["units"]}
    old_province = {row[0]: row[2] for row in source["old_districts"]}
    moves = [(row[2], code) for row in source["old_units"] for code in row[3]]
    moves += [(row[0], row[3]) for row in source["island_districts"]]
    owners: dict[str, str] = {}
    for district, code in moves:
        old = old_province[district]
        if owners.setdefault(old, province[code]) != province[code]:
            raise ValueError(f"old province in two present ones: {old}")
    return owners


def _province(source: Mapping[str, Any], row: list[Any], old_codes: set[str]) -> Province:
    code, name, _kind, since, *_ = row
    return {
        "code": code,
        "name": name,
        "since": since,
        "former": [[old[1], old[3], old[4]] for old in source["province_history"] if old[0] == code],
        "units": _units(source, code),
        "former_units": [
            [old[0], old[1], old[4], old[5]] for old in source["unit_history"] if old[3] == code
        ],
        "spellings": _spellings(source, code),
        "old_provinces": [old for old in source["old_provinces"] if old[0] in old_codes],
        "old_districts": _districts(source, old_codes),
    }


def check_corrections(source: Mapping[str, Any]) -> None:
    """Raises ``ValueError`` where a correction the source lists is not applied in its map."""
    successors = {row[0]: sorted(row[3]) for row in source["old_units"]}
    for code, _name, _wrong, right in source["map_corrections"]:
        if successors.get(code) != sorted(right):
            raise ValueError(f"correction not applied: {code}")


def _units(source: Mapping[str, Any], province: str) -> list[list[str]]:
    """Code and name; the first day only where it is not that of two-level government."""
    return [
        [code, name] if since == FIRST_DAY else [code, name, since]
        for code, name, _kind, owner, since in sorted(source["units"])
        if owner == province
    ]


def _spellings(source: Mapping[str, Any], province: str) -> dict[str, list[str]]:
    own = {row[0] for row in source["units"] if row[3] == province}
    return {code: names for code, names in sorted(source["spelling_variants"].items()) if code in own}


def _districts(source: Mapping[str, Any], old_provinces: set[str]) -> list[list[Any]]:
    """Rows of code, name, old province, its units and, for an island district, its present unit.

    A unit: code, name, present codes and, where known, other spellings.
    """
    units: dict[str, list[list[Any]]] = {}
    for code, name, district, successors, _partial in source["old_units"]:
        other = [OLD_SPELLINGS[code]] if code in OLD_SPELLINGS else []
        units.setdefault(district, []).append([code, name, successors, *other])
    islands = {row[0]: row[3] for row in source["island_districts"]}
    return [
        [code, name, owner, sorted(units.get(code, [])), *([islands[code]] if code in islands else [])]
        for code, name, owner in sorted(source["old_districts"])
        if owner in old_provinces
    ]


def lines_of(as_of: str, provinces: Iterable[Province]) -> str:
    """The file: one province a line."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in provinces)
    return f'{{"schema_version":1,"as_of":"{as_of}","provinces":[\n{rows}\n]}}\n'


def main(arguments: list[str]) -> int:
    """Build both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("units", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "units")
    parser.add_argument("--own", default="08")
    options = parser.parse_args(arguments)
    source = json.loads(options.units.read_text(encoding="utf-8"))
    provinces = build_provinces(source)
    own = [row for row in provinces if row["code"] == options.own]
    others = [row for row in provinces if row["code"] != options.own]
    as_of = source["meta"]["as_of"]
    _write(options.out / f"units-{options.own}.json", lines_of(as_of, own))
    _write(options.out / "units-others.json", lines_of(as_of, others))
    print(f"{sum(len(row['units']) for row in provinces)} units in {len(provinces)} provinces")
    return 0


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
