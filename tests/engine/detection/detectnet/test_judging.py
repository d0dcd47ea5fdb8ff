"""Right boxes: one for each object, of its class, the better score first."""

import torch

from engine.detection.average_precision import Truths
from engine.detection.detections import Detections
from engine.detection.detectnet.judging import mark_right

NAMES = ("circle", "square", "triangle")


def test_where_nothing_is_found_or_nothing_is_there():
    nobody = Truths(torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64))
    objects = Truths(torch.tensor([[0.0, 0, 10, 10]]), torch.tensor([1]))
    none = Detections.none(NAMES)
    assert mark_right(none, objects)[1].tolist() == [-1]
    assert [len(each) for each in mark_right(none, nobody)] == [0, 0]


def test_each_object_has_one_right_box_of_its_class():
    boxes = torch.tensor(
        [[0, 0, 10, 10], [1, 0, 11, 10], [40, 40, 50, 50], [0, 0, 10, 10]], dtype=torch.float32
    )
    scores, labels = torch.tensor([0.9, 0.8, 0.7, 0.6]), torch.tensor([1, 1, 0, 2])
    found = Detections.ranked(boxes, scores, labels, NAMES)
    truths = Truths(torch.tensor([[40.0, 40, 50, 50], [0, 0, 10, 10]]), torch.tensor([2, 1]))
    is_right, found_by = mark_right(found, truths)
    assert is_right.tolist() == [True, False, False, False]  # twice, wrong class, wrong class
    assert found_by.tolist() == [-1, 0]
    assert mark_right(found.at_least(0.85), truths)[0].tolist() == [True]
