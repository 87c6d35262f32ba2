#!/bin/sh
# Makes sure that Debian packages are there: as root it installs what is missing, else it says what to install and stops.
# Usage: setup/need.sh PACKAGE...
set -eu
missing=""
for package in "$@"; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if ! command -v apt-get >/dev/null; then
    echo "These Debian packages, or what matches them on this system, are needed:$missing" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "Missing:$missing. Install with: sudo apt-get install$missing" >&2
    exit 1
fi
echo "Installing$missing"
# The servers are started by the tests themselves, privately; Debian's own instances need not run.
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 - a list of words
apt-get install -y -qq --no-install-recommends $missing >/dev/null
