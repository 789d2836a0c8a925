#!/bin/sh
curl --user "bot@example.com:ATATT3xFfGF0{{fake:b64url 171}}={{fake:HEX 8}}" https://example.atlassian.net/rest/api/3/myself
