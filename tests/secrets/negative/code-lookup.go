package main

import "os"

var (
	apiKey   = os.Getenv("API_KEY")
	password = flag.String("password", "", "password of the database")
	tokenKey = "x-auth-token"
)
