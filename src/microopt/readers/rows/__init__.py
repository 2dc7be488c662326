"""Which rows are offers of creators, and which are not."""
