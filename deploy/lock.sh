#!/bin/sh
# Writes the lock files anew from pyproject.toml: deploy/lock.sh [--upgrade]. Needs uv on the PATH.
set -eu
cd "$(dirname "$0")/.."
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL UV_FIND_LINKS UV_INDEX_URL UV_EXTRA_INDEX_URL
lock() {
    uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-annotate --no-emit-index-url --no-header "$@"
}
# litestar names polyfactory, which makes examples for tests, and loads it only for them; so all is installed by --no-deps
unused="--no-emit-package polyfactory --no-emit-package faker"
lock pyproject.toml $unused -o requirements.lock "$@"
lock --group build -c requirements.lock -o deploy/build.lock "$@"
lock pyproject.toml $unused --group build --group test -c requirements.lock -c deploy/build.lock \
    -o tests/requirements.lock "$@"
lock --group npm -o deploy/npm.lock "$@"
