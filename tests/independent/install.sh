#!/bin/sh
# Installs into .venv/checkers the independent checkers that need a place of their own. Where one
# cannot be had, the reason goes into a file beside it, and its tests skip with that sentence.
set -u

here="$(cd "$(dirname "$0")" && pwd)"
checkers="$here/../../.venv/checkers"
mkdir -p "$checkers"

# Is NAME installed from this very lock file?
current() { cmp -s "$2" "$checkers/$1/installed-from"; }

# Says why NAME cannot be had, here and to its tests.
missing() {
    rm -rf "${checkers:?}/$1"
    echo "$2" >"$checkers/$1.missing"
    echo "Some independent checks of the log will be skipped: $2"
}

# Marks NAME as installed from this lock file.
installed() {
    rm -f "$checkers/$1.missing"
    cp "$2" "$checkers/$1/installed-from"
}

# The newest Python from 3.12 on that can make a virtual environment.
newer_python() {
    for name in python3.14 python3.13 python3.12 python3 \
        "$(pyenv root 2>/dev/null)"/versions/3.1[2-9]*/bin/python3; do
        if "$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

lock="$here/aics/requirements.txt"
if ! current aics "$lock"; then
    python="$(newer_python)"
    if [ -z "$python" ]; then
        missing aics "aics-tlog needs Python 3.12 or later, and there is none."
    elif "$python" -m venv --clear "$checkers/aics" >"$checkers/aics.log" 2>&1 &&
        "$checkers/aics/bin/python" -m pip --disable-pip-version-check --quiet --retries 1 install \
            --require-hashes --requirement "$lock" >>"$checkers/aics.log" 2>&1; then
        installed aics "$lock"
    else
        missing aics "aics-tlog cannot be installed (.venv/checkers/aics.log says why)."
    fi
fi

lock="$here/sigstore/package-lock.json"
if ! current sigstore "$lock"; then
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        missing sigstore "@sigstore/verify needs Node.js with npm, and there is none."
    elif mkdir -p "$checkers/sigstore" &&
        cp "$here/sigstore/package.json" "$lock" "$checkers/sigstore" &&
        (cd "$checkers/sigstore" && npm ci --ignore-scripts --no-audit --no-fund) \
            >"$checkers/sigstore.log" 2>&1; then
        installed sigstore "$lock"
    else
        missing sigstore "@sigstore/verify cannot be installed (.venv/checkers/sigstore.log says why)."
    fi
fi
