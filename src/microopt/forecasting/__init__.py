"""Roster -> Forecast: engagement, reach, conversions and cost of every offer, and where each number came from."""

from microopt.forecasting.expected import Expected
from microopt.forecasting.model import expected, forecast

__all__ = ["Expected", "expected", "forecast"]
