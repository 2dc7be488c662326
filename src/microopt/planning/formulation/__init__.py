"""A campaign on a roster as an integer program: rules as rows, the goal as objective."""
