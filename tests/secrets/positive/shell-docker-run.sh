#!/bin/sh
docker run -d -e POSTGRES_PASSWORD={{fake:password}} postgres:16
