"""What every cell should answer: boxes come back from it, and each cell has the nearest object."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.data.scenes import SCENES96, draw_many
from engine.detection.detectnet.decoding import cell_boxes
from engine.detection.detectnet.targets import COVERED_SHARE, cell_centres, encode
from engine.trainable.detect_net import STRIDE_PX
from engine.trainable.truths import pack_truths

GRID, SIZE, CLASSES = (12, 12), (96, 96), 3


def truths_of(*rows: tuple[float, ...]) -> Tensor:
    """One picture's truths from (label, x1, y1, x2, y2)."""
    return torch.tensor(rows, dtype=torch.float32).reshape(1, -1, 5)


@pytest.mark.parametrize("truths", [truths_of(), truths_of((-1, 0, 0, 0, 0))])
def test_where_nothing_is_nothing_is_covered(truths: Tensor):
    found = encode(truths, CLASSES, GRID)
    assert found.coverage.shape == (1, CLASSES, *GRID)
    assert not found.coverage.any()
    assert not found.covered.any()


def test_a_box_covers_the_cells_in_its_middle_and_each_knows_its_edges():
    found = encode(truths_of((1, 8, 24, 40, 56)), CLASSES, GRID)
    # 0.8 of 32 px around (24, 40): cell centres at 12 to 36 px, and at 28 to 52 px
    expected = torch.zeros(GRID, dtype=torch.bool)
    expected[3:7, 1:5] = True
    assert torch.equal(found.covered[0], expected)
    assert torch.equal(found.coverage[0, 1], found.covered[0].float())
    assert found.coverage.sum() == 16
    left, top, right, bottom = (found.distances[0, :, 4, 2] * 16).tolist()
    assert (left, top, right, bottom) == (8 - 20, 24 - 36, 40 - 20, 56 - 36)


def test_a_tiny_box_still_covers_the_cell_of_its_centre():
    found = encode(truths_of((0, 49, 1, 50, 2)), CLASSES, GRID)
    assert found.covered[0].nonzero().tolist() == [[0, 6]]


def test_a_cell_of_two_has_the_one_with_the_nearer_centre():
    far, near = (0, 10, 10, 50, 50), (2, 14, 14, 26, 26)
    for rows in ((far, near), (near, far)):
        found = encode(truths_of(*rows), CLASSES, GRID)
        assert found.coverage[0, :, 3, 3].tolist() == [1, 0, 0]  # at (28, 28)
        assert found.coverage[0, :, 2, 2].tolist() == [0, 0, 1]  # at (20, 20)


@given(seed=st.integers(0, 2**20))
def test_every_covered_cell_of_a_scene_gives_its_object_back(seed: int):
    scenes = draw_many(3, seed, SCENES96)
    boxes, labels = torch.from_numpy(scenes.boxes), torch.from_numpy(scenes.labels)
    found = encode(pack_truths(boxes, labels), CLASSES, GRID)
    y, x = cell_centres(GRID)
    for n in range(3):
        proposed = cell_boxes(found.distances[n], SIZE)
        for row, column in found.covered[n].nonzero().tolist():
            same = (boxes[n] - proposed[row, column]).abs().amax(dim=1) < 1e-3
            own = [k for k in same.nonzero()[:, 0].tolist() if labels[n, k] >= 0]
            assert own
            assert found.coverage[n, labels[n, own[0]], row, column] == 1
            centre = (boxes[n, own[0], :2] + boxes[n, own[0], 2:]) / 2
            side = boxes[n, own[0], 2:] - boxes[n, own[0], :2]
            away = (torch.stack([x[column], y[row]]) - centre).abs()
            assert (away <= torch.maximum(side * COVERED_SHARE / 2, torch.tensor(STRIDE_PX))).all()


@given(seed=st.integers(0, 2**20))
def test_no_cell_is_of_two_classes(seed: int):
    scenes = draw_many(2, seed, SCENES96)
    truths = pack_truths(torch.from_numpy(scenes.boxes), torch.from_numpy(scenes.labels))
    found = encode(truths, CLASSES, GRID)
    assert torch.equal(found.coverage.sum(dim=1), found.covered.float())
