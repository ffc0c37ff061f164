# lib.sh: what ./run and ./test share. Sourced by sh; the working directory is the project's top.

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Runs a command as root: directly, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    die "Packages are missing and there is no sudo. As root: apt-get install $*"
  fi
}

# missing_packages LIST...: the packages of these files that are not installed, one a line.
missing_packages() {
  cat "$@" | while read -r package command; do
    case "$package" in '' | '#'*) continue ;; esac
    if [ -n "$command" ] && command -v "$command" >/dev/null 2>&1; then continue; fi
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || echo "$package"
  done
}

# need_packages LIST...: installs what is missing; asks the network only then.
need_packages() {
  missing=$(missing_packages "$@" | tr '\n' ' ')
  [ -n "${missing% }" ] || return 0
  say "Installing: $missing"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2 || die "apt-get update failed: is there a network?"
  # shellcheck disable=SC2086 # a list of words
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2 ||
    die "apt-get install failed."
}

# need_npm DIR: the exact packages of DIR/package-lock.json, once; again when the lock changes.
need_npm() {
  [ -f "$1/package-lock.json" ] || return 0
  if cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock.json"; then return 0; fi
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2) || die "npm ci failed in $1."
  cp "$1/package-lock.json" "$1/node_modules/.installed-lock.json"
}

# need_build DIR SETUP-ARGUMENTS...: configures once, then compiles what changed.
need_build() {
  dir=$1
  shift
  if [ ! -f "$dir/build.ninja" ]; then
    # Some two hundred test programs are linked: with mold in a third of the time.
    if command -v mold >/dev/null; then CC_LD=${CC_LD:-mold}; export CC_LD; fi
    meson setup "$dir" "$@" >"$dir.log" 2>&1 || { cat "$dir.log" >&2; die "meson setup failed."; }
    rm -f "$dir.log"
  fi
  ninja -C "$dir" >"$dir/ninja.log" 2>&1 || { tail -n 60 "$dir/ninja.log" >&2; die "The build in $dir failed."; }
  ln -sfn src/tsunagu "$dir/tsunagu"
}
