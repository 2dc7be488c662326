"""Replanning a campaign that is already running."""
