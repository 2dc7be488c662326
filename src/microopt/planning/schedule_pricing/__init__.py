"""Plans over many waves: which schedules can be in a best plan, where there are too many to look at each of them."""
