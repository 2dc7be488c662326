"""Who the creators are, on which platforms, and which rows are one offer."""
