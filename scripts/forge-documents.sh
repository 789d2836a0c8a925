#!/bin/sh
# Fetch the API documents of GitHub, by which the tests judge every call to the fake ones.
# Usage: scripts/forge-documents.sh FOLDER       fills FOLDER/forges
set -eu
cd "$(dirname "$0")/.."
folder=$1/forges
documents="api.github.com.json ghes-3.17.json ghes-3.19.json"
openapi=@octokit/openapi@23.0.2
graphql=@octokit/graphql-schema@15.26.1
for name in $documents schema.graphql; do
    [ -s "$folder/$name" ] || missing=1
done
[ -z "${missing:-}" ] && exit 0
mkdir -p "$folder"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sh scripts/retry.sh npm pack --silent --pack-destination "$scratch" "$openapi" "$graphql" >/dev/null
for name in $documents; do
    tar -xzOf "$scratch"/octokit-openapi-*.tgz "package/generated/$name" >"$folder/$name.part"
    mv "$folder/$name.part" "$folder/$name"
done
tar -xzOf "$scratch"/octokit-graphql-schema-*.tgz package/schema.graphql >"$folder/schema.graphql"
