"""A plan file, rebuilt from its roster and campaign and compared."""
