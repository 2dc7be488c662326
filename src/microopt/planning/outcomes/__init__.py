"""What a plan has of its totals, and which rules it keeps, in every drawn outcome."""
