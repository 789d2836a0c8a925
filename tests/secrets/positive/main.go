package main

const apiKey = "{{fake:alnum 40}}"
