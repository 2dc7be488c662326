"""The history of a campaign's runs in one SQLite file: plans, forecasts, contracts and results."""
