"""One question a user asks, one file; each returns a frozen value and prints nothing."""
