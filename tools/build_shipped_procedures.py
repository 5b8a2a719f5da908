"""Make ``resources/protocol/shipped-procedures.json``: the codes whose version 1 every desk ships with.

The sources are the curated and the indexed catalogue of the project's domain pages, given as arguments:
``.venv/bin/python tools/build_shipped_procedures.py procedures.yaml procedures-index.json``.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import yaml

TARGET = Path(__file__).resolve().parent.parent / "resources" / "protocol" / "shipped-procedures.json"
_CODE = re.compile(r"[0-9]\.[0-9]{6}[.A-Z0-9]*")


def shipped_codes(curated_yaml: str, index_json: str) -> list[str]:
    """Every code of both files that the contract can carry, sorted."""
    rows = yaml.safe_load(curated_yaml)["procedures"] + json.loads(index_json)["procedures"]
    return sorted({row["code"] for row in rows if _CODE.fullmatch(row["code"])})


def main() -> None:
    """Write the file."""
    curated, index = (Path(argument).read_text(encoding="utf-8") for argument in sys.argv[1:3])
    TARGET.write_text(json.dumps(shipped_codes(curated, index), indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
