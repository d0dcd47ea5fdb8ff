"""The rule that names a gap, and what counts as known by heart."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from engine.data.splits import swap_labels
from engine.train.overfitting import (
    NAMES,
    SURE,
    find_memorised,
    name_gap,
    name_repetition,
    standard_error,
    stronger,
)


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
    wider = name_gap(min(1.0, train + 0.05), right / count, count)
    assert NAMES.index(wider.name) >= NAMES.index(found.name)


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


@pytest.mark.parametrize(
    ("repeated", "wrong_labels", "validation", "classes", "name"),
    [
        (127, 250, 0.705, 10, "strong"),
        (7, 100, 0.875, 10, "little"),
        (2, 100, 0.85, 10, "none"),
        (0, 10, 0.0, 2, "none"),  # always wrong, and the wrong label refused: no memory
        (10, 10, 0.0, 2, "none"),  # of two classes: whoever always errs gives every wrong label
        (1, 1, 1.0, 10, "strong"),  # one in one, where chance never would
    ],
)
def test_repeated_wrong_labels_get_their_names(
    repeated: int, wrong_labels: int, validation: float, classes: int, name: str
):
    found = name_repetition(repeated, wrong_labels, validation, classes)
    assert found.name == name
    assert found.share == repeated / wrong_labels


@pytest.mark.parametrize(("classes", "accuracy"), [(2, 0.9), (4, 0.5), (10, 0.7)])
def test_chance_is_what_a_net_that_never_saw_the_wrong_labels_repeats(
    classes: int, accuracy: float
):
    count, seeded = 60_000, torch.Generator().manual_seed(3)
    true = torch.randint(classes, (count,), generator=seeded)
    noisy = swap_labels(true, classes, 0.5, seeded)
    errs = torch.rand(count, generator=seeded) >= accuracy
    answers = torch.where(errs, (true + 1) % classes, true)  # its errors may have a habit
    repeated = int((answers == noisy.targets)[noisy.is_swapped].sum())
    wrong_labels = int(noisy.is_swapped.sum())
    found = name_repetition(repeated, wrong_labels, accuracy, classes)
    assert binom.sf(repeated - 1, wrong_labels, found.chance) > 0.001
    assert binom.cdf(repeated, wrong_labels, found.chance) > 0.001
    assert found.name == "none"


def test_the_stronger_name_counts():
    assert stronger("little", "none") == "little"
    assert stronger("none", "strong") == "strong"
    assert stronger("none") == "none"


def test_nothing_is_known_by_an_undecided_net():
    found = find_memorised(torch.zeros(5, 4), torch.arange(5) % 4, torch.ones(5, dtype=torch.bool))
    assert len(found.indices) == 0
    assert (found.wrong_labels, found.repeated) == (5, 2)  # ties: class 0 is its answer
    assert found.accuracy == pytest.approx(0.4)
    assert math.isnan(found.right_accuracy)  # no label is right


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


def test_right_labels_are_judged_by_themselves():
    """Who refuses every wrong label and knows the rest has no lower accuracy on right labels."""
    given = torch.tensor([0, 1, 1, 0])
    is_swapped = torch.tensor([False, True, False, True])
    true = torch.where(is_swapped, 1 - given, given)
    logits = torch.zeros(4, 2).scatter_(1, true[:, None], 5.0)
    found = find_memorised(logits, given, is_swapped)
    assert (found.accuracy, found.right_accuracy, found.repeated) == (0.5, 1.0, 0)
