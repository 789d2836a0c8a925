#!/bin/sh
mc alias set backup https://minio.example backup {{fake:alnum 40}}
mc mirror /data backup/data
