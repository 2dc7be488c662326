"""What a campaign's runs leave in one SQLite file: plans, forecasts, contracts, results; nothing else is done here."""
