"""The container: order, validation, and the way to the API's answer and back."""

import json
from typing import Any

import pytest
import torch
from hypothesis import given

from engine.detection.detections import Detections
from engine.errors import InputError
from tests.engine.detection.box_sets import INF, NAN, scored_boxes

NAMES = ("cat", "dog", "cup")
BOX = [0.0, 0.0, 2.0, 1.0]


def detections(boxes: Any, scores: Any, labels: Any) -> Detections:
    return Detections.ranked(
        torch.tensor(boxes).reshape(-1, 4), torch.tensor(scores), torch.tensor(labels), NAMES
    )


def test_nothing_found() -> None:
    nothing = Detections.none(NAMES)
    assert len(nothing) == 0
    assert nothing.to_dicts() == []
    assert len(Detections.from_dicts([], NAMES)) == 0
    assert len(nothing.at_least(0)) == 0


@given(scored_boxes())
def test_ranked_by_score_ties_by_the_lower_index(
    case: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> None:
    boxes, scores, labels = case
    found = Detections.ranked(boxes, scores, labels, NAMES)
    order = sorted(range(len(boxes)), key=lambda index: (-scores[index].item(), index))
    assert found.boxes.equal(boxes[order])
    assert found.scores.equal(scores[order])
    assert found.labels.equal(labels[order])


@given(scored_boxes())
def test_the_apis_answer_leads_back(
    case: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> None:
    found = Detections.ranked(*case, NAMES)
    rows = json.loads(json.dumps(found.to_dicts()))
    again = Detections.from_dicts(rows, NAMES)
    assert again.boxes.equal(found.boxes)
    assert again.scores.equal(found.scores)
    assert again.labels.equal(found.labels)


def test_the_apis_answer() -> None:
    found = detections([[1.0, 2, 3, 4], [5.0, 6, 7, 8]], [0.25, 0.5], [2, 0])
    assert found.to_dicts() == [
        {"box": [5, 6, 7, 8], "score": 0.5, "label": "cat"},
        {"box": [1, 2, 3, 4], "score": 0.25, "label": "cup"},
    ]


def test_a_choice_keeps_the_ranks() -> None:
    found = detections([BOX] * 3, [0.25, 0.5, 1.0], [0, 1, 2])
    assert found.take(torch.tensor([2, 0])).scores.tolist() == [1, 0.25]
    assert found.take(found.labels == 1).scores.tolist() == [0.5]
    assert found.at_least(0.5).labels.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("score", "named"), [(NAN, "nan"), (-0.5, "-0.5"), (1.5, "1.5"), (INF, "inf")]
)
def test_scores_that_are_none_are_refused(score: float, named: str) -> None:
    with pytest.raises(InputError, match=f"score of box 1 .* is {named}"):
        detections([BOX, BOX], [0.5, score], [0, 0])


def test_boxes_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="not finite"):
        detections([[0.0, 0, NAN, 1]], [0.5], [0])
    with pytest.raises(InputError, match="ends before it begins"):
        detections([[2.0, 0, 1, 1]], [0.5], [0])


@pytest.mark.parametrize("label", [-1, 3])
def test_a_label_without_a_name_is_a_programming_error(label: int) -> None:
    with pytest.raises(ValueError, match="3 class names"):
        detections([BOX], [0.5], [label])


def test_the_constructor_insists_on_order_and_types() -> None:
    boxes, labels = torch.tensor([BOX, BOX]), torch.tensor([0, 0])
    with pytest.raises(ValueError, match="must fall"):
        Detections(boxes, torch.tensor([0.5, 0.6]), labels, NAMES)
    with pytest.raises(ValueError, match="scores must be"):
        Detections(boxes, torch.tensor([0.5]), labels, NAMES)
    with pytest.raises(ValueError, match="boxes must be"):
        Detections(boxes.double(), torch.tensor([0.5, 0.5]), labels, NAMES)
    with pytest.raises(ValueError, match="labels must be"):
        Detections(boxes, torch.tensor([0.5, 0.5]), labels.float(), NAMES)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({}, "“box”"),
        ({"box": [1, 2, 3], "score": 0.5, "label": "cat"}, "“box”"),
        ({"box": "1234", "score": 0.5, "label": "cat"}, "“box”"),
        ({"box": [1, 2, 3, None], "score": 0.5, "label": "cat"}, "“box” must hold finite"),
        ({"box": [1, 2, 3, 10**400], "score": 0.5, "label": "cat"}, "“box” must hold finite"),
        ({"box": [1, 2, 3, NAN], "score": 0.5, "label": "cat"}, "“box” must hold finite"),
        ({"box": BOX, "label": "cat"}, "“score” must hold finite"),
        ({"box": BOX, "score": True, "label": "cat"}, "“score” must hold finite"),
        ({"box": BOX, "score": 0.5, "label": "cow"}, "“cow”; accepted: cat, dog, cup"),
        ({"box": BOX, "score": 0.5}, "“None”; accepted"),
    ],
)
def test_rows_that_are_none_are_refused(row: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=f"Detection 0.*{sentence}"):
        Detections.from_dicts([row], NAMES)
