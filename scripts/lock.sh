#!/bin/sh
# Write the hash-locked requirement files from pyproject.toml, for every supported Python at once.
# Usage: scripts/lock.sh PATH-TO-UV [--upgrade]
# Versions that are already locked stay as they are unless --upgrade is given.
set -eu
cd "$(dirname "$0")/.."
uv=$1
shift
bounds=$(mktemp)
trap 'rm -f "$bounds"' EXIT

compile() { # compile OUTPUT ARGUMENT…
    output=$1
    shift
    "$uv" pip compile --quiet --universal --python-version 3.11 --no-header \
        --output-file "$output" "$@"
    echo "$output" >&2
}

lock() { # lock NAME ARGUMENT…
    name=$1
    shift
    compile "requirements/$name.txt" --generate-hashes "$@"
}

lock build --group build "$@"
lock base pyproject.toml --group build "$@"
lock image pyproject.toml --extra all "$@"
lock dev pyproject.toml --extra github --extra gitlab --extra secrets --extra policy \
    --group build --group dev "$@"
lock full pyproject.toml --extra all --group build --group dev --group full "$@"

# The lower bounds of the run-time dependencies, to prove that they are true; test tools stay new.
compile "$bounds" pyproject.toml --extra github --extra gitlab --extra secrets --extra policy \
    --resolution lowest-direct --no-annotate --upgrade
lock lowest pyproject.toml --extra github --extra gitlab --extra secrets --extra policy \
    --group build --group dev --constraint "$bounds" --no-annotate "$@"
lock schemas --group schemas --no-deps "$@"
lock lock --group lock "$@"
