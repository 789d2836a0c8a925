#!/bin/sh
# Make or complete a virtual environment: the locked requirements, then this project as an editable
# install, so that bin/gitops-ci runs the work tree.
# Usage: scripts/venv.sh FOLDER LOCK [PYTHON-VERSION]     e.g. scripts/venv.sh .venv dev
set -eu
cd "$(dirname "$0")/.."
folder=$1
lock=$2

if ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then # absent, or its Python is gone
    python=$(sh scripts/find-python.sh "${3:-}")
    echo "setting up $folder with $python" >&2
    rm -rf "$folder"
    "$python" -m venv "$folder"
fi
sh scripts/retry.sh "$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes --requirement "requirements/$lock.txt"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-deps --no-index --no-build-isolation --editable .
