"""Files of past posts: one row for each post."""
