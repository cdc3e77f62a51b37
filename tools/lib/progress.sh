# SPDX-License-Identifier: Apache-2.0
# Progress lines for the shell tools; source it. The caller sets LOG, where commands' output goes.

note() { printf '  note: %s\n' "$*" >&2; }
done_already() { printf '  %-40s ready\n' "$1"; }

fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  [[ $# == 0 ]] || printf '%s\n' "$@" >&2
  exit 1
}

# step TITLE COMMAND...: runs the command with its output in $LOG. A terminal sees the seconds run
# and the last line of output; a file gets one line at the end, and one a minute meanwhile.
step() {
  local title=$1 start=$SECONDS pid status=0
  shift
  printf '+ %s\n' "$*" >> "$LOG"
  "$@" >> "$LOG" 2>&1 < /dev/null &
  pid=$!
  trap 'kill "$pid" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    _tick "$title" $((SECONDS - start))
    sleep 0.5
  done
  wait "$pid" || status=$?
  trap - INT TERM
  [[ -t 1 ]] && printf '\r\033[K'
  if [[ $status != 0 ]]; then
    tail -n 30 "$LOG" >&2
    fail "$title failed with status $status; the whole log is in $LOG"
  fi
  printf '  %-40s %4d s\n' "$title" $((SECONDS - start))
}

_tick() {
  if [[ -t 1 ]]; then
    printf '\r\033[K  %-40s %4d s  %.40s' "$1" "$2" "$(tail -n 1 "$LOG" | tr -d '\r\t')"
  elif (($2 > 0 && $2 % 60 == 0)) && [[ ${_ticked:-} != "$1 $2" ]]; then
    _ticked="$1 $2"
    printf '  %-40s %4d s so far\n' "$1" "$2"
  fi
}
