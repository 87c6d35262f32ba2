#!/bin/sh
# Runs a part of the tests: `most`, whole `programs`, or what is `given`, in .venv; on another Python, by its version,
# what may be otherwise there: no whole runs of the program, no letters, some of the pages, and only the store on the
# second database.
# Usage: setup/test-part.sh PART [ARGUMENT OF PYTEST...]
set -eu
part=$1 python=.venv/bin/python
shift
case $part in
    given) exec $python -m pytest "$@" ;;
    most) exec $python -m pytest --ignore=tests/flow --ignore=tests/service ;;
    programs) set -- tests/flow tests/service ;;
    *) python=".venv-$part/bin/python" && set -- -m "not slow" -k "store or not postgresql" \
        --ignore-glob='*/web/test_[e-z]*' --ignore-glob='*/responders/test_letters*' "$@" ;;
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
$python -m pytest -p no:cacheprovider "$@" >"$log" 2>&1 || failed=$?
echo "Python and tests: $part"
cat "$log"
[ $failed -eq 5 ] || exit $failed  # 5: none of the given tests is for this Python
