"""How much of one metric must be given up for another."""
