"""Everything a client report shows."""
