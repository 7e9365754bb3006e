#!/bin/sh
# Installs the Debian packages that the tests lack (as root), or says the one command to type.
# With the word `venv` it sees to Python's venv module alone.
set -eu

missing=""

if [ "${1:-}" = venv ]; then
    "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || missing="python3-venv"
else
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
        command -v google-chrome >/dev/null || missing="chromium"
    command -v openssl >/dev/null || missing="$missing openssl"
    if command -v dpkg-query >/dev/null; then
        # golang-...: the sources of sumdb/note and sumdb/tlog, which check the log independently.
        for package in fonts-noto-core fonts-noto-cjk golang-golang-x-mod-dev; do
            dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null |
                grep -q 'ok installed' || missing="$missing $package"
        done
    fi
fi

missing="${missing# }"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "Missing: $missing. Install it with your system's package manager."
elif [ "$(id -u)" -ne 0 ]; then
    echo "Missing: $missing. Type: sudo apt-get install -y $missing"
else
    echo "Installing $missing ..."
    export DEBIAN_FRONTEND=noninteractive
    log="$(mktemp)"
    # shellcheck disable=SC2086  # a list of packages
    if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
        tail -n 5 "$log"
        echo "Could not install. Type: apt-get update && apt-get install -y $missing"
    fi
    rm -f "$log"
fi
