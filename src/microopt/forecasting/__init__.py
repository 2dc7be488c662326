"""Roster -> Forecast: engagement, reach, conversions and cost of every offer, and where each number came from."""

from microopt.forecasting.model import Expected, expected, forecast
from microopt.forecasting.uncertainty import intervals, log_spreads

__all__ = ["Expected", "expected", "forecast", "intervals", "log_spreads"]
