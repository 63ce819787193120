#!/usr/bin/env bash
# Times Ranvier beside ONNX Runtime, OpenVINO and LiteRT on this machine and prints a table in Markdown.
#
# usage: benchmarks/compare/run.sh [OPTION...]     the options are those of compare.py; --help lists them
#
# Installs what the build needs (Debian packages, as tools/quickstart.sh does) and, into build/compare, the other
# runtimes from PyPI; builds the command line; takes some ten minutes for all models.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tools/packages.sh
here=benchmarks/compare

{
  install_packages "${build_packages[@]}" python3 python3-venv
  options=()
  [ -e build/release/CMakeCache.txt ] || options=(-DRANVIER_TESTS=OFF)
  cmake --preset release "${options[@]}"
  cmake --build --preset release --target ranvier
  venv=build/compare/venv
  if ! cmp -s $here/requirements.txt $venv/requirements.txt; then
    echo "Installing into $venv: $(grep -v '^#' $here/requirements.txt | tr '\n' ' ')"
    python3 -m venv --clear $venv
    $venv/bin/python -m pip install --quiet --disable-pip-version-check -r $here/requirements.txt
    cp $here/requirements.txt $venv/
  fi
} >&2
exec $venv/bin/python $here/compare.py --ranvier build/release/tools/ranvier --models build/compare/models "$@"
