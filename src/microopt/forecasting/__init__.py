"""Roster -> Forecast: engagement, reach, conversions and cost of every offer, and where each number came from."""

from microopt.forecasting.model import Expected, expected, forecast

__all__ = ["Expected", "expected", "forecast"]
