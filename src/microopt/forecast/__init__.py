"""Roster -> Forecast: engagement, reach, conversions and cost of every offer, and where each number came from."""
