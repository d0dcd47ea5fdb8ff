"""Two settings trained from the same seeds: how they differ on average, and whether that is chance.

Each seed gives a pair, whose two trainings share the pictures and the first weights; what is judged
is the difference within the pairs. Source: Student (W. S. Gosset), "The probable error of a mean"
(1908), Table II of which compares paired differences just so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev
from typing import Literal

from scipy.stats import t

CONFIDENCE = 0.95
Verdict = Literal["helps", "harms", "undecided", "same", "alone"]


@dataclass(frozen=True)
class Paired:
    """What pairs of measurements tell.

    Attributes:
        count: pairs.
        before, after: means.
        before_spread, after_spread: standard deviations (n - 1 in the denominator); 0 of one pair.
        difference: after - before, on average.
        half_width: of the interval around it that holds the true difference in 95 of 100 cases;
            0 of one pair, which has none.
        verdict: "helps" or "harms" where that interval does not hold 0, "undecided" where it does,
            "same" where no pair differs, "alone" where there is one pair only.
    """

    count: int
    before: float
    after: float
    before_spread: float
    after_spread: float
    difference: float
    half_width: float
    verdict: Verdict


def compare_pairs(before: Sequence[float], after: Sequence[float], grain: float = 0.0) -> Paired:
    """How ``after`` differs from ``before``, pair by pair.

    Args:
        before, after: finite, as many of one as of the other, at least one.
        grain: the smallest difference that can be measured at all, >= 0: the interval is never
            narrower, however well a few pairs agree.
    """
    count = len(before)
    differences = [b - a for a, b in zip(before, after, strict=True)]
    mean, half_width = fmean(differences), 0.0
    if count > 1:
        quantile = float(t.ppf((1 + CONFIDENCE) / 2, count - 1))
        half_width = max(quantile * stdev(differences) / sqrt(count), grain)
    return Paired(
        count=count,
        before=fmean(before),
        after=fmean(after),
        before_spread=stdev(before) if count > 1 else 0.0,
        after_spread=stdev(after) if count > 1 else 0.0,
        difference=mean,
        half_width=half_width,
        verdict=_judge(differences, mean, half_width),
    )


def _judge(differences: Sequence[float], mean: float, half_width: float) -> Verdict:
    if not any(differences):
        return "same"
    if len(differences) == 1:
        return "alone"
    if abs(mean) <= half_width:
        return "undecided"
    return "helps" if mean > 0 else "harms"
