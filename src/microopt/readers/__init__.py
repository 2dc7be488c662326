"""Read rosters, campaign files, results and plans into checked values, reporting all faults of a file at once."""
