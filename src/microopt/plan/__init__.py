"""The plan and the diagnosis: what a solved campaign is, in memory and as a file."""
