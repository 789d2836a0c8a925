#!/bin/sh
cat > ~/.netrc <<END
machine git.example.com login robot password {{fake:password 24}}
END
