"""``python -m tests.hunt.line_hunt``: the hunt over bad lines, see ``tests.hunt.line``."""

from __future__ import annotations

import sys

from tests.hunt.line.__main__ import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
