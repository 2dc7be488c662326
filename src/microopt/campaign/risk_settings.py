"""How a campaign counts with luck: the worst outcomes that it plans for, and the scenarios that stand for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from msgspec import Struct

from microopt.campaign.flag_values import Amount, meant_percent
from microopt.campaign.metrics import NET_REACH
from microopt.errors import CampaignError, Fault, UsageError, raise_campaign_faults
from microopt.quantities.parse_and_format import format_exact, parse_share, shorten

AVERSE, NEUTRAL = "averse", "neutral"
AVERSE_SHARE = Fraction(1, 10)  # of the scenarios, whose mean `--risk averse` maximizes: the worst tenth
LEAST_SCENARIOS, MOST_SCENARIOS = 10, 100_000
MOST_SEED = 2**63 - 1


class ScenarioSettings(Struct, frozen=True, kw_only=True):
    """The scenarios that a plan is measured by: joint draws of what all offers bring.

    Attributes
    ----------
    count
        How many are drawn.
    seed
        Of the draws: equal seeds draw equal scenarios on every machine.
    """

    count: int = 200
    seed: int = 1


def parse_worst_share(
    risk: Amount | None, at_least_in: Amount | None, goal_name: str, targets: Mapping[str, Fraction] | None = None
) -> Fraction | None:
    """Return the share of the scenarios whose mean a plan maximizes, the worst ones; None for the mean of all.

    Parameters
    ----------
    risk
        `averse` (the worst tenth), `neutral`, or the share itself: `10%`.
    at_least_in
        The complement of that share: `90%` for the worst tenth.
    targets
        Of the least cost: the least total of each measure.

    Raises
    ------
    UsageError
        If both are given.
    CampaignError
        If one is not a share above 0 and below 100%, or the goal has no mean of scenarios.
    """
    if risk is not None and at_least_in is not None:
        fix = "keep one of them: --risk 10% plans for the worst tenth, and so does --at-least-in 90%"
        raise UsageError("--risk and --at-least-in say the same thing twice", fix=fix, code="risk-twice")
    if risk is not None:
        share = _parse_risk(str(risk))
    else:
        share = None if at_least_in is None else 1 - _parse_at_least_in(str(at_least_in))
    if share is not None:
        _refuse_goal(goal_name, targets or {})
    return share


def _parse_risk(text: str) -> Fraction | None:
    word = text.strip().casefold()
    if word in (AVERSE, NEUTRAL):
        return AVERSE_SHARE if word == AVERSE else None
    share = _inner_share(text)
    if share is None:
        message = f"risk {shorten(text)!r} is not a share of the outcomes"
        meant = meant_percent(text, "20%")
        fix = (
            f"write --risk averse for the worst tenth, or its share: --risk {meant} (in the campaign file: "
            f'risk = "{meant}")'
        )
        raise CampaignError(message, fix=fix, code="risk-range")
    return share


def _parse_at_least_in(text: str) -> Fraction:
    share = _inner_share(text)
    if share is None:
        message = f"at least in {shorten(text)!r} is not a share of the outcomes"
        meant = meant_percent(text, "90%")
        fix = f'write a share below 100%: --at-least-in {meant}, or at_least_in = "{meant}" in the campaign file'
        raise CampaignError(message, fix=fix, code="risk-range")
    return share


def _inner_share(text: str) -> Fraction | None:
    """Return a share above 0 and below 1, None if the text is not one."""
    try:
        share = parse_share(text)
    except ValueError:
        return None
    return share if 0 < share < 1 else None


def _refuse_goal(goal_name: str, targets: Mapping[str, Fraction]) -> None:
    """Refuse goals that have no sum of results in each scenario to take the worst of."""
    if goal_name == "least cost":
        asked = next((name for name in targets if name != NET_REACH), "engagements")
        amount = format_exact(targets[asked], False) if asked in targets else "50k"
        fix = f"drop --risk, and ask for the chance instead: --rule 'all {asked} >= {amount} in 90%'"
        message = "risk needs a goal to maximize, and --target asks for the lowest cost"
        raise CampaignError(message, fix=fix, code="risk-goal")
    if goal_name == NET_REACH:
        fix = "plan for the worst outcomes of another goal: --goal reach counts followers of two creators twice"
        raise CampaignError("risk cannot be measured for net reach", fix=fix, code="risk-goal")


def parse_scenario_settings(count: int | None, seed: int | None) -> ScenarioSettings:
    """Return the scenarios that are asked for.

    Raises
    ------
    CampaignError
        If there are too few or too many, or the seed is below 0 or too large.
    """
    default = ScenarioSettings()
    settings = ScenarioSettings(
        count=default.count if count is None else count, seed=default.seed if seed is None else seed
    )
    fixes = {"count": "200 are usual: --scenarios 200", "seed": "write a whole number such as --seed 1"}
    raise_campaign_faults(
        Fault(code="scenarios-range", message=message, fix=fixes[name])
        for name, message in _invalid_scenarios(settings)
    )
    return settings


def _invalid_scenarios(settings: ScenarioSettings) -> Iterator[tuple[str, str]]:
    if not LEAST_SCENARIOS <= settings.count <= MOST_SCENARIOS:
        limits = f"from {LEAST_SCENARIOS} to {MOST_SCENARIOS:,}"
        yield "count", f"{settings.count:,} is not a possible number of scenarios, which is {limits}"
    if not 0 <= settings.seed <= MOST_SEED:
        yield "seed", f"{settings.seed} is not a possible seed, which is 0 or more"


def invalid_risk_values(worst_share: Fraction | None, scenarios: ScenarioSettings) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) of each value of a plan's campaign that is not possible."""
    if worst_share is not None and not 0 < worst_share < 1:
        yield "worst_share", f"{float(worst_share):g} is not a share of the scenarios"
    for name, message in _invalid_scenarios(scenarios):
        yield f"scenarios.{name}", message


def format_worst_share(share: Fraction | None) -> str:
    """Return in words what a plan maximizes: `the mean of all outcomes`, `the mean of the worst 10%`."""
    return "the mean of all outcomes" if share is None else f"the mean of the worst {float(share * 100):.4g}%"
