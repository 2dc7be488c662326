"""Whether the budgets of waves add up to the budget of the campaign, and what to write if they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from microopt.campaign.calendar import Wave, WaveBudget
from microopt.campaign.calendar_faults import Faults
from microopt.campaign.calendar_whole import WholeCampaign
from microopt.quantities.parse_and_format import format_bound, format_exact, format_money, format_names, join_words

MOST_PARTS = 4  # that a fix writes anew


class _Sum(Struct, frozen=True):
    """Ends of budgets added up: an amount of money, and a share of the budget."""

    money: Fraction
    share: Fraction

    def of(self, budget: Fraction) -> Fraction:
        return self.money + self.share * budget

    def whole_of(self, part: Fraction = Fraction(1)) -> Fraction | None:
        """Return the budget of which this is exactly such a part; None if it grows as fast as the budget."""
        return self.money / (part - self.share) if self.money and self.share < part else None


def check_sums(
    waves: Sequence[Wave], budgets: Mapping[str, WaveBudget], parts: Set[str], whole: WholeCampaign, faults: Faults
) -> None:
    """Compare what the parts of the waves, and their lower ends, add up to with the whole.

    Parameters
    ----------
    parts
        The waves whose budget is meant as their part of the whole; those of the others are limits.
    """
    if not whole.budget or whole.spendable is None:  # a command that needs no budget has 0
        return
    _check_parts(waves, {name: budgets[name] for name in budgets if name in parts}, whole, faults)
    _check_lower_ends(budgets.values(), whole, faults)


def _check_parts(waves: Sequence[Wave], parts: Mapping[str, WaveBudget], whole: WholeCampaign, faults: Faults) -> None:
    budget, spendable = Fraction(whole.budget or 0, 100), Fraction(whole.spendable or 0, 100)
    sums = _add_up((each.high, each.percent) for each in parts.values())
    total, only_shares = sums.of(budget), all(each.percent for each in parts.values())
    said = f"{_money(whole, total)}, but the budget is {_money(whole, budget)}"
    if only_shares:
        said = f"{format_bound(total / budget, True)} of the budget"
    if not only_shares and (small := _lost_percents(parts, budget)):
        amounts = format_names([f"{name} = {_money(whole, each.high or 0)}" for name, each in small.items()])
        message = f"{amounts}, while other waves are shares of {_money(whole, budget)}"
        faults.add_fault("wave-budgets-sum", message, _in_percent(small), "budget")
    elif not only_shares and not spendable <= total <= budget and (meant := _meant_shares(parts)):
        faults.add_fault(
            "wave-budgets-sum", f"the budgets of waves add up to {said}", f"write shares in percent: {meant}", "budget"
        )
    elif total > budget:
        limit = "..60%" if only_shares else "..8000"
        fixes = [_lower_shares(parts) if only_shares else "lower them"]
        if (fitting := _in_cents(sums.whole_of())) is not None:
            fixes.append(f"raise the budget to {_money(whole, fitting)}")
        fixes.append(f'write limits, which need not add up, such as "{limit}"')
        faults.add_fault("wave-budgets-sum", f"the budgets of waves add up to {said}", _join_fixes(fixes), "budget")
    elif parts and len(parts) == len(waves) and total < spendable:
        fixes = [_raise_shares(parts) if only_shares else "raise one of them"]
        if (fitting := _in_cents(sums.whole_of())) is not None and (not sums.share or 2 * fitting >= budget):
            fixes.append(f"lower the budget to {_money(whole, fitting)}")
        fixes.append('leave a wave "free"')
        faults.add_fault(
            "wave-budgets-sum", f"the budgets of all waves add up to only {said}", _join_fixes(fixes), "budget"
        )


def _join_fixes(fixes: Sequence[str]) -> str:
    """Join fixes, of two with a comma before "or" if the first has commas of its own."""
    if len(fixes) == 2 and "," in fixes[0]:
        return f"{fixes[0]}, or {fixes[1]}"
    return join_words(fixes, "or")


def _check_lower_ends(budgets: Iterable[WaveBudget], whole: WholeCampaign, faults: Faults) -> None:
    budget, spendable = Fraction(whole.budget or 0, 100), Fraction(whole.spendable or 0, 100)
    sums = _add_up((each.low, each.percent) for each in budgets)
    least = sums.of(budget)
    if least <= spendable:
        return
    fixes = ["lower a lower end"]
    if (fitting := sums.whole_of(spendable / budget)) is not None:
        fixes.append(f"raise the budget to {_money(whole, Fraction(ceil(fitting)))}")
    message = f"the waves are to spend at least {_money(whole, least)}, but {_money(whole, spendable)} may be spent"
    faults.add_fault("wave-budgets-sum", message, join_words(fixes, "or"), "budget")


def _add_up(ends: Iterable[tuple[Fraction | None, bool]]) -> _Sum:
    known = [(end, percent) for end, percent in ends if end is not None]
    money, share = (sum((end for end, each in known if each is percent), Fraction(0)) for percent in (False, True))
    return _Sum(money, share)


def _in_cents(amount: Fraction | None) -> Fraction | None:
    """Return an amount of money that can be written to the cent, None for another one."""
    return amount if amount is not None and (amount * 100).denominator == 1 else None


def _meant_shares(parts: Mapping[str, WaveBudget]) -> str:
    """Return the shares that amounts mean which add up to 1 or to 100, empty if they do neither."""
    highs = [each.high for each in parts.values() if each.high is not None and not each.percent]
    total = sum(highs, Fraction(0))
    if not 1 < len(highs) == len(parts) <= MOST_PARTS or total not in (1, 100) or not all(highs):
        return ""
    return join_words([format_bound(high / total, True) for high in highs])


def _lost_percents(parts: Mapping[str, WaveBudget], budget: Fraction) -> dict[str, WaveBudget]:
    """Return the amounts beside shares that are too small for a wave, but fit in as shares without a percent sign."""
    amounts = {name: each for name, each in parts.items() if not each.percent}
    highs = [each.high or Fraction(0) for each in amounts.values()]
    shares = sum((each.high or Fraction(0) for each in parts.values() if each.percent), Fraction(0))
    small = all(0 < high <= 100 and high * 100 < budget for high in highs)
    return amounts if small and shares and shares + sum(highs, Fraction(0)) / 100 <= 1 else {}


def _in_percent(amounts: Mapping[str, WaveBudget]) -> str:
    """Return how to write small amounts as the shares that they probably are, and how to keep them."""
    lines = [f'{name} = "{format_exact(each.high or Fraction(0), False)}%"' for name, each in amounts.items()]
    first = next(iter(amounts.values()))
    amount = format_exact(first.high or Fraction(0), False)
    return f'did you mean {join_words(lines)}? If it is an amount, write it as a limit: "..{amount}"'


def _lower_shares(parts: Mapping[str, WaveBudget]) -> str:
    return f"lower them to 100% together{_such_as(parts)}"


def _raise_shares(parts: Mapping[str, WaveBudget]) -> str:
    return f"raise them to 100% together{_such_as(parts)}"


def _such_as(parts: Mapping[str, WaveBudget]) -> str:
    """Return shares in the same proportions that add up to 100%, in whole percents; nothing for many waves."""
    shares = [each.high or Fraction(0) for each in parts.values()]
    total = sum(shares, Fraction(0))
    if not 1 < len(parts) <= MOST_PARTS or not total:
        return ""
    exact = [share * 100 / total for share in shares]
    whole = [floor(each) for each in exact]
    for place in sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])[: 100 - sum(whole)]:
        whole[place] += 1
    return f", such as {join_words([f'{each}%' for each in whole])}"


def _money(whole: WholeCampaign, amount: Fraction | int) -> str:
    return format_money(round(amount * 100), whole.currency or "")
