"""What each offer is expected to bring."""
