#!/bin/sh
mc alias set s3 http://minio:9000 root {{fake:alnum 30}}
