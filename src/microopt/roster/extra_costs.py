"""What creators cost besides the fee: the columns that state it, and the lines of a cost in their order."""

from __future__ import annotations

# Each is a share of the fee, or an amount: column NAME holds the share, column NAME_amount the amount of money.
FEE_EXTRAS = ("usage", "whitelisting", "exclusivity", "boosting", "agency")
# Amounts for each unit of an offer.
OFFER_EXTRAS = ("production", "travel", "extra_cost")
# An amount for each creator, however many of their offers are bought: the sample that is sent.
SEEDING = "seeding"
# The lines of a cost on top of the fee. A share or an amount for each deliverable, product and shipping are one line.
COST_LINES = (*FEE_EXTRAS, "products", SEEDING, *OFFER_EXTRAS, "commission", "handling")
# Lines that are paid once for each creator.
ONCE_PER_CREATOR = (SEEDING, "handling")


def amount_column(extra: str) -> str:
    """Return the column that holds one of `FEE_EXTRAS` as an amount of money."""
    return f"{extra}_amount"
