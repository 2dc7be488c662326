"""Roster -> Forecast: engagement, reach, conversions and cost of every offer, and where each number came from."""

from microopt.forecast.expected import Expected
from microopt.forecast.model import expected, forecast

__all__ = ["Expected", "expected", "forecast"]
