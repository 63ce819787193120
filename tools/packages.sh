# shellcheck shell=bash disable=SC2034
# Installing Debian packages; sourced by quickstart.sh and test.sh.

# What the library and the command line are built with.
build_packages=(
  cmake ninja-build g++
  libdnnl-dev libonnx-dev libprotobuf-dev protobuf-compiler libhwy-dev
  libfmt-dev libcli11-dev nlohmann-json3-dev libzip-dev
)
# What the tests need besides.
test_packages=(dpkg-dev file graphviz libbenchmark-dev libgtest-dev libmpfr-dev pkg-config python3 python3-dev python3-venv)

# install_packages NAME...: installs those that are missing, and says which.
install_packages() {
  local package missing=() as_root=()
  if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian system. Expecting to find what these packages hold: $*"
    return
  fi
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  if [ "${#missing[@]}" = 0 ]; then
    echo "All packages are installed already."
    return
  fi
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Install as root first: apt-get install ${missing[*]}" >&2; return 1; }
    as_root=(sudo)
  fi
  echo "Installing: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
