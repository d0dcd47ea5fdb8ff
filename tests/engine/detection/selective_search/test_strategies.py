"""Several strategies together: their boxes once each, in the paper's order; and what they cost."""

from time import thread_time

import numpy as np
import pytest
from skimage.segmentation import felzenszwalb

from engine.detection.selective_search.colour_spaces import to_colour_space
from engine.detection.selective_search.strategies import FAST, Strategy, group_all, propose
from engine.pictures import resize_longest
from engine.pictures.samples import sample
from engine.progress import finish

PIXELS = resize_longest(sample("coffee").pixels, 160)


def test_one_strategy_proposes_every_region_once() -> None:
    (found,) = finish(group_all(PIXELS, [Strategy()]))
    assert found.labels.shape == PIXELS.shape[:2]
    assert found.labels.max() + 1 == len(found.grouping.merges) + 1
    boxes = propose([found.grouping])
    assert len(np.unique(boxes, axis=0)) == len(boxes)
    assert {*map(tuple, boxes)} == {*map(tuple, found.grouping.boxes)}
    assert [0, 0, 160, 107] in boxes.tolist()


def test_fast_is_eight_strategies_and_holds_each_ones_boxes() -> None:
    assert len({(each.space, each.scale, each.weights) for each in FAST}) == 8
    groupings = [each.grouping for each in finish(group_all(PIXELS, FAST))]
    boxes = {*map(tuple, propose(groupings))}
    for each in groupings:
        assert {*map(tuple, each.boxes)} <= boxes
    assert len(boxes) < sum(len(each.boxes) for each in groupings)


def test_the_order_is_random_from_a_seed_and_favours_the_tops_of_the_trees() -> None:
    groupings = [each.grouping for each in finish(group_all(PIXELS, FAST))]
    first, again, other = (propose(groupings, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert first.tolist() != other.tolist()
    assert {*map(tuple, first)} == {*map(tuple, other)}
    areas = (first[:, 2] - first[:, 0]) * (first[:, 3] - first[:, 1])
    tenth = len(first) // 10
    assert areas[:tenth].mean() > 3 * areas[-tenth:].mean()


def test_progress_counts_strategies() -> None:
    steps = [(each.done, each.total) for each in group_all(PIXELS, FAST[:3])]
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("name", ["chelsea", "coffee", "china"])
def test_a_strategy_costs_little_more_than_its_first_regions(name) -> None:
    """150 ms on a quiet core, of which Felzenszwalb's regions take 58: at most thrice as long."""
    pixels = resize_longest(sample(name).pixels, 320)
    channels = to_colour_space(pixels, "hsv")

    def cpu_s(work) -> float:
        begun = thread_time()
        work()
        return thread_time() - begun

    alone = min(
        cpu_s(lambda: felzenszwalb(channels, scale=100, sigma=0.8, min_size=20)) for _ in range(3)
    )
    whole = min(cpu_s(lambda: finish(group_all(pixels, [Strategy()]))) for _ in range(3))
    assert whole < 3 * alone
