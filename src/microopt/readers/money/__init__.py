"""Fees and other costs: amounts, currencies, quotes and surcharges."""
