#!/bin/sh
curl -fsS -u deploy:{{fake:password 18}} https://nexus.example.com/repository/raw/app.tgz -o app.tgz
