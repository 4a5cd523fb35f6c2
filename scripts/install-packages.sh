#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what Jetlag needs from Debian 12's own packages; needs root or sudo only if something is missing.
set -euo pipefail

packages=(
  g++ cmake ninja-build pkg-config ccache git ca-certificates
  libnats-dev nats-server                               # client library and the broker itself
  libsqlite3-dev libzstd-dev zlib1g-dev libxxhash-dev   # capture files, checkpoints, compression, hashes
  libsimdjson-dev nlohmann-json3-dev                    # reading and writing JSON
  libcli11-dev libfmt-dev libspdlog-dev                 # command line, text, log
  libcctz-dev tzdata                                    # time zones
  openssl zstd                                          # certificates and archives made by tests
  libssl-dev                                            # public half of an nkey login
  qt6-base-dev libqcustomplot-dev libbenchmark-dev      # the window and its plots, Qt Test; tests/bench
  fonts-open-sans fonts-dejavu-core                     # tabular figures; fixed width
  xvfb xauth                                            # a screen for pictures where there is none
  dbus-daemon                                           # a session bus for the tests of notifications
)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "missing packages: ${missing[*]}; run this as root or install sudo" >&2; exit 3; }
  as_root=(sudo)
fi
echo "installing ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
