#!/usr/bin/env bash
# The whole suite: style, types, import rules, tests. pytest's closing line comes last.
set -euo pipefail
cd "$(dirname "$0")/.."
bash tools/setup.sh --test

export QT_QPA_PLATFORM=offscreen
export PYTHONHASHSEED=0 # both workers collect sets in the same order
.venv/bin/ruff check --quiet .
.venv/bin/ruff format --quiet --check .
.venv/bin/mypy --no-error-summary
.venv/bin/lint-imports --no-cache >/dev/null || .venv/bin/lint-imports --no-cache
exec .venv/bin/pytest -q -n 2 --dist worksteal "$@"
