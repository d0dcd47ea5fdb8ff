"""Which pixel costs which figure: setting those pixels right is what makes the figure whole."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.segment.confusion import confuse
from engine.segment.panoptic_quality import judge_segments, panoptic_quality
from engine.segment.pixel_costs import COSTS, pixel_costs
from engine.segment.segments import Segmentation, cut

IS_THING = [False, True, True]


def segmentation(text: str, categories: list[int]) -> Segmentation:
    rows = [[int(each) for each in row] for row in text.split()]
    return cut(np.array(rows), categories, IS_THING)


def costs_of(said: Segmentation, truth: Segmentation, semantic: np.ndarray | None = None) -> dict:
    classes = said.categories if semantic is None else semantic
    costs = pixel_costs(classes, said, truth, judge_segments(said, truth))
    return {name: (costs & bit) > 0 for name, bit in COSTS.items()}


def test_nothing_costs_anything_where_all_is_right() -> None:
    truth = segmentation("11233 11233", [0, 1, 1])
    assert not any(mask.any() for mask in costs_of(truth, truth).values())


def test_a_pixel_given_to_the_wrong_one_of_two_costs_ap_and_sq_but_not_miou() -> None:
    truth = segmentation("112222 333333", [1, 1, 0])
    said = segmentation("111222 333333", [1, 1, 0])
    costs = costs_of(said, truth)
    there = np.zeros((2, 6), bool)
    there[0, 2] = True
    assert not costs["mean_iou"].any()
    assert not costs["rq"].any()
    assert np.array_equal(costs["sq"], there)
    assert np.array_equal(costs["mask_ap"], there)


def test_a_swallowed_thing_costs_rq_and_no_miou() -> None:
    truth = segmentation("1122 1122 3333", [1, 1, 0])
    said = segmentation("1111 1111 2222", [1, 0])
    costs = costs_of(said, truth)
    assert not costs["mean_iou"].any()
    assert costs["rq"][:2].all()  # IoU of 1/2 is no match: all three segments are mistakes
    assert not costs["rq"][2].any()
    assert not costs["sq"].any()


def test_stuff_costs_no_ap_and_an_outvoted_pixel_only_miou() -> None:
    truth = segmentation("1112 1112", [0, 1])
    semantic = truth.categories.copy()
    semantic[0, 0] = 2
    costs = costs_of(truth, truth, semantic)
    assert costs["mean_iou"].sum() == 1
    assert not (costs["sq"] | costs["rq"] | costs["mask_ap"]).any()


def test_void_that_is_said_costs_and_void_that_is_true_does_not() -> None:
    whole, part = segmentation("1111", [1]), segmentation("1110", [1])
    assert costs_of(part, whole)["sq"].tolist() == [[False, False, False, True]]
    assert not any(mask.any() for mask in costs_of(whole, part).values())
    nothing = segmentation("0000", [])
    assert costs_of(nothing, whole)["rq"].all()
    assert not any(mask.any() for mask in costs_of(whole, nothing).values())


maps = st.lists(st.integers(0, 4), min_size=24, max_size=24)
kinds = st.lists(st.integers(0, 2), min_size=4, max_size=4)


@given(said=maps, truth=maps, said_kinds=kinds, truth_kinds=kinds)
def test_figures_are_whole_exactly_where_no_pixel_costs_them(
    said: list, truth: list, said_kinds: list, truth_kinds: list
) -> None:
    found = cut(np.array(said).reshape(4, 6), said_kinds, IS_THING)
    true = cut(np.array(truth).reshape(4, 6) % 4 + 1, truth_kinds, IS_THING)  # no void
    verdicts = judge_segments(found, true)
    semantic = np.array(said).reshape(4, 6) % 3
    costs = pixel_costs(semantic, found, true, verdicts)
    marked = {name: bool((costs & bit).any()) for name, bit in COSTS.items()}
    quality = panoptic_quality([verdicts], 3)
    matched = [each.sq for each in quality.classes if each.matches]
    assert marked["rq"] == (quality.mean("rq") != 1)
    if any(value != pytest.approx(1) for value in matched):
        assert marked["sq"]
    assert marked["mean_iou"] == (confuse(semantic, true.categories, 3).pixel_accuracy != 1)
    if not marked["sq"] and not marked["rq"]:
        assert quality.mean("pq") == pytest.approx(1)
        assert not marked["mask_ap"]
