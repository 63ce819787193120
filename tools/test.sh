#!/usr/bin/env bash
# Installs what the tests need, builds, and runs every test; ctest's summary is the last output.
# usage: tools/test.sh [PRESET [CMAKE_OPTION...]]     PRESET: release (the default), dev, asan or tsan
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/packages.sh
preset=${1:-release}
shift $(($# > 0))

install_packages "${build_packages[@]}" "${test_packages[@]}"

# Beside the packages: ONNX' node tests, ONNX Runtime, oneDNN 3's headers, clang-format. Nothing of it is installed outside build/.
python_packages=$PWD/build/python
if ! cmp -s tests/requirements.txt "$python_packages/requirements.txt"; then
  echo "Installing into build/python: $(grep -v '^#' tests/requirements.txt | cut -d' ' -f1 | tr '\n' ' ')"
  python3 -m venv --clear "$python_packages"
  "$python_packages/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r tests/requirements.txt
  cp tests/requirements.txt "$python_packages/"
fi
node_tests=$(echo "$python_packages"/lib/python3*/site-packages/onnx/backend/test/data/node)

cmake --preset "$preset" -DRANVIER_TESTS=ON \
  -DRANVIER_ONNX_NODE_TESTS="$node_tests" \
  -DRANVIER_PYTHON="$python_packages/bin/python" \
  -DRANVIER_ONEDNN3_INCLUDE="$python_packages/include" \
  -DRANVIER_CLANG_FORMAT="$python_packages/bin/clang-format" "$@"
cmake --build --preset "$preset"
ctest --preset "$preset" -j "$(nproc)"
