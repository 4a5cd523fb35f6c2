#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pictures of every page, dark and light, at 1440x900 and 1024x700, taken of the real window on a screen of its
# own: screenshots.sh [FOLDER]. Needs the built programs; prints the paths. JETLAG_SECONDS is how long the
# demo runs before its picture is taken (default 40).
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-build/screenshots}
bin=$PWD/build/release/bin
seconds=${JETLAG_SECONDS:-40}
mkdir -p "$folder"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_STATE_HOME=$work/state XDG_RUNTIME_DIR=$work/run
mkdir -p -m 700 "$XDG_RUNTIME_DIR"
unset WAYLAND_DISPLAY

picture() { # NAME SECONDS OPTION...: in both themes and sizes
  local name=$1 after=$2 theme size
  shift 2
  for theme in dark light; do
    for size in 1440x900 1024x700; do
      local file=$folder/$name-$theme-$size.png
      xvfb-run -a -s "-screen 0 1600x1000x24" "$bin/jetlag" "$@" --theme "$theme" --size "$size" \
        --screenshot "$file" --after "$after" 2>"$work/log" || { cat "$work/log" >&2; exit 3; }
      echo "$file"
    done
  done
}

picture overview "$seconds" --demo
picture diagnosis "$seconds" --demo --page diagnosis
picture events "$seconds" --demo --page events
picture messages "$seconds" --demo --page messages
picture connections 3 --page connections --server nats://127.0.0.1:1
picture replay 4 --open tests/data/spark/application_1709632800000_0007_1 --run
