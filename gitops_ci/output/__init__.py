"""Everything that leaves the process: streams, files, runner commands. Nothing else writes."""
