"""The report on a pull request: one comment that is kept up to date, and remarks on lines. Pure:
what stands there already comes in, what has to be written goes out."""
