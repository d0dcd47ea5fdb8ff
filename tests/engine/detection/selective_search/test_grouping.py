"""Every merge, held against the same search done slowly, from the pixels anew at every step."""

import numpy as np
import pytest

from engine.detection.selective_search.colour_spaces import to_colour_space
from engine.detection.selective_search.grouping import group
from engine.detection.selective_search.regions import describe_regions, directed_derivatives
from engine.detection.selective_search.similarity import Weights
from engine.detection.selective_search.strategies import find_regions
from engine.errors import InputError
from engine.pictures import resize_longest
from engine.pictures.samples import sample
from tests.engine.detection.selective_search.slow_grouping import SlowSearch

ALL = [
    (Weights(), "hsv"),
    (Weights(colour=0), "lab"),
    (Weights(1, 0, 0, 0), "rgb"),
    (Weights(0, 1, 0, 0), "rgi"),
    (Weights(0, 0, 1, 0), "h"),
    (Weights(0, 0, 0, 1), "grey"),
    (Weights(0.3, 0.9, 0.5, 0.1), "hsv"),
]


@pytest.mark.parametrize(("weights", "space"), ALL, ids=str)
def test_every_merge_is_the_slow_searchs(weights, space) -> None:
    pixels = resize_longest(sample("flower").pixels, 56)
    regions = find_regions(pixels, space, 60)
    found = group(regions, weights)
    channels = to_colour_space(pixels, space)
    slow = SlowSearch(regions.labels, channels, directed_derivatives(channels))
    assert 8 < len(regions) < 80
    for merge in range(len(regions) - 1):
        pairs = slow.neighbours()
        fours = np.array([slow.measure(*pair) for pair in pairs])
        sums = fours @ weights.array()
        chosen = pairs.index(tuple(found.merges[merge].tolist()))
        assert sums[chosen] >= sums.max() - 1e-9
        np.testing.assert_allclose(found.sums[merge], sums[chosen], atol=1e-9)
        np.testing.assert_allclose(found.similarities[merge], fours[chosen], atol=1e-9)
        slow.merge(*pairs[chosen])
        mask = slow.masks[len(regions) + merge]
        rows, columns = np.nonzero(mask)
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert found.boxes[len(regions) + merge].tolist() == box
        assert found.sizes_px[len(regions) + merge] == mask.sum()
    assert len(slow.masks) == 1


def test_of_equally_similar_pairs_the_lower_indices_are_first() -> None:
    labels = np.repeat(np.arange(4, dtype=np.int32), 5)[None].repeat(5, axis=0)
    flat = np.full((5, 20, 1), 0.5, np.float32)
    found = group(describe_regions(labels, flat), Weights(1, 1, 0, 0))
    assert found.merges.tolist() == [[0, 1], [2, 3], [4, 5]]
    np.testing.assert_allclose(found.similarities[:, :2], 1)


def test_the_numbers_of_one_merge_by_hand() -> None:
    """Two regions of 6 and 2 pixels in a picture of 10 (5 × 2), a box of 8 around the two."""
    labels = np.array([[0, 0, 0, 1, 2], [0, 0, 0, 1, 2]], np.int32)
    channels = np.zeros((2, 5, 1), np.float32)
    channels[:, 4] = 1
    found = group(describe_regions(labels, channels), Weights(0, 0, 1, 1))
    assert found.merges.tolist() == [[1, 2], [0, 3]]
    np.testing.assert_allclose(found.similarities[0, 2:], [1 - 4 / 10, 1])
    np.testing.assert_allclose(found.similarities[0, 0], 0)  # black and white share no bin
    np.testing.assert_allclose(found.similarities[1, 2:], [0, 1])
    np.testing.assert_allclose(found.similarities[1, 0], 0.5)  # half of the joined one is black


def test_one_region_is_left_as_it_is() -> None:
    flat = np.full((6, 7, 3), 9, np.uint8)
    found = group(find_regions(flat, "rgb", 100), Weights())
    assert found.merges.shape == (0, 2)
    assert found.boxes.tolist() == [[0, 0, 7, 6]]


@pytest.mark.parametrize("wrong", [{"colour": -0.1}, {"fill": 1.5}, {"size": float("nan")}])
def test_a_weight_out_of_range_is_refused_by_name(wrong) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        Weights(**wrong)


def test_weights_that_are_all_zero_are_refused() -> None:
    with pytest.raises(InputError, match="above 0"):
        Weights(0, 0, 0, 0)
