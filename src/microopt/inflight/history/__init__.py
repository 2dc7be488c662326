"""What changed from one replan to the next."""
