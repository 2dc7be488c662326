"""Plans for the worst outcomes: the goal in scenarios, the search, and the figures that are kept with the plan."""
