"""Everything written to disk: files, locks, the run log, the campaign database."""
