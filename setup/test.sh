#!/bin/sh
# Runs the tests in .venv, then on every other supported Python found, those beside each other.
set -eu
.venv/bin/python -m pytest "$@"
main=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
others=$(setup/other-pythons.sh "$main")
logs=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null || true; rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM
while read -r version python; do
    [ "$version" ] || continue
    {
        setup/venv.sh ".venv-$version" "$python"
        exec ".venv-$version/bin/python" -m pytest -m "not slow" "$@"
    } </dev/null >"$logs/$version" 2>&1 &
    pids="$pids $!"
done <<END
$others
END
failed=0
for pid in $pids; do
    wait "$pid" || failed=1
done
for log in "$logs"/*; do
    [ -e "$log" ] || continue
    echo "Python ${log##*/}:"
    cat "$log"
done
exit $failed
