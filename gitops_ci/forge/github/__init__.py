"""GitHub, GitHub Enterprise Server and ghe.com. The only importer of PyGithub."""
