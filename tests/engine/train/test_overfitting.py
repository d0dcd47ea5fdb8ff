"""The rule that names a gap, and what counts as known by heart."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from engine.train.overfitting import SURE, find_memorised, name_gap, standard_error


@pytest.mark.parametrize(
    ("train", "validation", "count", "name"),
    [
        (1.0, 1.0, 1, "none"),
        (1.0, 0.9, 10, "none"),  # ten pictures tell little
        (1.0, 0.97, 360, "little"),
        (1.0, 0.905, 360, "little"),
        (1.0, 0.9, 360, "strong"),
        (0.8, 0.9, 360, "none"),  # wrong labels that it has not learnt
        (1.0, 0.4, 10_000, "strong"),
    ],
)
def test_gaps_get_their_names(train: float, validation: float, count: int, name: str):
    found = name_gap(train, validation, count)
    assert found.name == name
    assert found.gap == pytest.approx(train - validation)


@given(right=st.integers(0, 400), more=st.integers(0, 400), train=st.floats(0, 1))
def test_noise_is_never_nothing_and_a_wider_gap_never_has_a_weaker_name(
    right: int, more: int, train: float
):
    count = right + more + 1
    found = name_gap(train, right / count, count)
    assert found.noise > 0
    ranks = ["none", "little", "strong"]
    wider = name_gap(min(1.0, train + 0.05), right / count, count)
    assert ranks.index(wider.name) >= ranks.index(found.name)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.9, 1.0])
def test_two_standard_errors_hold_the_truth_nineteen_times_in_twenty(share: float):
    """The share of all outcomes, weighted as the binomial does, whose interval holds the truth."""
    count = 300
    covered = 0.0
    for right in range(count + 1):
        middle = (right + 2) / (count + 4)
        if abs(middle - share) <= 2 * standard_error(right / count, count):
            covered += float(binom.pmf(right, count, share))
    assert covered > 0.94


def test_nothing_is_known_by_an_undecided_net():
    found = find_memorised(torch.zeros(5, 4), torch.arange(5) % 4, torch.ones(5, dtype=torch.bool))
    assert len(found.indices) == 0
    assert (found.wrong_labels, found.repeated) == (5, 2)  # ties: class 0 is its answer
    assert found.accuracy == pytest.approx(0.4)


def test_wrong_labels_come_first_then_the_surest():
    given = torch.tensor([0, 1, 0, 1, 0, 1])
    is_swapped = torch.tensor([False, True, False, False, True, True])
    margin = torch.tensor([9.0, 4.0, 5.0, 9.0, 6.0, 1.0])  # for the label given
    logits = torch.zeros(6, 2).scatter_(1, given[:, None], margin[:, None])
    found = find_memorised(logits, given, is_swapped)
    assert found.indices.tolist() == [4, 1, 0, 3, 2]  # picture 5 is answered so, but not surely
    torch.testing.assert_close(found.probs, margin[found.indices].sigmoid())
    assert found.probs.min() >= SURE
    assert (found.wrong_labels, found.repeated, found.accuracy) == (3, 3, 1.0)
