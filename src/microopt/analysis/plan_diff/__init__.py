"""Two plans compared, with the cause of each change."""
