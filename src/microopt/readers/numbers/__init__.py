"""How numbers are written, and the columns of counts and rates."""
