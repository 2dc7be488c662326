"""The results of solving a campaign, a plan or a diagnosis, in memory and as JSON."""
