"""From bytes of any supported format to a table of text cells."""
