#!/bin/sh
openssl enc -d -aes-256-cbc -pbkdf2 -in values.enc -out values.yaml -pass pass:{{fake:password 20}}
