"""Files that SOPS encrypts, checked without any key (getsops.io/docs, sops.go and stores/ of
github.com/getsops/sops)."""
