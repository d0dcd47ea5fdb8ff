"""Pairs of measurements: mean difference, its interval, and the verdict."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.train.paired import compare_pairs

shares = st.floats(0, 1, allow_nan=False)


@given(pairs=st.lists(st.tuples(shares, shares), min_size=2, max_size=12))
def test_the_interval_is_scipys(pairs: list[tuple[float, float]]) -> None:
    before, after = zip(*pairs, strict=True)
    found = compare_pairs(before, after)
    assert found.difference == pytest.approx(np.mean(after) - np.mean(before), abs=1e-9)
    assert found.before_spread == pytest.approx(np.std(before, ddof=1), abs=1e-7)
    assert found.after_spread == pytest.approx(np.std(after, ddof=1), abs=1e-7)
    differences = np.subtract(after, before)
    if np.ptp(differences) < 1e-6:
        return  # scipy warns where nothing varies
    low, high = stats.ttest_rel(after, before).confidence_interval(0.95)
    assert found.difference - found.half_width == pytest.approx(low, abs=1e-7)
    assert found.difference + found.half_width == pytest.approx(high, abs=1e-7)


@given(pairs=st.lists(st.tuples(shares, shares), min_size=2, max_size=12))
def test_the_verdict_is_that_of_the_paired_t_test(pairs: list[tuple[float, float]]) -> None:
    before, after = zip(*pairs, strict=True)
    if np.ptp(np.subtract(after, before)) < 1e-6:
        return
    found = compare_pairs(before, after)
    p = stats.ttest_rel(after, before).pvalue
    if abs(p - 0.05) < 1e-6:
        return  # on the edge
    assert (found.verdict in ("helps", "harms")) == (p < 0.05)
    if p < 0.05:
        assert (found.verdict == "helps") == (found.difference > 0)


@pytest.mark.parametrize(
    ("before", "after", "grain", "verdict"),
    [
        ([0.4], [0.5], 0.0, "alone"),  # one pair proves nothing
        ([0.4], [0.4], 0.0, "same"),
        ([1.0, 1.0], [1.0, 1.0], 0.1, "same"),
        ([0.5, 0.6], [0.6, 0.7], 0.0, "helps"),
        ([0.5, 0.6], [0.6, 0.7], 0.1, "undecided"),  # one picture of ten is no difference
        ([0.6, 0.7, 0.65], [0.5, 0.6, 0.55], 0.01, "harms"),
        ([0.6, 0.7, 0.65], [0.5, 0.8, 0.65], 0.0, "undecided"),
    ],
)
def test_verdicts(before: list[float], after: list[float], grain: float, verdict: str) -> None:
    found = compare_pairs(before, after, grain)
    assert found.verdict == verdict
    assert found.count == len(before)


def test_pairs_without_a_partner_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        compare_pairs([0.1, 0.2], [0.3])
