#!/bin/sh
ldapadd -x -D cn=admin,dc=shop -w {{fake:alnum 20}} -f base.ldif
htpasswd -bc /etc/nginx/.htpasswd admin {{fake:password}}
keytool -importcert -keystore t.jks -storepass {{fake:alnum 14}} -noprompt -file ca.crt
