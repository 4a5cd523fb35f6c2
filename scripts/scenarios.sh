#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plays every scenario of nats/scenario on a real nats-server, has each judged once a second and prints what
# it was called, when, what was wrong or late, and a confusion matrix:
#   scenarios.sh [--product] [--server BINARY] [--record FOLDER] [--together N] [NAME...]
# Without names all of them, 48 at a time (--together): about 100 s on two cores. The rules judge, over samples
# that hold everything; --product: the monitor as users see it, one for all that share a server.
# --record keeps the rules' samples as JSON lines for `jetlagctl diagnose --samples`. Exits 1 when one was
# called wrong, or right more than two polls late.
set -euo pipefail
cd "$(dirname "$0")/.."

names=()
export JETLAG_JUDGE=rules
while [ $# -gt 0 ]; do
  case "$1" in
    --server) NATS_SERVER="$(realpath "$2")"; export NATS_SERVER; shift 2 ;;
    --record) JETLAG_RECORD="$(realpath -m "$2")"; export JETLAG_RECORD; shift 2 ;;
    --together) export JETLAG_TOGETHER="$2"; shift 2 ;;
    --product) JETLAG_JUDGE=monitor; shift ;;
    -*) echo "usage: scenarios.sh [--product] [--server BINARY] [--record FOLDER] [--together N] [NAME...]" >&2; exit 2 ;;
    *) names+=("$1"); shift ;;
  esac
done
test=build/release/tests/tst_scenarios_live
if [ ! -x "$test" ] || [ -z "${JETLAG_NO_BUILD:-}" ]; then
  cmake --preset release >/dev/null
  cmake --build --preset release --target tst_scenarios_live >/dev/null
fi
export JETLAG_SCENARIOS="${names[*]:-all}"
# Qt Test ends a process after five minutes; all of them on a busy machine take longer.
export QTEST_FUNCTION_TIMEOUT="${QTEST_FUNCTION_TIMEOUT:-1800000}"
"$test" 2>&1 | sed -n -e '/^[*]*  *Start testing/d' -e '/^Config:/d' -e '/^PASS/d' -e '/^Totals/d' -e '/^[*]/d' \
  -e 's/^QINFO  : [A-Za-z]*::[A-Za-z]*() //' -e '/^ *Loc:/d' -e p
exit "${PIPESTATUS[0]}"
