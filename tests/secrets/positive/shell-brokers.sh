#!/bin/sh
rabbitmqctl add_user svc {{fake:password}}
redis-cli -h redis -a {{fake:alnum 20}} ping
mosquitto_pub -h mqtt -u svc -P {{fake:alnum 18}} -t a -m b
