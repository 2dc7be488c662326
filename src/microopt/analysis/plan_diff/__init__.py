"""Compare two plans, with the cause of each change."""
