#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plays every scenario of nats/scenario on a real nats-server, lets the rules judge once a second and prints what
# each was called, when, and a confusion matrix: scenarios.sh [--server BINARY] [--record FOLDER] [NAME...].
# Without names all of them (about 100 s on two cores). --record keeps the samples as JSON lines for
# `jetlagctl diagnose --samples`. Exits 1 when one was called wrong.
# --product: through the monitor as users see it (`jetlagctl demo --scenario`), each to its end; prints those
# whose last word was not right, or that this server cannot show.
set -euo pipefail
cd "$(dirname "$0")/.."

names=()
product=
while [ $# -gt 0 ]; do
  case "$1" in
    --server) NATS_SERVER="$(realpath "$2")"; export NATS_SERVER; shift 2 ;;
    --record) JETLAG_RECORD="$(realpath -m "$2")"; export JETLAG_RECORD; shift 2 ;;
    --product) product=1; shift ;;
    -*) echo "usage: scenarios.sh [--server BINARY] [--record FOLDER] [--product] [NAME...]" >&2; exit 2 ;;
    *) names+=("$1"); shift ;;
  esac
done
if [ -n "$product" ]; then
  [ -n "${JETLAG_NO_BUILD:-}" ] || { cmake --preset release >/dev/null; cmake --build --preset release --target jetlagctl >/dev/null; }
  ctl=build/release/bin/jetlagctl
  [ "${#names[@]}" -gt 0 ] || mapfile -t names < <("$ctl" demo --scenario list | awk 'NR > 1 { print $1 }')
  printf '%s\n' "${names[@]}" | xargs -P 16 -I NAME sh -c '
    said=$("$0" demo --scenario NAME 2>&1) && exit 0
    echo "--- NAME"; echo "$said" | grep -v " runs at "; exit 1' "$ctl"
  exit
fi
test=build/release/tests/tst_scenarios_live
if [ ! -x "$test" ] || [ -z "${JETLAG_NO_BUILD:-}" ]; then
  cmake --preset release >/dev/null
  cmake --build --preset release --target tst_scenarios_live >/dev/null
fi
export JETLAG_SCENARIOS="${names[*]:-all}"
"$test" 2>&1 | sed -n -e 's/^QINFO  : [A-Za-z]*::[A-Za-z]*() //p' -e '/^|/p' -e '/scenarios right/p' -e '/^FAIL/p' -e '/^QFATAL/p'
exit "${PIPESTATUS[0]}"
