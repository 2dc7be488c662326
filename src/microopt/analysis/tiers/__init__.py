"""Plans of a single tier against the full mix."""
