"""Fees that a list leaves out: where a campaign agreed on some of them, only the others are missing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from microopt.errors import CampaignError
from microopt.readers.context import ReadContext
from microopt.readers.headers.missing_columns import fault_missing_fee_column
from microopt.readers.money.money import MoneyColumn, PriceColumn, fault_missing_fees
from microopt.roster.agreed_fees import is_of_waves, without_amount
from microopt.roster.roster import Roster, with_tiers


def fault_unagreed_fees(
    context: ReadContext, roster: Roster, money: Mapping[str, MoneyColumn], prices: list[PriceColumn]
) -> None:
    """Note the fees that neither the list nor the campaign gives, where the campaign gives any.

    A fee agreed for a wave, or by a column that the list does not have, is judged with the campaign, not here.
    """
    options = context.options
    if not options.agreed_fees or not options.fees_required or any(map(is_of_waves, options.agreed_fees)):
        return
    try:
        unknown = without_amount(with_tiers(roster, options.tiers_of_fees), options.agreed_fees)
    except CampaignError:
        return
    rows = np.setdiff1d(roster.row[unknown], list(context.faults.bad_rows))
    if not len(rows):
        return
    if "fee" not in money and not prices:
        fault_missing_fee_column(context)
        return
    name, message = ("fee", "the fee is missing") if "fee" in money else (prices[0].name, "no price is given")
    fault_missing_fees(context, name, np.isin(context.table.row, rows), money[name].quotes, message)
