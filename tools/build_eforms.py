"""Build ``resources/eforms`` from the field list of the five declarations.

    python tools/build_eforms.py EFORMS_YAML [--out DIR]

Order, labels, types, options and which fields are required come from the list; ``overlay.yaml`` in the
target folder (made by hand) puts the list's sentences as rules a program can follow. Writes one
``FORM.json`` a declaration and ``lists.json``. A province makes its own form in the same shape
(``docs/eforms.md``).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.domain.eform.reading import FORMAT, read_form  # noqa: E402

_SIDE: Mapping[str, dict[str, Any]] = {
    "ho_ten": {"prefill": "name"},
    "ngay_sinh": {"prefill": "birth"},
    "dan_toc": {},
    "quoc_tich": {"prefill": "nationality"},
    "noi_cu_tru": {"prefill": "address"},
    "giay_to": {"prefill": "document"},
    "lan_kh": {"checks": [{"check": "at_least", "number": 1}]},
}


def build(source: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The documents by form id. Raises ``KeyError`` where the overlay speaks of a field there is none of."""
    return {row["id"]: _form(row, source, overlay) for row in source["forms"]}


def _form(row: Mapping[str, Any], source: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    own = overlay["forms"][row["id"]]
    known = {field["id"] for section in row["sections"] for field in section["fields"]}
    for stray in set(own["fields"]) - known:
        raise KeyError(stray)
    first, last = source["effective"]["from"], source["effective"]["to"]
    return {
        "format": FORMAT,
        "id": row["id"],
        "version": overlay["version"],
        "title": row["title"],
        "legal": row["legal"],
        "confidence": row["confidence"],
        "procedures": row["procedures"],
        "effective_from": first,
        "effective_to": last,
        "sections": [
            {
                "id": section["id"],
                "title": section["title"],
                "fields": [_field(field, own, overlay) for field in section["fields"]],
            }
            for section in row["sections"]
        ],
        "rules": own["rules"],
    }


def _field(row: Mapping[str, Any], own: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    field_id = row["id"]
    extra: dict[str, Any] = {}
    for pattern, members in overlay["every"].items():
        if pattern == field_id or (pattern.startswith("*") and field_id.endswith(pattern[1:])):
            extra |= members
    extra |= _of_side(field_id, own.get("sides", {}))
    extra |= own["fields"].get(field_id, {})
    made: dict[str, Any] = {name: row[name] for name in ("id", "label", "type", "required")}
    if "options" in row:
        made["options"] = row["options"]
    return made | {name: value for name, value in extra.items() if value is not False or name == "default"}


def _of_side(field_id: str, sides: Mapping[str, str]) -> dict[str, Any]:
    """Both sides of a marriage have the same fields, from the party of that sex."""
    side, _, rest = field_id.partition("_")
    if side not in sides:
        return {}
    made: dict[str, Any] = dict(_SIDE.get(rest, {}))
    if "prefill" in made:
        made["prefill"] = f"{sides[side]}.{made['prefill']}"
    if rest == "so_dinh_danh":
        made = {
            "prefill": f"{sides[side]}.pid",
            "require_if": {"field": f"{side}_quoc_tich", "is": "Việt Nam"},
            "fill_from": [{"field": f"{side}_giay_to", "how": "document_pid"}],
            "checks": [
                {
                    "check": "pid",
                    "level": "warn",
                    "birth": f"{side}_ngay_sinh",
                    "document": f"{side}_giay_to",
                }
            ],
        }
    return made


def main() -> None:
    """Write the files, each read back as the program reads it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "eforms")
    options = parser.parse_args()
    source = yaml.safe_load(options.source.read_text("utf-8"))
    overlay = yaml.safe_load((options.out / "overlay.yaml").read_text("utf-8"))
    for form_id, document in build(source, overlay).items():
        content = json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
        form = read_form(content)
        (options.out / f"{form_id}.json").write_bytes(content)
        print(f"{form_id}: {len(form.fields)} fields")
    lists = json.dumps(overlay["lists"], ensure_ascii=False, indent=1) + "\n"
    (options.out / "lists.json").write_text(lists, "utf-8")


if __name__ == "__main__":
    main()
