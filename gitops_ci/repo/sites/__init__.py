"""Sites: every place in the repository that pins a version of an image, a chart or a git source."""
