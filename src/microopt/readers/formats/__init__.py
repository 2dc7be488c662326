"""Read the bytes of each supported format into a table of text cells."""
