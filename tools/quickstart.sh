#!/usr/bin/env bash
# Installs what the build needs, builds the command line, and classifies handwritten digits. usage: tools/quickstart.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/packages.sh

install_packages "${build_packages[@]}"

# The tests are not needed here; a build folder that has them keeps them.
options=()
[ -e build/release/CMakeCache.txt ] || options=(-DRANVIER_TESTS=OFF)
cmake --preset release "${options[@]}"
cmake --build --preset release --target ranvier

model=models/digits_mlp
echo
echo "ranvier run $model/model.onnx -i $model/x.npy --top 1"
build/release/tools/ranvier run "$model/model.onnx" -i "$model/x.npy" --top 1 --format csv -o build/release/digits.csv
# The last column of digits_test.csv has the labels, in the order of x.npy.
paste -d, <(cut -d, -f65 "$model/digits_test.csv") build/release/digits.csv |
  awk -F, -v keras="$(sed -n 's/.*"keras": \([0-9.]*\).*/\1/p' "$model/expect.json")" '
    NR == 1 { next }
    { right += $1 == $2; ++rows }
    rows <= 5 { printf "row %d: it is a %d, Ranvier says %d with probability %.4f\n", rows, $1, $2, $3 }
    END { printf "...\n%d of %d digits are right: %.4f. Keras had %.4f.\n", right, rows, right / rows, keras }'
