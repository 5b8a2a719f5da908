"""Make ``resources/protocol/province-api.v1.json`` from the YAML beside it.

The JSON is what the program reads, so that neither desk nor gateway needs a YAML parser. Run it after a
change of the YAML: ``.venv/bin/python tools/build_contract.py``.
"""

from __future__ import annotations

import json
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "protocol"


def contract_json(yaml_text: str) -> str:
    """The contract as JSON text, members in the order of the YAML."""
    document = yaml.load(yaml_text, Loader=_TextDatesLoader)
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


class _TextDatesLoader(yaml.SafeLoader):
    """A safe loader that leaves dates as the text they are."""


_TextDatesLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def main() -> None:
    """Write the JSON beside the YAML."""
    source = FOLDER / "province-api.v1.yaml"
    target = FOLDER / "province-api.v1.json"
    target.write_text(contract_json(source.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
