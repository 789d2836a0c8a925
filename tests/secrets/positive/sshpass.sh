#!/bin/sh
sshpass -p '{{fake:password 16}}' ssh deploy@bastion.example uptime
