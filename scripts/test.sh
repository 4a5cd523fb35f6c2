#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs, builds and runs every test. PRESET=dev|release|asan|tsan picks the build, arguments go to ctest.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${PRESET:-release}

scripts/install-packages.sh
cmake --preset "$preset"
cmake --build --preset "$preset"
# Servers and workers of several tests share the cores: more than one test per core only makes them wait.
ctest --preset "$preset" --parallel "$(nproc)" "$@"
