#!/usr/bin/env bash
# Installs what the tests need, builds, and runs every test; ctest's summary is the last output.
# usage: tools/test.sh [PRESET [CMAKE_OPTION...]]     PRESET: release (the default), dev, asan or tsan
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/packages.sh
preset=${1:-release}
shift $(($# > 0))

install_packages "${build_packages[@]}" "${test_packages[@]}"

# install_python FOLDER FILE: a virtual environment with what the file lists, once. Nothing is installed outside build/.
install_python() {
  cmp -s "$2" "$1/requirements.txt" && return
  echo "Installing into $1: $(grep -v '^#' "$2" | cut -d' ' -f1 | tr '\n' ' ')"
  python3 -m venv --clear "$1" &&
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$2" &&
    cp "$2" "$1/requirements.txt"
}

# Beside the packages: ONNX' node tests, ONNX Runtime, oneDNN 3's headers, clang-format, what builds the Python module.
python_packages=$PWD/build/python
install_python "$python_packages" tests/requirements.txt
# Keras, where it can be had; its test says so where it cannot. Sanitized programs are not loaded into Python.
if [ "$preset" = release ] || [ "$preset" = dev ]; then
  install_python "$PWD/build/keras" python/tests/requirements-keras.txt || rm -rf "$PWD/build/keras"
fi
node_tests=$(echo "$python_packages"/lib/python3*/site-packages/onnx/backend/test/data/node)

cmake --preset "$preset" -DRANVIER_TESTS=ON \
  -DRANVIER_ONNX_NODE_TESTS="$node_tests" \
  -DRANVIER_PYTHON="$python_packages/bin/python" \
  -DRANVIER_PYTHON_MODULE=ON -DRANVIER_KERAS_PYTHON="$PWD/build/keras/bin/python" \
  -DRANVIER_ONEDNN3_INCLUDE="$python_packages/include" \
  -DRANVIER_CLANG_FORMAT="$python_packages/bin/clang-format" "$@"
cmake --build --preset "$preset"
ctest --preset "$preset" -j "$(nproc)"
