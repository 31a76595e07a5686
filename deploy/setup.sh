# What the launcher and `verify` need before they can start: a JDK 25, Debian packages, a build.
# Sourced, not run. The caller sets ROOT (the checkout) and PROGRAM (its name in messages).
# shellcheck shell=bash

readonly JDK_RELEASE=25

say() { printf '%s: %s\n' "$PROGRAM" "$*" >&2; }

# stop MESSAGE [CODE]: one line that says the next step; 2 is "usage or configuration".
stop() {
  say "$1"
  exit "${2:-2}"
}

is_root() { [ "$EUID" -eq 0 ]; }

can_install() { is_root && command -v apt-get >/dev/null; }

on_terminal() { [ -t 2 ] && [ -z "${CI:-}" ]; }

# --- Debian packages -------------------------------------------------------------------------

# has PACKAGE: whether what the package is wanted for is there, however it came to be installed.
has() {
  case $1 in
    maven) command -v mvn ;;
    # Usually without a program: this is asked at every start.
    libpcap0.8) compgen -G '/usr/lib/*/libpcap.so.*' || /sbin/ldconfig -p | grep 'libpcap\.so' ;;
    iproute2) command -v ip && command -v tc ;;
    nftables) command -v nft ;;
    iputils-ping) command -v ping ;;
    xdp-tools) command -v xdp-filter ;;
    dpdk-dev) command -v dpdk-testpmd ;;
    fontconfig) command -v fc-list ;;
    fonts-dejavu-core) fc-list | grep . ;;
    prometheus) command -v prometheus && command -v promtool ;;
    prometheus-alertmanager) command -v amtool ;;
    nodejs) command -v node ;;
    dnsmasq-base) command -v dnsmasq ;;
    ntpsec) command -v ntpd ;;
    systemd) command -v systemd-analyze ;;
    systemd-container) command -v systemd-nspawn ;;
    *) command -v "$1" ;;
  esac >/dev/null 2>&1
}

# need PACKAGE...: installs the ones that are missing, or says in one line what to install.
need() {
  local package missing=()
  for package in "$@"; do
    has "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  can_install || stop "missing: ${missing[*]}; run: sudo apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  install_packages "${missing[@]}"
}

# want PACKAGE...: installs the ones that are missing where that is possible, and goes on without them where it is not.
want() {
  local package
  for package in "$@"; do
    has "$package" && continue
    can_install || continue
    say "installing $package"
    (install_packages "$package") || say "going on without $package"
  done
}

# A package's service (memcached's, say) must neither start now nor at the next boot: only its program is wanted.
install_packages() (
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  policy=/usr/sbin/policy-rc.d
  if [ -e "$policy" ]; then policy=; else
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
  fi
  trap 'rm -f "$log" ${policy:+"$policy"}' EXIT
  trap 'exit 130' INT TERM HUP
  # A stale or partly unreachable list may still hold what is wanted: the installation decides.
  apt-get update -qq </dev/null >"$log" 2>&1
  if ! apt-get install -y -qq --no-install-recommends "$@" </dev/null >>"$log" 2>&1; then
    tail -n 5 "$log" >&2
    stop "apt-get could not install $*; mend that and run this again" 1
  fi
  for package in "$@"; do
    case $package in
      fastnetmon | memcached | ntpsec | snmpd | prometheus | prometheus-alertmanager)
        [ -d /run/systemd/system ] && systemctl --quiet disable "$package"
        ;;
    esac
  done
  exit 0
)

# --- JDK -------------------------------------------------------------------------------------

