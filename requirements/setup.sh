#!/bin/sh
# Gets a machine ready, and does nothing where that is already done:
#   run       .venv with run.lock and the program    dev  run, then dev.lock
#   chromium  a browser for the tests                lock the lock files, made anew
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin

main() {
    case "${1-}" in
        run) venv; lock_into_venv run; program ;;
        dev) venv; lock_into_venv run; program; lock_into_venv dev ;;
        chromium) browser ;;
        lock) shift; make_locks "$@" ;;
        *) stop "setup.sh knows: run, dev, chromium, lock" ;;
    esac
}

# A venv knows its own place and its Python: moved or upgraded, it is made again.
venv() {
    find_python
    place="$PWD $("$python" -c 'import sys; print(sys.version)')"
    if [ "$(cat .venv/place 2>/dev/null)" = "$place" ] && "$bin/python" -c 'import pip' 2>/dev/null; then
        return
    fi
    echo "Making .venv with $("$python" --version)"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_venv_module
    rm -rf .venv
    "$python" -m venv .venv
    echo "$place" > .venv/place
}

find_python() {
    for python in python3 python3.11 python3.12 python3.13 python3.14; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return
        fi
    done
    stop "Convoca needs Python 3.11 or newer; python3 here is $(python3 --version 2>&1 || true)"
}

install_venv_module() {
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    apt_install "$package" || stop "Python here cannot make a venv. Install the package $package, then try again"
}

# $1.lock is installed once; the stamp is its checksum.
lock_into_venv() {
    stamp=$(cksum < "requirements/$1.lock")
    if [ "$(cat ".venv/$1.stamp" 2>/dev/null)" = "$stamp" ]; then
        return
    fi
    echo "Installing requirements/$1.lock"
    pip --require-hashes --only-binary :all: -r "requirements/$1.lock" ||
        stop "requirements/$1.lock could not be installed; pip says why above"
    echo "$stamp" > ".venv/$1.stamp"
}

# The program itself, from this checkout: nothing is fetched.
program() {
    stamp=$(cksum < pyproject.toml)
    if [ -x "$bin/convoca" ] && [ "$(cat .venv/program.stamp 2>/dev/null)" = "$stamp" ]; then
        return
    fi
    pip --no-index --no-deps --no-build-isolation -e .
    echo "$stamp" > .venv/program.stamp
}

pip() {
    "$bin/python" -m pip --disable-pip-version-check install -qq "$@"
}

# Not called chromium: the search below would find the function. tests/chromium.py has the same order.
browser() {
    if [ -n "${CONVOCA_CHROMIUM-}" ]; then
        command -v "$CONVOCA_CHROMIUM" >/dev/null || stop "CONVOCA_CHROMIUM names no program: $CONVOCA_CHROMIUM"
        return
    fi
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null; then
            return
        fi
    done
    apt_install chromium || stop "The browser tests need Chromium. Install the package chromium, or set CONVOCA_CHROMIUM to a Chrome"
}

apt_install() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        return 1
    fi
    echo "Installing the package $1"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
}

# Keeps present versions where it can; --upgrade takes the newest.
make_locks() {
    find_python
    uv=$(mktemp -d)
    trap 'rm -rf "$uv"' EXIT
    "$python" -m venv "$uv"
    "$uv/bin/python" -m pip --disable-pip-version-check install -qq uv
    # The flags keep every host and folder of this machine out of the files.
    for name in run dev; do
        "$uv/bin/uv" pip compile --quiet --no-config --no-cache --universal --python-version 3.11 \
            --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
            "$@" -o "requirements/$name.lock" "requirements/$name.in"
    done
}

stop() {
    echo "$1." >&2
    exit 1
}

main "$@"
