"""The solvers, and everything that is known of their habits."""
