"""The shares of an audience in every row, added up over the parts of one dimension."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.target_audience import TargetAudience
from microopt.errors import Fault
from microopt.readers.audience.shares import AudiencePart
from microopt.readers.context import ReadContext

MOST_IN_ALL = 1.02  # what rounded shares may add up to
NAMES = {"country": "countries", "age": "ages", "gender": "genders", "age_and_gender": "ages and genders"}
FIX = "write the shares of one audience, at most 100% in all, such as 62% or 0.62"
NDFloat = NDArray[np.float64]


class DimensionShares(Struct, kw_only=True, eq=False):
    """Sums over the parts of one dimension, (n,) each.

    Attributes
    ----------
    header
        The first header that gives any of it.
    total
        Over all parts.
    wanted
        Over the parts on target, each as far as it is.
    of_ages, of_gender
        Over the parts of the target's ages, and of its gender, whatever else they are.
    stated
        Whether the row states any part.
    is_complement
        Whether the row states the shares of other genders alone, so that the rest of its audience is on target.
    """

    header: str
    total: NDFloat
    wanted: NDFloat
    of_ages: NDFloat
    of_gender: NDFloat
    stated: NDArray[np.bool_]
    is_complement: NDArray[np.bool_]

    @classmethod
    def empty(cls, header: str, size: int, *, is_gender: bool) -> DimensionShares:
        """Return the shares of rows that state none."""
        sums = {name: np.zeros(size) for name in ("total", "wanted", "of_ages", "of_gender")}
        complement = np.full(size, is_gender)
        return cls(header=header, **sums, stated=np.zeros(size, dtype=bool), is_complement=complement)

    def add(self, part: AudiencePart, rows: NDArray[np.intp], shares: NDFloat, target: TargetAudience) -> None:
        """Add the shares of a part in some rows, each as often as it is named."""
        gender = 1.0
        if part.gender is not None and target.gender is not None:
            gender = float(part.gender == target.gender)
        ages = part.ages.share_within(target.ages) if part.ages is not None and target.ages is not None else 1.0
        for sums, weight in (
            (self.total, 1.0),
            (self.wanted, part.share_on_target(target)),
            (self.of_ages, ages),
            (self.of_gender, gender),
        ):
            if weight:
                np.add.at(sums, rows, shares * weight)
        self.stated[rows] = True
        if gender:
            self.is_complement[rows] = False

    def on_target(self) -> NDFloat:
        """Return the share on target, NaN where the row states none."""
        rest = np.maximum(1 - self.total, 0.0)
        return self.masked(np.where(self.is_complement, rest, self.wanted))

    def masked(self, shares: NDFloat) -> NDFloat:
        """Return shares of at most 1, NaN where the row states none."""
        return np.where(self.stated, np.minimum(shares, 1.0), np.nan)

    def take(self, codes: NDArray[np.int32]) -> DimensionShares:
        """Return the shares of the rows that have these labels."""
        columns = {name: getattr(self, name)[codes] for name in self.__struct_fields__ if name != "header"}
        return DimensionShares(header=self.header, **columns)

    def completed_by(self, others: DimensionShares) -> DimensionShares:
        """Return these shares, with others in the rows that state none."""
        columns = {
            name: np.where(self.stated, getattr(self, name), getattr(others, name))
            for name in self.__struct_fields__
            if name != "header"
        }
        columns["stated"] = self.stated | others.stated
        return DimensionShares(header=self.header, **columns)


def check_totals(context: ReadContext, shares: Mapping[str, DimensionShares]) -> None:
    """Note a fault for each row whose shares of one dimension exceed the whole audience."""
    for dimension, each in shares.items():
        _check_total(context, NAMES[dimension], each)


def _check_total(context: ReadContext, what: str, shares: DimensionShares) -> None:
    rows = np.flatnonzero(shares.total > MOST_IN_ALL)
    numbers = context.table.row[rows].tolist()

    def make_fault(position: int) -> Fault:
        share = float(shares.total[rows[position]])
        total = f"{share:.0%}" if share < 100 else f"{share * 100:.3g}%"
        message = f"the shares of {what} add up to {total}"
        return Fault(
            code="audience-total", message=message, fix=FIX, row=numbers[position], column=shares.header, value=total
        )

    context.faults.add_rows(numbers, make_fault)
