#!/bin/sh
# Print the path of a Python that can run the project: 3.11 or newer, with venv and pip on board.
# PYTHON names one that is tried first; a version as argument (find-python.sh 3.13) asks for just that.
set -u
version=${1:-}
if [ -n "$version" ]; then
    test="sys.version_info[:2] == ($(echo "$version" | tr . ,))"
    names="python$version ${PYENV_ROOT:-$HOME/.pyenv}/versions/$version.*/bin/python"
else
    test="sys.version_info >= (3, 11)"
    names="${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python"
fi
for name in $names; do # unquoted: the pyenv pattern expands here
    if "$name" -c "import sys, venv, ensurepip; sys.exit(not ($test))" >/dev/null 2>&1; then
        "$name" -c "import sys; print(sys.executable)"
        exit 0
    fi
done
echo "No Python ${version:-3.11 or newer} with the venv module was found (tried: $names)." >&2
echo "Install one (Debian and Ubuntu: python3 and python3-venv), or set PYTHON=/path/to/python3." >&2
exit 1
