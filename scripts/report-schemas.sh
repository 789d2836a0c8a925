#!/bin/sh
# Fetch the published schemas of report formats that no installed package carries.
# Usage: scripts/report-schemas.sh FOLDER PIP…       fills FOLDER/sarif-2.1.0.json
set -eu
cd "$(dirname "$0")/.."
folder=$1
shift
[ -s "$folder/sarif-2.1.0.json" ] && exit 0
mkdir -p "$folder"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sh scripts/retry.sh "$@" download --quiet --no-deps --no-binary :all: --require-hashes \
    --requirement requirements/schemas.txt --dest "$scratch"
tar -xzf "$scratch"/sarif_om-*.tar.gz -C "$scratch"
mv "$scratch"/sarif_om-*/sarif-2.1.0-rtm.4.json "$folder/sarif-2.1.0.json"
