"""A plan as five slides, with native tables and charts that can be edited."""
