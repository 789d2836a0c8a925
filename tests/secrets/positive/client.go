package main

var dsn = "root:{{fake:alnum 16}}@tcp(mysql:3306)/shop"
