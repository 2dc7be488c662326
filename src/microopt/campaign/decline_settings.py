"""How a campaign counts with creators who decline: how likely each accepts, and what is ready for when they do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from microopt.campaign.flag_values import Amount, meant_percent
from microopt.errors import Fault, UsageError, raise_campaign_faults
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import parse_share, shorten

OTHER = "other"  # the name of all tiers that are not named
MOST_FALLBACKS = 20  # for each pick
MOST_ANSWERS = 10**9


class PastAnswers(Struct, frozen=True, kw_only=True):
    """What one creator answered in earlier campaigns.

    Attributes
    ----------
    asked
        How often they gave an answer.
    accepted
        How many of the answers were yes.
    """

    creator: str
    asked: int
    accepted: int


class DeclineSettings(Struct, frozen=True, kw_only=True):
    """How likely creators accept where the roster does not say, and what is planned for those who decline.

    Attributes
    ----------
    tiers
        The share of creators who accept, by tier.
    other
        That of all other tiers, or None if it is not said.
    history
        What creators answered in earlier campaigns, one entry for each, in the order of their names.
    fallbacks
        How many substitutes are named for each pick.
    after_declines
        Whether a plan is chosen for what it brings once some have declined and substitutes have been asked.
    """

    tiers: Mapping[str, Fraction] = {}
    other: Fraction | None = None
    history: tuple[PastAnswers, ...] = ()
    fallbacks: int = 0
    after_declines: bool = False

    @property
    def states_acceptance(self) -> bool:
        """Whether it says of anyone how likely they accept."""
        return bool(self.tiers or self.history) or self.other is not None


def parse_acceptance_flags(texts: Sequence[str]) -> dict[str, str]:
    """Parse `--acceptance mega=60%,nano=90%` and `--acceptance 70%`, which is that of all other tiers.

    Raises
    ------
    UsageError
        If one is of another form, or names a tier twice.
    """
    shares: dict[str, str] = {}
    for part in (part.strip() for text in texts for part in text.split(",")):
        tier, equals, share = (word.strip() for word in part.rpartition("="))
        if not share or bool(equals) != bool(tier):
            fix = "write it like --acceptance 70%, or --acceptance mega=60%"
            raise UsageError(f"--acceptance {shorten(part)!r} is not of the form TIER=SHARE", fix=fix)
        name = tier or OTHER
        if match_key(name) in map(match_key, shares):
            fix = f"give it once, such as --acceptance {f'{name}={share}' if tier else share}"
            whose = name if tier else "the share of all other tiers"
            raise UsageError(f"--acceptance gives {whose} twice", fix=fix, code="given-twice")
        shares[name] = share
    return shares


def parse_decline_settings(
    acceptance: Amount | Mapping[str, Amount] | None,
    history: Sequence[PastAnswers],
    fallbacks: int | None,
    after_declines: bool,
) -> DeclineSettings | None:
    """Return what the settings say, or None where they say nothing.

    Parameters
    ----------
    acceptance
        By tier, with `other` for all that are not named; or one share for all.

    Raises
    ------
    CampaignError
        With every share that is not above 0 and at most 100%, and a number of fallbacks that is not possible.
    """
    faults: list[Fault] = []
    written = acceptance if isinstance(acceptance, Mapping) else {} if acceptance is None else {OTHER: acceptance}
    shares: dict[str, Fraction] = {}
    for name, text in written.items():
        if match_key(name) in map(match_key, shares):
            faults.append(_fault("given-twice", f"{shorten(name)} is given twice", f"keep one entry for {name}", name))
        shares[name.strip()] = _parse_acceptance(name, str(text), faults)
    if fallbacks is not None and not 0 <= fallbacks <= MOST_FALLBACKS:
        fix = "three are usual: --fallbacks 3"
        message = f"{fallbacks:,} fallbacks for each creator are not possible, only 0 to {MOST_FALLBACKS} are"
        faults.append(Fault(code="fallbacks-range", message=message, fix=fix, column="fallbacks"))
    raise_campaign_faults(faults)
    other = next((share for name, share in shares.items() if match_key(name) == OTHER), None)
    settings = DeclineSettings(
        tiers={name: share for name, share in shares.items() if match_key(name) != OTHER},
        other=other,
        history=tuple(history),
        fallbacks=fallbacks or 0,
        after_declines=after_declines,
    )
    return None if settings == DeclineSettings() else settings


def _parse_acceptance(name: str, text: str, faults: list[Fault]) -> Fraction:
    try:
        share = parse_share(text)
    except ValueError:
        share = None
    if share:
        return share
    subject = f"{shorten(name)} = {shorten(text)}" if match_key(name) != OTHER else shorten(text)
    fix = f"write a share above 0 and up to 100%, such as --acceptance {meant_percent(text, '70%')}"
    if share == 0:
        whom = f"-x tier:{name}" if match_key(name) != OTHER else "-x @creator"
        fix = f"{fix}; leave out creators who never accept with --exclude: {whom}"
    faults.append(_fault("acceptance-range", f"{subject} is not a chance that a creator accepts", fix, name))
    return Fraction(1)


def _fault(code: str, message: str, fix: str, key: str) -> Fault:
    return Fault(code=code, message=f"[acceptance]: {message}", fix=fix, column=f"acceptance.{key}")


def invalid_decline_values(declines: DeclineSettings | None) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) of each value of a plan's campaign that is not possible."""
    if declines is None:
        return
    for name, share in [*declines.tiers.items(), (OTHER, declines.other)]:
        if share is not None and not 0 < share <= 1:
            yield f"declines.{name}", f"{float(share):g} is not a chance that a creator accepts"
    for i, past in enumerate(declines.history):
        if not 0 <= past.accepted <= past.asked <= MOST_ANSWERS or not past.asked:
            yield f"declines.history[{i}]", f"{past.creator} cannot have answered so"
    if not 0 <= declines.fallbacks <= MOST_FALLBACKS:
        yield "declines.fallbacks", f"{declines.fallbacks:,} fallbacks are not possible"


def format_declines(declines: DeclineSettings | None) -> str:
    """Return the settings in words: `mega 60%, other tiers 70%, 3 fallbacks each`."""
    if declines is None:
        return "not set"
    parts = [f"{name} {float(share * 100):.4g}%" for name, share in sorted(declines.tiers.items())]
    if declines.other is not None:
        parts.append(f"{'other tiers' if parts else 'all'} {float(declines.other * 100):.4g}%")
    if declines.history:
        answers = sum(past.asked for past in declines.history)
        accepted = sum(past.accepted for past in declines.history)
        parts.append(f"{accepted:,} of {answers:,} earlier answers were yes")
    if declines.fallbacks:
        parts.append(f"{declines.fallbacks} fallback{'' if declines.fallbacks == 1 else 's'} each")
    return ", ".join([*parts, *(["planned for after declines"] if declines.after_declines else [])])
