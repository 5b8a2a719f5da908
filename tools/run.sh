#!/usr/bin/env bash
# Opens the program on a made-up commune with a province gateway beside it; where there is no screen,
# performs one whole visit through the same windows off screen and leaves its papers in out/.
set -euo pipefail
cd "$(dirname "$0")/.."
bash tools/setup.sh
exec .venv/bin/python -m tools.demonstration
