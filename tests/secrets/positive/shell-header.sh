#!/bin/sh
curl -H "PRIVATE-TOKEN: glpat-{{fake:b64url 20}}" https://gitlab.example.com/api/v4/projects
