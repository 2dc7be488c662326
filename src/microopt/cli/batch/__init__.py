"""Many campaigns in one process tree: what a worker does, the workers, and what is shown in the end."""
