"""Which cells answer for which object, held against a slow reading of the paper."""

import math

import pytest
import torch
import torchvision
from torch import Tensor

from engine.detection.nanodet.cells import cell_centres
from engine.detection.nanodet.targets import assign

GRIDS = ((8, (16, 16)), (16, (8, 8)), (32, (4, 4)))
CENTRES = torch.cat([cell_centres(grid, stride) for stride, grid in GRIDS])
STRIDES = torch.cat([torch.full((r * c,), float(stride)) for stride, (r, c) in GRIDS])


def slow_assign(boxes: Tensor) -> list[int]:
    """Section 3 of the paper, one object after the other."""
    owner, best = [-1] * len(CENTRES), [0.0] * len(CENTRES)
    for k, box in enumerate(boxes.tolist()):
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        candidates = []
        for stride, _ in GRIDS:
            cells = [i for i, px in enumerate(STRIDES.tolist()) if px == stride]
            away = {i: math.dist(CENTRES[i].tolist(), middle) for i in cells}
            candidates += sorted(cells, key=away.__getitem__)[:9]
        overlap = {}
        for i in candidates:
            (x, y), reach = CENTRES[i].tolist(), 2.5 * STRIDES[i].item()
            square = torch.tensor([[x - reach, y - reach, x + reach, y + reach]])
            overlap[i] = torchvision.ops.box_iou(square, boxes[k : k + 1]).item()
        values = torch.tensor(list(overlap.values()))
        inside = {
            i: box[0] < CENTRES[i, 0] < box[2] and box[1] < CENTRES[i, 1] < box[3] for i in overlap
        }
        most = max(value for i, value in overlap.items() if inside[i])
        least = min((values.mean() + values.std()).item(), most - 1e-6)
        for i, value in overlap.items():
            if value >= least and inside[i] and value > best[i]:
                owner[i], best[i] = k, value
    return owner


@pytest.mark.parametrize("seed", range(6))
def test_cells_are_chosen_as_the_paper_says(seed: int) -> None:
    drawn = torch.Generator().manual_seed(seed)
    corners = torch.rand(5, 2, generator=drawn) * 80
    boxes = torch.cat([corners, corners + 8 + torch.rand(5, 2, generator=drawn) * 40], dim=1)
    assert assign(boxes, CENTRES, STRIDES).tolist() == slow_assign(boxes)


def test_a_smaller_object_has_cells_of_a_finer_grid() -> None:
    boxes = torch.tensor([[4.0, 4, 44, 44], [40.0, 10, 124, 110]])
    owner = assign(boxes, CENTRES, STRIDES)
    finest = [STRIDES[owner == k].min().item() for k in (0, 1)]
    assert finest[0] < finest[1]


@pytest.mark.parametrize("side", [*range(12, 120, 5), 57, 113])
def test_an_object_of_any_size_has_cells(side: int) -> None:
    boxes = torch.tensor([[4.0, 4, 4 + side, 4 + side]])
    assert (assign(boxes, CENTRES, STRIDES) == 0).any()


def test_without_objects_no_cell_answers() -> None:
    assert (assign(torch.zeros(0, 4), CENTRES, STRIDES) == -1).all()
