"""``python -m app`` and the command ``motcua``."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line of this process; its exit code."""
    from app.bootstrap import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
