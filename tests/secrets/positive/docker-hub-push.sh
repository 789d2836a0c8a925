#!/bin/sh
set -eu
echo dckr_pat_{{fake:b64url 27}} | docker login --username example --password-stdin
docker push example/shop:1.4.2
