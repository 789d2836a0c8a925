"""Images: which build runs, from where, and whether it is the same one tomorrow."""

URL = "https://kubernetes.io/docs/concepts/containers/images/"
