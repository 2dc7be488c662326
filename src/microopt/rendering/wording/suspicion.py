"""The sentences on figures that are hard to believe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_percent
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_head import GOALS_OF_REACH
from microopt.roster.suspicion import FEE_CODE, Suspicion

NAMED = 3  # creators in a sentence
LARGE_SHARE = 5  # more than a fifth of a plan's result is worth a sentence
FEWEST = 3  # creators whose figures may mean that the list is wrong


def fee_sentences(
    suspicions: Sequence[Suspicion], *, hints: bool = True, creators: int = 0
) -> Iterator[tuple[str, str]]:
    """Yield a warning for each fee out of all proportion, at most three, and how many more there are.

    Parameters
    ----------
    hints
        Whether to name commands that help.
    creators
        How many creators the list has: if most of them have such fees, one warning is about the list.
    """
    for suspicion in suspicions:
        if suspicion.code != FEE_CODE:
            continue
        if is_of_list(suspicion.count, creators):
            yield "warning", f"Warning: {_list_statement(suspicion, creators)}"
        else:
            shown = suspicion.creators[:NAMED]
            for creator in shown:
                yield "warning", f"Warning: {end_sentence(f'{creator.creator}: {creator.text}')}"
            if suspicion.count > len(shown):
                rest = suspicion.count - len(shown)
                statement = f"{rest:,} more {'fee is' if rest == 1 else 'fees are'} out of all proportion"
                yield "warning", f"Warning: {statement}{': microopt check lists them' if hints else ''}."
        if suspicion.fix and hints:
            yield "warning", suspicion.fix


def is_of_list(count: int, creators: int) -> bool:
    """Whether so many of the creators have such figures that the list is wrong, and not each creator."""
    return count >= FEWEST and count > creators / 2 > 0


def _list_statement(suspicion: Suspicion, creators: int) -> str:
    """Return one kind of doubt that most creators of a list share, with one of them as an example."""
    example = suspicion.creators[0]
    statement = f"{suspicion.count:,} of {creators:,} creators have {suspicion.text}, so the whole column may be wrong"
    return f"{statement}. For example, {end_sentence(f'{example.creator}: {example.text}')}"


def figure_sentences(
    suspicions: Sequence[Suspicion], *, hints: bool = True, creators: int = 0, share: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield one warning about all creators whose other figures are hard to believe, at most three of them by name.

    Parameters
    ----------
    creators
        How many creators the list has: if most of them have such figures, the warning is about the list.
    share
        How much of a plan's result is one of these creators' (`describe_largest_share`).
    """
    figures = [suspicion for suspicion in suspicions if suspicion.code != FEE_CODE]
    count, in_plan = sum(kind.count for kind in figures), sum(kind.in_plan for kind in figures)
    if not count:
        return
    bought = [creator for kind in figures for creator in kind.creators[: kind.in_plan]]
    others = [creator for kind in figures for creator in kind.creators[kind.in_plan :]]
    named = [f"{creator.creator} ({creator.text})" for creator in [*bought, *others][:NAMED]]
    if is_of_list(count, creators):
        subject = f"{count:,} of {creators:,} creators have figures that are hard to believe"
        statement = f"{subject}, so a whole column may be wrong. For example, {end_sentence(named[0])}"
        yield "warning", f"Warning: {statement}{' See microopt check.' if hints else ''}"
        return
    more = f" and {count - len(named):,} more" if count > len(named) else ""
    statement = f"{_subject(count, in_plan)}: {', '.join(named)}{more}.{f' {share}' if share else ''}"
    hint = f" See microopt check, or leave {'them' if count > 1 else 'this creator'} out with --exclude-suspicious."
    yield "warning", f"Warning: {statement}{hint if hints else ''}"


def describe_largest_share(plan: Plan) -> str:
    """Return how much of a plan's result is one creator's whose figures are doubted, where it is more than a fifth."""
    kinds = [kind for kind in plan.suspicions if kind.code != FEE_CODE]
    doubted = {creator.creator for kind in kinds for creator in kind.creators[: kind.in_plan]}
    metrics = ("reach",) if plan.campaign.goal.name in GOALS_OF_REACH else ()
    found: dict[str, list[tuple[Fraction, str]]] = {}
    for name in (*metrics, "engagements", "conversions"):
        total = plan.totals.metrics[name]
        for creator in doubted:
            own = sum(pick.metrics[name] for pick in plan.picks if pick.creator == creator)
            if total and own * LARGE_SHARE > total:
                found.setdefault(creator, []).append((Fraction(own, total), name))
    if not found:
        return ""
    creator, shares = max(found.items(), key=lambda item: (max(item[1]), item[0]))
    parts = " and ".join(f"{format_percent(float(share))} of the {name}" for share, name in shares)
    return f"{creator} brings {parts}."


def _subject(count: int, in_plan: int) -> str:
    """Return how many creators have such figures, and whether the plan has them."""
    creators, have = ("1 creator", "has") if count == 1 else (f"{count:,} creators", "have")
    if 0 < in_plan < count:
        return f"{creators} {have} figures that are hard to believe, {in_plan:,} of them in this plan"
    return f"{creators} {'in' if in_plan else 'outside'} this plan {have} figures that are hard to believe"


def suspicion_sentence(suspicion: Suspicion, creators: int = 0) -> str:
    """Return one kind of doubt as a sentence or two: how many creators, what they have, who they are, what to do.

    Parameters
    ----------
    creators
        How many creators the list has: if most of them have such figures, the sentence is about the list.
    """
    if is_of_list(suspicion.count, creators):
        return f"{_list_statement(suspicion, creators)} {suspicion.fix}".rstrip()
    subject = "1 creator has" if suspicion.count == 1 else f"{suspicion.count:,} creators have"
    named = [f"{creator.creator} ({creator.text})" for creator in suspicion.creators[:NAMED]]
    more = f" and {suspicion.count - len(named):,} more" if suspicion.count > len(named) else ""
    return f"{subject} {suspicion.text}: {', '.join(named)}{more}. {suspicion.fix}".rstrip()
