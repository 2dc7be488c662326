"""Analyses of a plan or a roster, one module or package each."""
