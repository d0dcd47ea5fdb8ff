"""Matching predictions with objects, against a slow reading of the definition."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.detection.boxes import box_iou
from engine.detection.matching import match
from engine.errors import InputError
from tests.engine.detection.box_sets import NAN, whole_boxes


def by_definition(boxes: Tensor, truths: Tensor, threshold: float) -> list[int]:
    iou = box_iou(boxes.double(), truths.double())
    taken: set[int] = set()
    found = []
    for row in iou.tolist():
        free = [index for index in range(len(row)) if index not in taken]
        best = max(free, key=lambda index: (row[index], index), default=-1)
        if best >= 0 and row[best] >= threshold:
            taken.add(best)
            found.append(best)
        else:
            found.append(-1)
    return found


@given(whole_boxes, whole_boxes, st.sampled_from([0.0, 0.25, 0.5, 2 / 3, 0.9]))
def test_as_defined(boxes: Tensor, truths: Tensor, threshold: float) -> None:
    found = match(boxes, truths, threshold)
    assert found.truth_of.tolist() == by_definition(boxes, truths, threshold)
    assert found.hits.tolist() == [truth >= 0 for truth in found.truth_of.tolist()]
    for truth, prediction in enumerate(found.prediction_of.tolist()):
        if prediction < 0:
            assert truth not in found.truth_of
        else:
            assert found.truth_of[prediction] == truth
    assert found.iou.shape == (len(boxes), len(truths))


@given(whole_boxes, whole_boxes, st.integers(0, 12))
def test_leaving_out_the_worst_changes_nothing_for_the_rest(
    boxes: Tensor, truths: Tensor, left: int
) -> None:
    all_of_them = match(boxes, truths, 0.5).truth_of
    assert match(boxes[:left], truths, 0.5).truth_of.equal(all_of_them[:left])


def test_a_second_prediction_of_one_object_is_wrong() -> None:
    box = torch.tensor([[0.0, 0, 4, 4]])
    found = match(box.repeat(2, 1), box, 1.0)
    assert found.truth_of.tolist() == [0, -1]
    assert found.prediction_of.tolist() == [0]


def test_bad_input_gets_a_sentence() -> None:
    box = torch.tensor([[0.0, 0, 4, 4]])
    with pytest.raises(InputError, match="iou must lie"):
        match(box, box, 1.5)
    with pytest.raises(InputError, match="not finite"):
        match(box, torch.tensor([[0.0, 0, NAN, 4]]), 0.5)
