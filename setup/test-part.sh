#!/bin/sh
# Runs a part of the tests: `most`, `pages`, pages in a `browser`, whole `programs`, or what is `given`, in .venv; on
# another Python, by its version, what may be otherwise there: no whole runs of the program, few of the pages and of
# casework, no letters, and only the store on the second database. On one between two others that run more, what reads,
# keeps and judges mail.
# Usage: setup/test-part.sh PART [ARGUMENT OF PYTEST...]
set -eu
part=$1 python=.venv/bin/python
shift
case $part in
    given) ;;
    most) set -- --ignore=tests/web --ignore=tests/flow --ignore=tests/service ;;
    pages) set -- tests/web --ignore=tests/web/test_pages.py ;;
    browser) set -- tests/web/test_pages.py ;;
    programs) set -- tests/flow tests/service ;;
    3.12) python=.venv-3.12/bin/python && set -- -m "not slow" -k "store or not postgresql" \
        --ignore=tests/web --ignore=tests/cases --ignore=tests/service --ignore=tests/flow \
        --ignore-glob='*/responders/test_[hl]*' "$@" ;;
    *) python=".venv-$part/bin/python" && set -- -m "not slow" -k "store or not postgresql" \
        --ignore-glob='*/web/test_[b-z]*' --ignore-glob='*/cases/test_[ce-z]*' --ignore-glob='*/responders/test_[hl]*' "$@" ;;
esac

# The databases and mailboxes of a test live for a moment: where memory can hold them, they need no disk.
room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)
[ "${room:-0}" -gt 4000000 ] && TMPDIR=/dev/shm
folder=$(mktemp -d "${TMPDIR:-/tmp}/rightsdesk-tests.XXXXXX")
chmod 711 "$folder"  # the servers that tests start may be other users
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
export TMPDIR="$folder"

failed=0
case $part in
    most | given) $python -m pytest "$@" || failed=$? ;;  # seen while it goes on
    *) $python -m pytest -p no:cacheprovider "$@" >"$folder/said" 2>&1 || failed=$?
        echo "Part of the tests: $part"
        cat "$folder/said" ;;
esac
case $part-$failed in 3.*-5) failed=0 ;; esac  # none of the given tests is for this Python
exit $failed
