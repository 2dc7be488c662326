"""Compare plans of a single tier with the full mix."""