is_jdk() {
  local release
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  IFS= read -r -d '' release <"$1/release"
  [[ $'\n'$release == *$'\n'"JAVA_VERSION=\"$JDK_RELEASE"[.\"+-]* ]]
}

jdk_candidates() {
  printf '%s\n' /usr/lib/jvm/*
  # Who has found one reads no more: where SIGPIPE is ignored that is an error.
  command -v javac >/dev/null && dirname "$(dirname "$(readlink -f "$(command -v javac)")")" 2>/dev/null
}

select_jdk() {
  local home
  [ -n "${JAVA_HOME:-}" ] && is_jdk "$JAVA_HOME" && return
  while IFS= read -r home; do
    is_jdk "$home" && export JAVA_HOME=$home && return
  done < <(jdk_candidates)
  return 1
}

install_jdk() {
  local package
  apt-get update -qq </dev/null >/dev/null 2>&1
  for package in openjdk-$JDK_RELEASE-jdk-headless temurin-$JDK_RELEASE-jdk; do
    apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [0-9]' || continue
    say "installing $package"
    install_packages "$package"
    return
  done
}

# Sets JAVA_HOME: the caller's if it is a JDK 25, else an installed one, else one from the package manager.
need_jdk() {
  select_jdk && return
  can_install && install_jdk && select_jdk && return
  stop "no JDK $JDK_RELEASE: install openjdk-$JDK_RELEASE-jdk-headless, or Temurin from https://adoptium.net, or set JAVA_HOME"
}

# --- build -----------------------------------------------------------------------------------

readonly BUILD_STAMP=target/build.stamp
readonly STARTUP_CACHE=target/startup.aot
readonly KEEPER_CACHE=target/keeper.aot

is_built() {
  [ -e "$ROOT/$BUILD_STAMP" ] && [ -d "$ROOT/appliance/target/app" ] && [ -d "$ROOT/bench/target/app" ] &&
    [ -z "$(find "$ROOT/pom.xml" "$ROOT"/*/pom.xml "$ROOT"/*/src/main -newer "$ROOT/$BUILD_STAMP" -print -quit)" ]
}

# The owner of the checkout, when this is root and the owner is somebody else with an account.
other_owner() {
  local owner
  owner=$(stat -c %U "$ROOT")
  is_root && [ "$owner" != root ] && [ "$owner" != UNKNOWN ] && printf '%s\n' "$owner"
}

# Runs as the checkout's owner, so that `sudo ./breakwater …` leaves nothing that a later build by its owner trips over.
as_owner() {
  local owner
  if owner=$(other_owner); then
    runuser -u "$owner" -- env JAVA_HOME="$JAVA_HOME" "$@"
  else
    "$@"
  fi
}

# background COMMAND...: starts it in a process group of its own, so that `end_background` reaches its children too.
background() {
  set -m
  "$@" &
  BACKGROUND=$!
  set +m
}

# Asks the group to end, and waits until it has.
end_background() {
  [ -n "${BACKGROUND:-}" ] || return
  kill -- "-$BACKGROUND" 2>/dev/null
  wait "$BACKGROUND"
}

# Builds the jars unless they are newer than the sources. One build at a time: the lock is on the checkout's directory.
build() {
  is_built && is_cached && return
  exec 9<"$ROOT"
  flock 9
  is_built || { need maven && run_build; }
  is_cached || make_startup_cache
  exec 9<&-
}

# Once per build, whether that made a cache or not: without one Breakwater starts more slowly, no more.
is_cached() { [ "$ROOT/$STARTUP_CACHE.stamp" -nt "$ROOT/$BUILD_STAMP" ]; }

keeper_jar() { printf '%s\n' "$ROOT"/appliance/target/app/breakwater-capture-*.jar; }

make_startup_cache() {
  "$ROOT/deploy/package/startup-cache" "$ROOT/$STARTUP_CACHE" "$ROOT/$KEEPER_CACHE" "$ROOT/deploy/keeper.options" "$(keeper_jar)" \
    "$JAVA_HOME/bin/java" "@$ROOT/deploy/jvm.options" \
    -cp "$ROOT/appliance/target/app/*" io.breakwater.appliance.Breakwater </dev/null 9<&-
  # Root may have made the one before.
  rm -f "$ROOT/$STARTUP_CACHE.stamp" && touch "$ROOT/$STARTUP_CACHE.stamp"
}

# LOG: the lock on the checkout is not Maven's to keep.
package_jars() {
  cd "$ROOT" && as_owner mvn -B -ntp -DskipTests -Dspotless.check.skip=true package </dev/null 9<&- >"$1" 2>&1
}

run_build() {
  local log=$ROOT/target/build.log started=$SECONDS
  as_owner mkdir -p "$ROOT/target" || stop "cannot write to $ROOT/target; check who owns it" 1
  # Edits made while Maven runs must count as newer, so the stamp's time is the start of the build.
  as_owner touch "$ROOT/$BUILD_STAMP.next" || stop "cannot write to $ROOT/target; check who owns it" 1
  say "building; details in $log"
  trap 'end_background; exit 130' INT TERM
  background package_jars "$log.next"
  while on_terminal && kill -0 "$BACKGROUND" 2>/dev/null; do
    printf '\r\033[K%s: building %s (%d s)' "$PROGRAM" "$(module_being_built "$log.next")" $((SECONDS - started)) >&2
    sleep 1
  done
  on_terminal && printf '\r\033[K' >&2
  if ! wait "$BACKGROUND"; then
    mv -f "$log.next" "$log"
    grep '^\[ERROR\]' "$log" | head -n 12 >&2
    stop "the build failed; the whole output is in $log" 1
  fi
  trap - INT TERM
  mv -f "$log.next" "$log"
  mv -f "$ROOT/$BUILD_STAMP.next" "$ROOT/$BUILD_STAMP"
}

# module_being_built LOG: its name and "[2/6]".
module_being_built() {
  sed -n 's/^\[INFO\] Building \(.*\) [^ ]* *\(\[[0-9/]*\]\)$/\1 \2/p' "$1" 2>/dev/null | tail -n 1
}
