# shellcheck shell=bash
# What demo.sh and test.sh share: packages and the release build. Sourced from the repository's root, under
# `set -euo pipefail`.

# One sentence, and out.
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

heading() {
  printf '\n== %s\n' "$*"
}

as_root() {
  if [[ "$(id -u)" == 0 ]]; then "$@"; else sudo "$@"; fi
}

# listed_packages GROUP...: the names that cmake/packages.txt has under these groups.
listed_packages() {
  local group name _
  while read -r group name _; do
    if [[ -n "$name" && " $* " == *" $group "* ]]; then printf '%s\n' "$name"; fi
  done < cmake/packages.txt
}

# Those of the names on stdin that are not installed.
missing_packages() {
  local wanted installed
  mapfile -t wanted
  # dpkg-query fails when it does not know one of the names: then that one is missing.
  installed="$(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' "${wanted[@]}" 2> /dev/null || true)"
  local name
  for name in "${wanted[@]}"; do
    grep -qx -- "$name installed" <<< "$installed" || printf '%s\n' "$name"
  done
}

# install_packages GROUP...: installs what is missing and says what; where nothing is missing it needs neither
# network nor rights.
install_packages() {
  local missing
  if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
    fail "This set-up works only on Debian and Ubuntu (there is no apt-get here): install the packages listed in cmake/packages.txt, then build with \"cmake --preset release && cmake --build --preset release\"."
  fi
  mapfile -t missing < <(listed_packages "$@" | missing_packages)
  if ((${#missing[@]} == 0)); then
    printf 'All packages are installed.\n'
    return
  fi
  printf 'Installing with apt-get: %s\n' "${missing[*]}"
  if [[ "$(id -u)" != 0 ]] && ! command -v sudo > /dev/null; then
    fail "Installing packages needs root, and sudo is not installed: run \"apt-get install ${missing[*]}\" as root, then start this again."
  fi
  # An archive list that fails to refresh may still do, so only the installation decides.
  as_root apt-get update -qq || printf 'The package lists could not be refreshed; the installation goes on with the present ones.\n' >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" ||
    fail "apt-get could not install the packages; see its message above."
}

# build FOLDER TARGET...
build() {
  local folder="$1"
  shift
  cmake --build "$folder" --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}" --target "$@"
}

# demo.sh and test.sh share this build folder and its objects, whichever comes first.
new_release_build() {
  [[ ! -f build/release/CMakeCache.txt ]]
}

# configure_release [-DOPTION]...
configure_release() {
  local options=("$@")
  # A newer compiler's new warning is for us to mend, not for who only wants to see the program. In a folder that
  # is there already the developer's choice stays.
  if new_release_build && [[ -z "${CI:-}" ]]; then options+=(-DFALLLINE_WERROR=OFF); fi
  cmake --preset release "${options[@]}"
}
