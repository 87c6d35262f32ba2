#!/bin/sh
# Makes a virtual environment with the locked packages and this checkout, by uv where it is there and otherwise by pip.
# Usage: setup/venv.sh FOLDER PYTHON
set -eu
folder=$1 python=$2
stamp="$folder/locked-$(cat requirements.lock pyproject.toml setup/venv.sh | sha256sum | cut -c1-16)"
[ -e "$stamp" ] && exit 0
case $(command -v uv) in "" | "$PWD/$folder"/*) uv='' ;; *) uv=uv ;; esac  # one inside the folder goes with it
if [ "$uv" ]; then
    uv venv --quiet --clear --python "$python" "$folder"
    uv pip install --quiet --compile-bytecode --python "$folder/bin/python" --require-hashes -r requirements.lock
    uv pip install --quiet --python "$folder/bin/python" --no-deps --no-build-isolation --editable .
else
    "$python" -c 'import ensurepip' 2>/dev/null || setup/need.sh python3-venv
    "$python" -m venv --clear "$folder"
    [ "$folder" = .venv ] && compile=--compile || compile=--no-compile  # tests on another Python need few of the modules
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check $compile --require-hashes -r requirements.lock
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
touch "$stamp"
