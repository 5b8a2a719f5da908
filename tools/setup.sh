#!/usr/bin/env bash
# Makes a clean clone ready: system libraries, .venv/, locked packages. Quick and harmless when repeated.
#   bash tools/setup.sh          what the program and the gateway beside it need
#   bash tools/setup.sh --test   the same and what the tests need
set -euo pipefail
cd "$(dirname "$0")/.."

kind=run
lock=requirements.txt
packages=(
  python3-venv libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libfreetype6 libxkbcommon0
  libxkbcommon-x11-0 libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
  libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libcups2
  fonts-liberation2 fonts-open-sans
)
if [ "${1:-}" = --test ]; then
  kind=test
  lock=requirements-dev.txt
  packages+=(xvfb xauth poppler-utils cups-daemon cups-client postgresql chromium-headless-shell
    gcc libc6-dev)
fi

say() { printf '· %s\n' "$*" >&2; }

system_packages() {
  command -v apt-get >/dev/null && command -v dpkg-query >/dev/null || return 0
  local missing=() name
  for name in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing system packages: ${missing[*]}"
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=400)
  "${apt[@]}" update >&2
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2
}

python_command() {
  local name
  for name in python3.11 python3.12 python3.13 python3; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  echo "Python 3.11, 3.12 or 3.13 is needed" >&2
  exit 1
}

stamp() { sha256sum "$1" pyproject.toml | sha256sum | cut -d' ' -f1; }

has_stamp() { [ -x .venv/bin/motcua ] && [ "$(cat ".venv/.stamp-$1" 2>/dev/null)" = "$(stamp "$2")" ]; }

python_packages() {
  # What the tests need includes what a run needs, in the same versions.
  has_stamp test requirements-dev.txt && return
  [ "$kind" = run ] && has_stamp run requirements.txt && return
  [ -x .venv/bin/python ] || "$(python_command)" -m venv .venv
  say "installing the locked packages of $lock"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes -r "$lock" >&2
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --no-deps --no-build-isolation --editable . >&2
  stamp "$lock" >".venv/.stamp-$kind"
}

system_packages
python_packages
