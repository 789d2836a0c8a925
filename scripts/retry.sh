#!/bin/sh
# Run a command that talks to a package registry; when it fails, try twice more.
# Usage: scripts/retry.sh COMMAND ARGUMENT…
for pause in 5 20; do
    "$@" && exit 0
    echo "failed, once more in $pause s: $*" >&2
    sleep "$pause"
done
exec "$@"
