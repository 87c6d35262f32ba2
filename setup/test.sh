#!/bin/sh
# Runs the tests in .venv and then on every other supported Python found.
set -eu
.venv/bin/python -m pytest "$@"
main=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
setup/other-pythons.sh "$main" | while read -r version python; do
    echo "Python $version ($python)"
    setup/venv.sh ".venv-$version" "$python"
    ".venv-$version/bin/python" -m pytest -m "not slow" "$@" </dev/null
done
