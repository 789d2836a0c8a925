#!/bin/sh
mysql --host=db --user=root --password={{fake:password 16}} shop < dump.sql
