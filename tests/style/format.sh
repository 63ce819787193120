#!/usr/bin/env bash
# Checks that every C++ file is as clang-format leaves it. usage: format.sh SOURCE_FOLDER CLANG_FORMAT
set -euo pipefail
cd "$1"
find . \( -name build -o -name '.*' ! -name . \) -prune -o \( -name '*.cc' -o -name '*.h' \) -print0 |
  xargs -0 "$2" --dry-run --Werror
