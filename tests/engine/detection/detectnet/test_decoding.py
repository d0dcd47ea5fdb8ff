"""From grids to boxes: truth in, truth out; thresholds; merging; nothing, and too much."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.ops import batched_nms

from engine.data.scenes import SCENES96, draw_many
from engine.data.shapes import SHAPES
from engine.detection.average_precision import average_precision_50
from engine.detection.boxes import box_iou
from engine.detection.detectnet.decoding import MOST_BOXES, NMS_IOU, Merge, decode, propose
from engine.detection.detectnet.targets import encode
from engine.trainable.truths import pack_truths

SIZE, GRID = (96, 96), (12, 12)
SEEDS = st.integers(0, 2**20)


def random_output(seed: int) -> torch.Tensor:
    """(7, 12, 12): a few cells sure, boxes of any size, some inside out."""
    drawn = torch.Generator().manual_seed(seed)
    return (
        torch.randn(7, *GRID, generator=drawn) * 1.5
        - torch.tensor([1.0] * 3 + [0] * 4)[:, None, None]
    )


@pytest.mark.parametrize("merge", ["nms", "cluster", "none"])
def test_nothing_covered_is_nothing_found(merge: Merge):
    assert len(decode(torch.full((7, 12, 12), -20.0), SIZE, SHAPES, 0.5, merge)) == 0


def answers_of(truths: torch.Tensor) -> torch.Tensor:
    """What a net that is always right would answer, (N, 7, 12, 12)."""
    targets = encode(truths, 3, GRID)
    return torch.cat([(targets.coverage * 2 - 1) * 20, targets.distances], dim=1)


def test_the_truth_decodes_to_the_objects():
    scenes = draw_many(40, 5, SCENES96)
    truths = pack_truths(torch.from_numpy(scenes.boxes), torch.from_numpy(scenes.labels))
    found = [decode(each, SIZE, SHAPES, 0.5) for each in answers_of(truths)]
    assert average_precision_50(found, truths, 3) >= 0.99
    assert sum(map(len, found)) <= scenes.counts.sum()


def test_clustering_drops_what_one_cell_alone_says():
    truths = torch.tensor([[[0, 8, 24, 40, 56], [1, 72, 72, 80, 80]]], dtype=torch.float32)
    (output,) = answers_of(truths)
    assert decode(output, SIZE, SHAPES).labels.tolist() == [0, 1]
    clustered = decode(output, SIZE, SHAPES, merge="cluster")
    assert clustered.labels.tolist() == [0]
    assert clustered.boxes.tolist() == [[8, 24, 40, 56]]


@given(seed=SEEDS, low=st.floats(0.05, 0.5), more=st.floats(0, 0.5))
def test_a_higher_threshold_keeps_the_same_boxes_less_those_below(
    seed: int, low: float, more: float
):
    output = random_output(seed)
    loose = decode(output, SIZE, SHAPES, low).at_least(low + more)
    strict = decode(output, SIZE, SHAPES, low + more)
    assert torch.equal(loose.boxes, strict.boxes)
    assert torch.equal(loose.scores, strict.scores)
    assert torch.equal(loose.labels, strict.labels)


@given(seed=SEEDS)
def test_merging_by_nms_equals_torchvision(seed: int):
    raw = propose(random_output(seed), SIZE, SHAPES, 0.3)
    found = decode(random_output(seed), SIZE, SHAPES, 0.3)
    kept = batched_nms(raw.boxes, raw.scores, raw.labels, NMS_IOU)
    overlaps = box_iou(raw.boxes, raw.boxes)
    if not (overlaps - NMS_IOU).abs().lt(1e-4).any():  # batched_nms moves boxes, which rounds
        assert torch.equal(found.boxes, raw.boxes[kept])


@given(seed=SEEDS)
def test_boxes_lie_in_the_picture_and_are_never_inside_out(seed: int):
    found = decode(random_output(seed), (90, 83), SHAPES, 0.05, "none")
    assert (found.boxes >= 0).all()
    assert (found.boxes[:, 0::2] <= 83).all()
    assert (found.boxes[:, 1::2] <= 90).all()
    assert (found.boxes[:, 2:] >= found.boxes[:, :2]).all()


def test_of_too_many_boxes_the_best_are_taken():
    output = torch.randn(7, 40, 40, generator=torch.Generator().manual_seed(1))
    found = propose(output, (320, 320), SHAPES, 0.05)
    assert len(found) == MOST_BOXES
    best = output[:3].sigmoid().flatten().sort(descending=True).values[:MOST_BOXES]
    assert torch.equal(found.scores, best)
