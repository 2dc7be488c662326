"""Several campaigns as one program: what they share, its solution, and the part of each campaign in it."""
