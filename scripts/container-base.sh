#!/bin/sh
# Prepare a folder in which the container tests build and run the real image without a registry of
# images: settings for podman and buildah, and a stand-in for the Dockerfile's base image, made of
# Debian packages. Needs root, Debian or a derivative with Debian's archive, and the packages below.
# Usage: scripts/container-base.sh FOLDER        (a second run finds everything in place)
set -eu
cd "$(dirname "$0")/.."
mkdir -p "$1"
folder=$(cd "$1" && pwd)
base=$(sed -n 's/^FROM \([^ ]*\) AS base$/\1/p' Dockerfile)
# docker-registry is the real registry that the tests of the client talk to on 127.0.0.1
packages="buildah podman runc mmdebstrap netavark iptables iproute2 docker-registry rsync"

retry() { sh scripts/retry.sh "$@"; }

missing=""
for package in $packages; do
    dpkg-query --show --showformat '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' ||
        missing="$missing $package"
done
if [ -n "$missing" ]; then
    # An update fails when any one source does, so the install decides.
    retry apt-get update -qq || true
    # shellcheck disable=SC2086 # a list of words
    retry env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $missing >"$folder/apt.log" 2>&1 || { cat "$folder/apt.log" >&2; exit 1; }
fi

# The default limits need CAP_SYS_RESOURCE, crun fails on hybrid control groups, and a network
# namespace is more than a build needs.
cat >"$folder/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=10000:10000", "nproc=30000:30000"]
netns = "host"
[network]
network_backend = "netavark"
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
events_logger = "file"
CONF
cat >"$folder/storage.conf" <<CONF
[storage]
driver = "overlay"
runroot = "$folder/run"
graphroot = "$folder/graph"
CONF
export CONTAINERS_CONF="$folder/containers.conf" CONTAINERS_STORAGE_CONF="$folder/storage.conf"

works() { podman run --rm --network none "localhost/$base" python -c 'import venv, ensurepip' 2>/dev/null; }

recipe=$(cksum <scripts/container-base.sh)
if [ "$(cat "$folder/recipe" 2>/dev/null)" = "$recipe" ] && works; then
    podman image prune --force --filter until=168h >/dev/null # layers of builds long past
    exit 0
fi
echo "making a stand-in for $base" >&2
podman system reset --force >/dev/null 2>&1 || true
rm -rf "$folder/run" "$folder/graph" "$folder/base" "$folder/root.tar"
# shellcheck disable=SC2016 # apt-get expands these
archive=${DEBIAN_ARCHIVE:-$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' |
    awk '$1 == "Debian" { print $2; exit }')}
retry mmdebstrap --quiet --variant=minbase \
    --include=ca-certificates,git,make,python3,python3-venv trixie "$folder/root.tar" "$archive"
podman import --quiet --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    "$folder/root.tar" localhost/root:1 >/dev/null
rm "$folder/root.tar"
# The machine's certificates, because pip may have to pass a proxy with one of its own.
mkdir "$folder/base"
cp /etc/ssl/certs/ca-certificates.crt "$folder/base/"
cat >"$folder/base/Dockerfile" <<'FILE'
FROM localhost/root:1
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
RUN printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' > /etc/pip.conf \
 && ln -s /usr/bin/python3 /usr/local/bin/python
FILE
# A short name is looked up under localhost/ first, so the Dockerfile finds it as it stands.
buildah bud --quiet --isolation chroot --pull-never --tag "localhost/$base" "$folder/base" >/dev/null
works || { echo "the container engine cannot run localhost/$base:" >&2
    podman run --rm --network none "localhost/$base" python --version >&2; exit 1; }
echo "$recipe" >"$folder/recipe"
