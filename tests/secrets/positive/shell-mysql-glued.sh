#!/bin/sh
mysql -uroot -p{{fake:alnum 16}} < dump.sql
