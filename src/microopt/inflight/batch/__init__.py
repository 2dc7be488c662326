"""A batch: every campaign of a folder planned in one night."""
