"""The roster: one row for each offer of a creator."""
