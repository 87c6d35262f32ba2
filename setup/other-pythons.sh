#!/bin/sh
# Prints the other supported interpreters that work on this machine, one a line: on the PATH, or under pyenv.
for version in 3.11 3.12 3.13; do
    for python in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python; do
        if [ "$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$version" ]; then
            [ "$version" = "$1" ] || echo "$version $python"
            break
        fi
    done
done
