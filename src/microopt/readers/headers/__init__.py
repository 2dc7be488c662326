"""Which header is which column, by its words and by the cells below it."""
