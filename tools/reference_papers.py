"""Draw the sample papers into ``tests/printing/reference/``: the PDFs that the tests compare with.

Usage: ``python -m tools.reference_papers [NAME ...]``; without names all of them, and references that no
sample draws any more are removed. Look at what changed before it is committed. Samples of odd content
(``…-long``, ``…-bare``, ``…-blank``) are only looked at (``tools/render_paper.py``): the folder stays small.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "printing" / "reference"

Sample = Callable[[], bytes]


def all_samples() -> dict[str, Sample]:
    """All samples by file name: the ``SAMPLES`` of every ``tests/printing/*_samples.py``.

    They are functions that draw, or data that the module's ``draw_sample(name)`` draws.
    """
    found: dict[str, Sample] = {}
    for path in sorted((ROOT / "tests" / "printing").glob("*_samples.py")):
        module = import_module(f"tests.printing.{path.stem}")
        more: dict[str, Sample] = dict(getattr(module, "SAMPLES", {}))
        if hasattr(module, "draw_sample"):
            more = {name: partial(module.draw_sample, name) for name in more}
        twice = found.keys() & more.keys()
        if twice:
            raise SystemExit(f"two samples of one name: {', '.join(sorted(twice))}")
        found |= more
    return found


def samples() -> dict[str, Sample]:
    """Those that have a reference."""
    odd = ("-long", "-bare", "-blank")
    return {name: draw for name, draw in all_samples().items() if not name.endswith(odd)}


def reference(name: str) -> Path:
    """Where the paper of that name is kept."""
    return FOLDER / f"{name}.pdf"


def main(names: list[str]) -> None:
    """Draw, write what differs, and say what was done."""
    known = samples()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names or sorted(known):
        drawn, path = known[name](), reference(name)
        if not path.exists() or path.read_bytes() != drawn:
            path.write_bytes(drawn)
            print(f"drawn: {name}")
    if not names:
        for path in FOLDER.glob("*.pdf"):
            if path.stem not in known:
                path.unlink()
                print(f"removed: {path.stem}")
    total = sum(path.stat().st_size for path in FOLDER.glob("*.pdf"))
    print(f"{len(known)} papers, {total / 1e6:.2f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
