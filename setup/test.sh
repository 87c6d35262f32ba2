#!/bin/sh
# Builds the model where its inputs changed, and runs the tests in .venv and on every other supported Python found.
# Usage: setup/test.sh [ARGUMENT OF PYTEST...]
set -eu
others=$(setup/other-pythons.sh "$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')")

# Packages for the other Pythons are fetched while the model learns: the one needs the network, the other a processor.
echo "$others" | xargs -r -L1 sh -c 'setup/venv.sh ".venv-$0" "$1"' &
fetching=$!
trap 'kill "$fetching" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM
.venv/bin/rightsdesk train --if-changed
wait "$fetching"
trap - EXIT

# More parts at a time than two processors take, as tests often wait for something; the longest first.
[ $# -gt 0 ] && parts=given || parts="programs pages most browser"
# shellcheck disable=SC2086 - a list of words
printf "%s\n" $parts $(echo "$others" | cut -d" " -f1 | sort -r) | xargs -P 3 -I{} setup/test-part.sh {} "$@"
