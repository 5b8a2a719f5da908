#!/usr/bin/env bash
# Renews the hash-pinned lock files from pyproject.toml. They carry no addresses: whichever package
# index a machine is set up with serves the same files, or the hashes refuse them.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate "$@"
}

# What the desk and the gateway beside it need to run, and what builds the package itself.
compile pyproject.toml tools/build-requirements.in --extra gateway --output-file requirements.txt
# The same, and what tests it.
compile pyproject.toml tools/build-requirements.in --extra gateway --extra dev \
  --constraint requirements.txt --output-file requirements-dev.txt

if grep -nE '://|^ *--(extra-)?index' requirements.txt requirements-dev.txt; then
  echo "an address stands in a lock file" >&2
  exit 1
fi
