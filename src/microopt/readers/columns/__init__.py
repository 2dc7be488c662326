"""From text cells to typed columns, one kind of column a module."""
