#!/bin/sh
rabbitmqctl add_user svc "$RABBIT_PASSWORD"
redis-cli -h redis -a "$REDIS_PASSWORD" ping
redis-cli -a $(cat /run/secrets/redis) ping
ldapadd -x -D cn=admin -w "$LDAP_PASSWORD" -f base.ldif
keytool -importcert -storepass:file /run/secrets/pass -file ca.crt
openssl pkcs12 -export -passout env:P12_PASSWORD -out o.p12
mosquitto_sub -h mqtt -u svc -P "$MQTT_PASSWORD" -t a
