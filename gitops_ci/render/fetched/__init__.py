"""Charts and bases that lie elsewhere: fetched when asked, pinned by a lock, read from a cache."""
