#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pictures of every page, dark and light, at 1440x900 and 1024x700, taken of the real window on a screen of its
# own: screenshots.sh [--many [SIZE]] [FOLDER]. Needs the built programs; prints the paths. With three collectors,
# those of the demo; JETLAG_SECONDS is how long it runs before its picture is taken (default 40).
# With --many: 1,000 collectors (SIZE is 50x20 unless given) of `jetlagctl demo --many`, some of them in trouble.
set -euo pipefail
cd "$(dirname "$0")/.."
many=
if [ "${1:-}" = --many ]; then
  many=50x20
  shift
  if [[ "${1:-}" =~ ^[0-9]+x[0-9]+$ ]]; then
    many=$1
    shift
  fi
fi
folder=${1:-build/screenshots}
bin=$PWD/build/release/bin
seconds=${JETLAG_SECONDS:-40}
mkdir -p "$folder"

work=$(mktemp -d)
demo=
trap '[ -z "$demo" ] || kill "$demo"; rm -rf "$work"' EXIT
export XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_STATE_HOME=$work/state XDG_RUNTIME_DIR=$work/run
mkdir -p -m 700 "$XDG_RUNTIME_DIR"
unset WAYLAND_DISPLAY

picture() { # NAME SECONDS OPTION...: in both themes and sizes
  local name=$1 after=$2 theme size
  shift 2
  for theme in dark light; do
    for size in 1440x900 1024x700; do
      local file=$folder/$name-$theme-$size.png
      # The pointer lies in the middle of the screen: outside of the window, where it holds no row.
      xvfb-run -a -s "-screen 0 3200x2000x24" "$bin/jetlag" "$@" --theme "$theme" --size "$size" \
        --screenshot "$file" --after "$after" 2>"$work/log" || { cat "$work/log" >&2; exit 3; }
      echo "$file"
    done
  done
}

context() { # NAME MEMBERS: as `nats context add` leaves one
  mkdir -p "$XDG_CONFIG_HOME/nats/context"
  printf '{"url":"%s",%s}\n' "${3:-nats://127.0.0.1:1}" "$2" >"$XDG_CONFIG_HOME/nats/context/$1.json"
}

contexts() { # of every kind; with --many as many as a consultant has
  context prod-eu '"color_scheme":"red","creds":"~/.nats/monitor.creds"' nats://n1.eu.example:4222,nats://n2.eu.example:4222
  context stage-1 '"color_scheme":"yellow","user":"jetlag","password":"env"' nats://stage.example:4222
  context qa-lab '"nkey":"~/.nkeys/qa.nk"' tls://10.2.0.14:4222
  context old-lab '"user":"a","creds":"~/b.creds"'
  if [ -n "$many" ]; then
    local number
    for number in $(seq 1 36); do
      context "customer-$number-eu-central-monitoring" '"token":"secret"' "nats://nats-$number.customer.example:4222"
    done
  fi
}

contexts
if [ -z "$many" ]; then
  for page in overview diagnosis events messages; do
    picture $page "$seconds" --demo --page $page
  done
  picture connections 3 --page connections --server nats://127.0.0.1:1
  picture replay 4 --open tests/data/spark/application_1709632800000_0007_1 --run
  exit
fi

"$bin/jetlagctl" demo --many "$many" --format json >"$work/demo.json" &
demo=$!
until [ -s "$work/demo.json" ]; do
  kill -0 "$demo" || exit 3
  sleep 0.2
done
url=$(sed 's/.*"url":"\([^"]*\)".*/\1/' "$work/demo.json")
sleep "$seconds" # until each trouble shows
for page in overview diagnosis events messages replay connections; do
  picture many-$page 15 --server "$url" --page $page
done
