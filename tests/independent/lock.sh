#!/bin/sh
# Pins the independent checkers that need a place of their own, with hashes and without addresses.
# `make lock` runs it; with --upgrade it takes the newest versions.
set -eu

cd "$(dirname "$0")"
../../.venv/bin/uv pip compile aics/requirements.in "$@" --universal --python-version 3.12 \
    --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet \
    --constraint ../../requirements/test.txt --output-file aics/requirements.txt
if command -v npm >/dev/null; then
    [ -z "$*" ] || rm -f sigstore/package-lock.json
    npm install --prefix sigstore --package-lock-only --omit-lockfile-registry-resolved \
        --ignore-scripts --no-audit --no-fund --silent
fi
