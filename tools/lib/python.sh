# SPDX-License-Identifier: Apache-2.0
# Runs a module of this repository in the project's Python environment; source it.

run_python() {
  local root
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  if [[ ! -x $root/.venv/bin/python ]]; then
    echo "error: there is no Python environment in $root/.venv; run tools/setup first" >&2
    exit 1
  fi
  PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}" exec "$root/.venv/bin/python" -m "$@"
}
