"""Everything that is written to disk: files, locks, the run log and the campaign database."""
