#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches newer nats-servers from Debian's newer suites into a folder, beside the installed one and without
# touching the system: newer_servers.sh [FOLDER]. Each ends as FOLDER/nats-server-VERSION; the paths are
# printed, one a line. A suite that cannot be had is skipped, and said so; exit 0 as long as there is one.
# SUITES (default "trixie sid") says which.
set -euo pipefail
folder="${1:-build/servers}"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"

archive="$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | sed 's,/*$,,' | grep -v security | sort -u | head -n 1)"
if [ -z "$archive" ]; then
  echo "no Debian archive is configured on this machine: no newer servers" >&2
  exit 3
fi

found=0
for suite in ${SUITES:-trixie sid}; do
  work="$folder/.apt-$suite"
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $suite main" >"$work/sources.list"
  own=(-q -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
       -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o Acquire::Retries=2)
  if ! { timeout 300 apt-get "${own[@]}" update && (cd "$work" && rm -f ./*.deb && timeout 300 apt-get "${own[@]}" download nats-server); } \
         >"$work/log" 2>&1; then
    echo "$suite cannot be had: $(grep -m1 '^[EW]:' "$work/log" || tail -n 1 "$work/log")" >&2
    continue
  fi
  rm -rf "$work/root"
  dpkg -x "$work"/nats-server_*.deb "$work/root"
  version="$("$work/root/usr/sbin/nats-server" --version 2>/dev/null | sed 's/.*v//')" || version=
  if [ -z "$version" ]; then
    echo "the server of $suite does not run here" >&2
    continue
  fi
  mv "$work/root/usr/sbin/nats-server" "$folder/nats-server-$version"
  rm -rf "$work"
  echo "$folder/nats-server-$version"
  found=$((found + 1))
done
[ "$found" -gt 0 ]
