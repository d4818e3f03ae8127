# Which Debian packages the two commands need, and how they are installed. Sourced by run and test.

# What the functions alone need, to be built and to be linked.
function_packages=(g++ cmake ninja-build ccache zip libfmt-dev)
function_libraries=(libssl-dev libre2-dev zlib1g-dev libyaml-cpp-dev libmaxminddb-dev)
build_packages=("${function_packages[@]}" "${function_libraries[@]}" pkg-config
  libboost1.81-dev librocksdb-dev libpugixml-dev libisal-dev libzip-dev libcli11-dev libgtest-dev
  libsnappy-dev liblz4-dev libzstd-dev libbz2-dev libgflags-dev)
# For the lines that ./run prints.
run_packages=(curl awscli)
test_packages=("${run_packages[@]}" uap-core python3 python3-boto3 python3-venv jq ca-certificates clang-format-19 chromium)
peer_packages=(radosgw ceph-mon ceph-osd ceph-common maven default-jre-headless)

say() { printf '%s\n' "$*" >&2; }

# need PACKAGE...: installs those that are absent. Costs some milliseconds where all are there.
need() {
  command -v dpkg-query >/dev/null || { say "This isn't Debian: the packages that are needed are listed in cmake/packages.sh."; return; }
  local installed absent=() package
  installed=" $(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' | sed -n 's/^ii //p' | tr '\n' ' ') "
  for package; do
    [[ $installed == *" $package "* ]] || absent+=("$package")
  done
  [ ${#absent[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { say "These packages must be installed, by root: ${absent[*]}"; exit 1; }
    as_root=(sudo)
  fi
  say "Installing ${absent[*]}"
  "${as_root[@]}" apt-get update -qq >&2 || say "apt-get update failed; trying with the lists that are there."
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${absent[@]}" | apt_progress ||
    { say "apt-get install failed, see above."; exit 1; }
}

# What apt-get is at, on one line of a terminal; elsewhere nothing. Its errors pass it by, on standard error.
apt_progress() {
  awk -v terminal="$([ -t 2 ] && echo 1)" '
    terminal && (/^Unpacking / || /^Setting up /) { printf "\r\033[K  %s", substr($0, 1, 76) >"/dev/stderr" }
    END { if (terminal) printf "\r\033[K" >"/dev/stderr" }'
}

# build PRESET TARGET...: builds where a source is newer than the last build; says nothing where none is.
build() {
  local preset=$1 folder=build/$1 stamp jobs memory_gb sources
  shift
  sources=(CMakeLists.txt CMakePresets.json cmake base json aws pipeline localcloud cli deploy)
  [ "$1" = event-pipeline ] || sources+=(tests bench)
  stamp=$folder/.built-${1//\//_}
  if [ -e "$stamp" ] && [ -z "$(find "${sources[@]}" -newer "$stamp" -print -quit 2>/dev/null)" ]; then
    return 0
  fi
  mkdir -p "$folder"
  touch "$stamp.begun"
  # A compiler takes up to 1.5 GB.
  memory_gb=$(awk '/MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)
  jobs=$(nproc)
  [ $((jobs * 3 / 2)) -le "$memory_gb" ] || jobs=$((memory_gb * 2 / 3 > 0 ? memory_gb * 2 / 3 : 1))
  say "Building $* ($folder, $jobs at a time)"
  if [ ! -e "$folder/build.ninja" ]; then cmake --preset "$preset" >"$folder/configure.log" 2>&1 || { cat "$folder/configure.log" >&2; exit 1; }; fi
  NINJA_STATUS="[%f of %t, %es] " cmake --build "$folder" -j "$jobs" --target "$@" >&2 || { say "The build failed, see above."; exit 1; }
  mv "$stamp.begun" "$stamp"
}
