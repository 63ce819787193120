#!/usr/bin/env bash
# Packs Ranvier, unpacks it elsewhere, and builds programs with it as users do.
# usage: install_test.sh CHECK SOURCE_FOLDER BUILD_FOLDER WORK_FOLDER
#
# `pack` comes first: it leaves what the other checks build with in WORK_FOLDER.
set -euo pipefail
check=$1 source=$2 build=$3 work=$4
here=$source/tests/install
archive="$work/un packed/archive"   # where ranvier-*.tar.gz lies, and
debian="$work/un packed/debian/usr" # where the .deb would have put it, had it been installed
model=$source/models/digits_mlp/model.onnx

fail() {
  echo "$*" >&2
  exit 1
}

# expect_none WHAT GREP_ARGUMENT...: what grep finds nothing of, in files or its standard input.
expect_none() {
  local found
  found=$(grep "${@:2}" || true)
  [ -z "$found" ] || fail "$1:"$'\n'"$found"
}

# expect_digits FROM_CPP FROM_C: both programs work.
expect_digits() {
  diff <("$1" "$model") <(printf "it is a 0\ninput 'pixels' is missing\n")
  diff <(cd "$source" && "$2") <(echo "it is a 0")
}

# expect_needs PROGRAM PATTERN / expect_needs_no ...: of shared libraries.
needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }
expect_needs() { needed "$1" | grep -q "$2" || fail "$1 does not need $2"; }
expect_needs_no() { needed "$1" | expect_none "$1 needs" "$2"; }

pack() {
  rm -rf "$work"
  mkdir -p "$archive" "$work/un packed/debian"
  (cd "$build" && cpack -G "TGZ;DEB" -B "$work/packages" >/dev/null)
  tar -xzf "$work"/packages/ranvier-*.tar.gz -C "$archive" --strip-components 1
  dpkg-deb -x "$work"/packages/ranvier_*.deb "$work/un packed/debian"
  diff <(cd "$archive" && find . -type f | sort) <(cd "$debian" && find . -type f | sort)
  expect_none "files with absolute paths" -rIl -e "$source" -e "$build" "$archive" "$debian"
  readelf -d "$archive"/bin/ranvier "$archive"/lib/libranvier.so | expect_none "search paths" -E "RPATH|RUNPATH"
  depends=$(dpkg-deb -f "$work"/packages/ranvier_*.deb Depends)
  for package in libc6 libdnnl2 libfmt9 libgomp1 libprotobuf-lite32 libstdc++6 libzip4; do
    [[ $depends == *"$package "* || $depends == *"$package,"* || $depends == *"$package" ]] || fail "no $package in: $depends"
  done
  "$archive/bin/ranvier" verify "$source/models/digits_mlp"
  strip -o "$work/stripped" "$archive"/lib/libranvier.so.*.*.*
  local bytes limit=4000000
  bytes=$(stat -c %s "$work/stripped")
  [ "$bytes" -lt $limit ] || fail "libranvier.so takes $bytes bytes, expected fewer than $limit"
  du -b "$archive"/lib/libranvier.so.*.*.* "$archive"/lib/libranvier.a "$archive"/bin/ranvier "$work"/packages/*.tar.gz "$work"/packages/*.deb
}

# cmake_consumer KIND [OPTION...]
cmake_consumer() {
  local folder="$work/consumer $1"
  cmake -S "$here/consumer" -B "$folder" -G Ninja "${@:2}" >/dev/null
  cmake --build "$folder" >/dev/null
  expect_digits "$folder/from_cpp" "$folder/from_c"
}

find_package_shared() {
  cmake_consumer shared -DCMAKE_PREFIX_PATH="$archive"
  expect_needs "$work/consumer shared/from_c" libranvier
}

find_package_static() {
  cmake_consumer static -DCMAKE_PREFIX_PATH="$archive" -DRANVIER_STATIC=ON
  expect_needs_no "$work/consumer static/from_cpp" "ranvier\|protobuf\|onnx"
}

# pkg_config NAME: by the compiler alone. pkg-config writes backslashes before spaces, for shells to read.
pkg_config() {
  export PKG_CONFIG_PATH="$debian/lib/pkgconfig" LD_LIBRARY_PATH="$debian/lib"
  eval "flags=($(pkg-config --cflags --libs "$1"))"
  c++ -std=c++20 "$here/consumer/digits.cc" "${flags[@]}" -o "$work/from_cpp $1"
  cc -std=c11 -Wall -Wextra -pedantic "$source/examples/c/classify_digits.c" "${flags[@]}" -o "$work/from_c $1"
  expect_digits "$work/from_cpp $1" "$work/from_c $1"
}

pkg_config_shared() { pkg_config ranvier; }

pkg_config_static() {
  pkg_config ranvier-static
  expect_needs_no "$work/from_c ranvier-static" "ranvier\|protobuf\|onnx"
}

# Ranvier within another project, which is being worked on: nothing is optimized, so that it takes two minutes, and what
# the optimizer would have dropped is in libranvier.a.
add_subdirectory() {
  local folder="$work/consumer subdirectory"
  cmake -S "$here/consumer" -B "$folder" -G Ninja -DRANVIER_SOURCE="$source" -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_FLAGS_DEBUG=-O0 >/dev/null
  cmake --build "$folder" >/dev/null
  expect_digits "$folder/from_cpp" "$folder/from_c"
}

# Of a library only the public interface is seen, and of its namespaces none but the outermost.
symbols() {
  local public='^(ranvier_|_ZNK?7ranvier|_ZT[ISV]N7ranvier)'
  local inner='ranvier(4core|5graph|4simd|6onednn|9operators|6loader|6golden|9optimizer|7planner|8executor|5model|5c_api)[0-9]'
  local library names
  for library in libranvier.so libranvier.a; do
    case $library in
      *.so) names=$(nm -D --defined-only "$archive/lib/$library" | sed -n 's/^[0-9a-f]* [^A] \([^@]*\).*/\1/p') ;;
      *.a) names=$(nm -g --defined-only "$archive/lib/$library" | sed -n 's/^[0-9a-f]* . //p') ;;
    esac
    expect_none "$library shows" -vE "$public" <<<"$names"
    expect_none "$library shows" -E "$inner" <<<"$names"
    for name in ranvier_binding_run _ZN7ranvier7Binding3runEv; do
      grep -qx "$name" <<<"$names" || fail "$library has no $name"
    done
  done
  nm -u "$archive/lib/libranvier.a" | expect_none "libranvier.a lacks" -E "google|onnx"
}

# What plans and runs a model knows nothing of protobuf.
modules() {
  local module file
  for module in core graph simd onednn operators optimizer planner executor; do
    file=$(find "$build/runtime" "$build/operators" -name "libranvier_$module.a")  # not where other tests come and go
    [ -n "$file" ] || fail "there is no library of $module"
    nm "$file" 2>/dev/null | expect_none "$module refers to" -E "google8protobuf|N4onnx"
  done
  # The pattern is right: the loader does.
  nm "$(find "$build/runtime" -name libranvier_loader.a)" 2>/dev/null | grep -cE "google8protobuf" >/dev/null || fail "no protobuf in the loader"
}

"$check"
