"""Forecast engagement, reach, conversions and cost of each offer, with the origin of each number."""
