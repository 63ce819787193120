#!/usr/bin/env bash
# Says what a change does to speed: builds two revisions, runs their benchmarks by turns and prints the ratios.
#
# usage: benchmarks/before_after.sh [--rounds N] [--core C] REV_A [REV_B] [-- FILTER | MODEL [RANVIER_BENCH_OPTION...]]
#
#   REV_A, REV_B   before and after; without REV_B that is the working tree as it is, changes included
#   FILTER         a regular expression: those of kernels_benchmark's cases are timed; without, all are
#   MODEL ...      an ONNX file, and what else `ranvier bench` takes: that is timed
#   --rounds N     how often each is run (default 6): A B B A A B ...
#   --core C       run on this core alone
#
# examples: benchmarks/before_after.sh main -- 'gelu/|dense/AVX3/1x'
#           benchmarks/before_after.sh --core 1 HEAD~3 HEAD -- models/digits_mlp/model.onnx --batch 64 --threads 1
#
# Revisions are checked out and built in build/before_after, and stay there; `git worktree remove --force` drops one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
usage() { sed -n '/^# usage/,/^# examples/p' "${BASH_SOURCE[0]}" | sed '$d; s/^# \?//' >&2; exit 2; }

options=() revisions=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  case $1 in
    --rounds | --core)
      [ $# -ge 2 ] || usage
      options+=("$1" "$2")
      shift 2
      ;;
    -*) usage ;;
    *) revisions+=("$1") && shift ;;
  esac
done
[ "${1-}" = -- ] && shift
[ "${#revisions[@]}" -ge 1 ] && [ "${#revisions[@]}" -le 2 ] || usage
target=kernels_benchmark
[ -f "${1-}" ] && target=ranvier

# build REVISION: builds it, or the working tree where it is empty; sets `folder` to where.
build() {
  local tree=$PWD commit log=build/before_after/working_tree.log
  folder=$PWD/build/before_after/working_tree
  if [ -n "$1" ]; then
    commit=$(git rev-parse --verify --quiet --short=12 "$1^{commit}") || { echo "'$1' is no revision" >&2; exit 2; }
    tree=$PWD/build/before_after/$commit
    folder=$tree/build/release
    log=build/before_after/$commit.log
    [ -e "$tree/.git" ] || git worktree add --quiet --detach "$tree" "$commit"
  fi
  echo "Building $target of ${1:-the working tree}" >&2
  {
    cmake -S "$tree" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRANVIER_TESTS=ON
    cmake --build "$folder" --target "$target"
  } >"$log" 2>&1 || { tail -n 30 "$log" >&2; exit 1; }
}

mkdir -p build/before_after
git worktree prune
build "${revisions[0]}"
before=$folder
build "${revisions[1]-}"
exec python3 benchmarks/before_after.py "${options[@]}" \
  "${revisions[0]}=$before" "${revisions[1]-working tree}=$folder" -- "$@"
