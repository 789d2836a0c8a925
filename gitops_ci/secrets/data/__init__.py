"""Words that the scan knows."""
