"""A reason that many creators share, said once with their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from microopt.quantities.parse_and_format import format_names
from microopt.rendering.wording.plan_figures import capitalize_sentence

MANY = 5  # creators from which a reason is said once
PLURALS = (("this creator is ", "these creators are "), ("this creator has ", "these creators have "))


def shared_reasons(reasons: Iterable[tuple[str, Sequence[str]]], least: int = MANY) -> dict[str, list[str]]:
    """Return the reasons that many creators share, each with the names of these.

    Parameters
    ----------
    reasons
        The name of each creator, and the reasons.
    least
        How many creators must share a reason.
    """
    names: dict[str, list[str]] = {}
    for name, messages in reasons:
        for message in dict.fromkeys(messages):
            names.setdefault(message, []).append(name)
    return {message: sharing for message, sharing in names.items() if len(sharing) >= least}


def shared_reason_sentences(shared: dict[str, list[str]]) -> Iterator[str]:
    """Yield a sentence for each shared reason: `Declined: @a, @b, @c and 12 more`.

    Where different creators share several reasons, each names all of its own: their rows do not say which it is.
    """
    differ = len(set(map(tuple, shared.values()))) > 1
    for reason, names in shared.items():
        message = reason
        for singular, plural in PLURALS:
            message = message.replace(singular, plural)
        shown = format_names(names, len(names)) if differ else format_names(names)
        yield capitalize_sentence(f"{message}: {shown}")
