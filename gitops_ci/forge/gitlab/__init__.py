"""GitLab.com and self-managed GitLab. The only importer of python-gitlab."""
