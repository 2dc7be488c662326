"""What the amounts of a campaign say as they are written: their one currency, and which point was taken for thousands.

A bare amount is in the campaign's currency, wherever else in the campaign that currency is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from microopt.campaign.agreed_fees import split_agreed_fee
from microopt.campaign.metrics import is_rate
from microopt.errors import CampaignError, Fault
from microopt.quantities.number_units import MIL
from microopt.quantities.parse_and_format import (
    find_priced,
    find_thousands,
    format_bound,
    is_in_currency,
    parse_amount,
    parse_currency,
    parse_priced,
)
from microopt.quantities.unset_rates import describe_unset_rates

if TYPE_CHECKING:
    from microopt.campaign.inputs import CampaignInput

MONEY_KEYS = ("budget", "order_value", "ltv", "per_creator", "seeding")
RULE_KEYS = ("rules", "where", "niche", "tier", "platform", "region")
MAX_SHOWN = 4
_DECIMAL_COMMA = re.compile(r"(?<![\w.,])\d+,\d\d?(?![\w.,%])(?! *[kmb]\b)", re.IGNORECASE)
_MIL = re.compile(rf"(?<![\d.,])[.,]*+(\d[\d.,]*+ *+{MIL}\b)", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.?)*+"?', re.DOTALL)


def find_campaign_currency(settings: CampaignInput) -> str | None:
    """Return the code of the currency that is set, or else of the first that an amount names; None if none does."""
    if settings.currency is not None:
        return settings.currency.strip().upper()
    return next((code for _, text in _priced_amounts(settings) if (code := parse_currency(text))), None)


def contradicting_currencies(settings: CampaignInput) -> Iterator[Fault]:
    """Yield a fault for each amount that names another currency than the campaign's."""
    home = find_campaign_currency(settings)
    for name, text in _priced_amounts(settings):
        if home and (fault := other_currency(name, text, home)):
            yield fault


def other_currency(name: str, text: str, home: str) -> Fault | None:
    """Return the fault of an amount that names another currency than the campaign's, or None."""
    code = parse_currency(text)
    if code is None or is_in_currency(text, home):
        return None
    message = f"{name} {text} is in {code}, but the campaign is in {home}"
    fix = f'give the amount in {home}, or make {code} the currency of the campaign file: currency = "{code}"'
    return Fault(code="currency-contradicts", message=message, fix=fix)


def amount_in_another_currency(settings: CampaignInput, faults: Iterable[Fault]) -> CampaignError | None:
    """Return the error of an amount that alone names a currency, where the whole roster is in another one; else None.

    Parameters
    ----------
    faults
        Those of the roster, read with the currency of that amount.
    """
    in_file = next((fault.value for fault in faults if fault.code == "currency-other" and fault.value), None)
    home = find_campaign_currency(settings)
    if in_file is None or home is None or settings.currency is not None:
        return None
    name, text = next((name, text) for name, text in _priced_amounts(settings) if parse_currency(text))
    fix = f"give the amount in {in_file}, or {describe_unset_rates([in_file], home, has_table=False)}"
    message = f"{name} {text} is in {home}, but your list is in {in_file}"
    return CampaignError(message, fix=fix, code="currency-contradicts")


def refuse_other_currency(amounts: Iterable[tuple[str, str]], home: str) -> None:
    """Refuse amounts that name another currency than the campaign's.

    Parameters
    ----------
    amounts
        What each is for, and an amount or a text with amounts in it.

    Raises
    ------
    CampaignError
        With every such amount.
    """
    priced = ((name, amount) for name, text in amounts for amount in find_priced(text))
    faults = [fault for name, amount in priced if (fault := other_currency(name, amount, home))]
    if faults:
        raise CampaignError(faults[0].message, fix=faults[0].fix, faults=faults)


def describe_thousands(amounts: Iterable[tuple[str, str]]) -> str:
    """Return a line on the amounts, by name, that may mean another number than they are read as; empty without any.

    These are thousands with a lone point, `20,00` with a decimal comma, and `3 mil`, a million or a thousand.

    Parameters
    ----------
    amounts
        What each is for, and an amount or a text with amounts in it, none of them rates.
    """
    readings = [
        f"{name} {number} is read as {value}" for name, text in amounts for number, value in _doubtful(name, text)
    ]
    more = f"; and {len(readings) - MAX_SHOWN} more" if len(readings) > MAX_SHOWN else ""
    return "; ".join(readings[:MAX_SHOWN]) + more


def _doubtful(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield each number of an amount, or of a text whose name ends in a colon, that may mean another number."""
    yield from ((number, format_bound(parse_amount(number), False)) for number in find_thousands(text))
    if name.endswith(":"):
        return
    if match := _DECIMAL_COMMA.search(text):
        yield match[0], f"{float(parse_amount(match[0])):,.2f}"
    if match := _MIL.search(text):
        with suppress(ValueError):
            yield match[1], format_bound(parse_priced(text), False)


def written_amounts(settings: CampaignInput) -> Iterator[tuple[str, str]]:
    """Yield a name and a text for everything that holds money or numbers of people, in the order of its weight."""
    for name in MONEY_KEYS:
        amount = getattr(settings, name)
        if amount is not None:
            yield name.replace("_", " "), "" if isinstance(amount, float) else str(amount)
    tables = {"worth of": settings.worth, "target": settings.target}
    tables |= {"audience": settings.audience.size} if settings.audience else {}
    for name, table in tables.items():
        yield from ((f"{name} {key}", str(amount)) for key, amount in table.items() if not isinstance(amount, float))
    for key, fee in settings.fees.items():
        amount = "" if isinstance(fee, float) else split_agreed_fee(str(fee))[0]
        yield f"fee of {key}", amount
    if settings.creators:
        yield "creators", settings.creators
    for wave, amount in settings.calendar.budget.items() if settings.calendar else ():
        yield f"budget of {wave}{':' if '..' in str(amount) else ''}", str(amount)
    for key in RULE_KEYS:
        for label in getattr(settings, key):
            plain = " ".join(word for word in _QUOTED.sub("", label).split() if ":" not in word)
            if not is_rate(plain):
                yield f"{'filter' if key == 'where' else 'rule'} {label!r}:", plain


def _priced_amounts(settings: CampaignInput) -> Iterator[tuple[str, str]]:
    """Yield what each amount that names its currency is for, and the amount."""
    for name, text in written_amounts(settings):
        if not name.endswith(":"):
            yield name, text.strip()
        else:
            yield from ((name, priced) for priced in find_priced(text))
