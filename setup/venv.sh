#!/bin/sh
# Makes a virtual environment with the locked packages and this checkout: by uv, which takes a tenth of the time, or by
# pip where uv does not reach what pip is told to reach (a mirror, a certificate of the house).
# Usage: setup/venv.sh FOLDER PYTHON
set -eu
folder=$1 python=$2
stamp="$folder/locked-$(cat requirements.lock pyproject.toml setup/venv.sh | sha256sum | cut -c1-16)"
[ -e "$stamp" ] && exit 0

"$python" -c 'import ensurepip' 2>/dev/null || setup/need.sh python3-venv
"$python" -m venv --clear "$folder"
by_pip() { "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }
by_uv() { "$uv" pip install --quiet --python "$folder/bin/python" "$@"; }

uv=.venv/bin/uv
if [ ! -x "$uv" ]; then
    # The lock's lines of uv alone, as its hashes must be looked at, too.
    awk '/^uv==/ { found = 1 } found && !/^ *#/ { print } found && !/\\$/ { exit }' requirements.lock >"$folder/uv.lock"
    by_pip --require-hashes -r "$folder/uv.lock"
fi
[ "$folder" = .venv ] && compile=--compile-bytecode || compile=--no-compile-bytecode  # others run few of the modules
by_uv "$compile" --require-hashes -r requirements.lock || by_pip --require-hashes -r requirements.lock
by_uv --no-deps --no-build-isolation --editable . || by_pip --no-deps --no-build-isolation --editable .
touch "$stamp"
