#!/bin/sh
# Runs the tests in .venv and, beside that, on every other supported Python found, one after the other.
# There it leaves out what no Python does otherwise: whole runs of the program, every face of every letter, and, but for
# the store, the same tests on the second database.
set -eu
main=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
others=$(setup/other-pythons.sh "$main")
logs=$(mktemp -d)
trap 'kill "$beside" 2>/dev/null || true; rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM
{
    failed=0
    while read -r version python; do
        [ "$version" ] || continue
        {
            setup/venv.sh ".venv-$version" "$python" &&
                ".venv-$version/bin/python" -m pytest -m "not slow" -k "store or not postgresql" -p no:cacheprovider "$@"
        } </dev/null >"$logs/$version" 2>&1 || failed=1
    done <<END
$others
END
    exit $failed
} &
beside=$!
failed=0
.venv/bin/python -m pytest "$@" || failed=1
wait "$beside" || failed=1
for log in "$logs"/*; do
    [ -e "$log" ] || continue
    echo "Python ${log##*/}:"
    cat "$log"
done
exit $failed
