"""What a cell says: its scores, its sides, its box; and where its centre lies."""

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from engine.detection.nanodet.cells import Cells, cell_centres, read_cells
from engine.detection.nanodet.finding import see
from engine.detection.nanodet.net import BINS, SIDES, STRIDES_PX
from engine.detection.nanodet.weights import load_nanodet
from engine.pictures import sample

CPU = torch.device("cpu")
NUMBERS = 2 + SIDES * BINS  # two classes


def test_of_a_picture_there_are_three_and_a_half_thousand_cells() -> None:
    cells = read_cells(torch.zeros(NUMBERS, 3549), (416, 416))
    assert cells.grids == ((52, 52), (26, 26), (13, 13))
    assert cells.scores.shape == (3549, 2)
    assert cells.sides.shape == (3549, SIDES, BINS)
    assert (cells.scores == 0.5).all()
    torch.testing.assert_close(cells.sides, torch.full((3549, SIDES, BINS), 1 / BINS))
    # a flat distribution expects the middle: five strides to each side
    centre, stride = cells.centres_px, cells.strides_px[:, None]
    torch.testing.assert_close(
        cells.boxes(), torch.cat([centre - 5 * stride, centre + 5 * stride], 1)
    )


@pytest.mark.parametrize("side", range(4))
def test_a_side_lies_where_its_distribution_expects_it(side: int) -> None:
    output = torch.full((NUMBERS, 21), 0.0)  # 4², 2², 1² cells
    bins = output[2 + side * BINS : 2 + (side + 1) * BINS]
    bins[:] = -40.0
    bins[3], bins[4] = 0.0, np.log(3)  # a quarter at 3 strides, the rest at 4
    cells = read_cells(output, (32, 32))
    distances = cells.distances_px()
    expected = torch.tensor([8.0] * 16 + [16.0] * 4 + [32.0])
    torch.testing.assert_close(distances[:, side], 3.75 * expected)
    edge = cells.boxes()[:, side]
    outward = -1 if side < 2 else 1
    torch.testing.assert_close(edge, cells.centres_px[:, side % 2] + outward * 3.75 * expected)


def test_logits_of_any_size_are_scores_between_zero_and_one() -> None:
    output = torch.zeros(NUMBERS, 21)
    output[0], output[1] = 200.0, -200.0
    output[2:] = torch.linspace(-300, 300, SIDES * BINS)[:, None]
    cells = read_cells(output, (32, 32))
    assert (cells.scores[:, 0] == 1).all()
    assert (cells.scores[:, 1] == 0).all()
    assert cells.sides.isfinite().all()
    torch.testing.assert_close(cells.sides.sum(dim=2), torch.ones(21, SIDES))


def test_maps_lie_row_by_row_at_their_centres() -> None:
    cells = read_cells(torch.zeros(NUMBERS, 8 * 12 + 4 * 6 + 2 * 3), (64, 96))
    maps = cells.on_grids(cells.centres_px)
    for place, stride, (rows, columns) in zip(maps, STRIDES_PX, cells.grids, strict=True):
        assert place.shape == (rows, columns, 2)
        assert place[0, 0].tolist() == [stride / 2, stride / 2]
        assert place[1, 2].tolist() == [2.5 * stride, 1.5 * stride]
        assert place[-1, -1].tolist() == [96 - stride / 2, 64 - stride / 2]
        assert torch.equal(place.reshape(-1, 2), cell_centres((rows, columns), stride))


def test_centres_lie_in_the_middle_of_their_cells_and_not_half_a_pixel_before() -> None:
    """A box on the mirrored picture must be the mirrored box.

    What the left side of a cell says of the mirrored picture, less what the right side of the cell
    across says: twice the shift of all boxes to the left, if centres are in the middle; one less,
    if they lie at g · stride + (stride - 1) / 2. So the convention with less of a shift is the one
    where this is above -½.
    """
    apart = torch.cat(
        [_shift_of_sides(square) for name in PHOTOS for square in _placed(sample(name).pixels)]
    )
    assert len(apart) > 200
    middle, before = apart.median().item() / 2, apart.median().item() / 2 + 0.5
    assert 0 <= middle < 0.75  # to the left, in px
    assert abs(middle) < abs(before)


PHOTOS = ("camera", "astronaut", "motorcycle")


def _placed(pixels: np.ndarray) -> list[np.ndarray]:
    """A photo at six sizes somewhere in a grey square."""
    random = np.random.default_rng(3)
    squares = []
    for longest in (120, 170, 220, 270, 320, 370):
        share = longest / max(pixels.shape[:2])
        height, width = (round(side * share) for side in pixels.shape[:2])
        top, left = random.integers(0, 416 - height), random.integers(0, 416 - width)
        square = np.full((416, 416, 3), 114, np.uint8)
        square[top : top + height, left : left + width] = cv2.resize(
            pixels, (width, height), interpolation=cv2.INTER_AREA
        )
        squares.append(square)
    return squares


def _shift_of_sides(square: np.ndarray) -> Tensor:
    """Of cells that are sure of one class, mirrored or not: what the test's docstring says."""
    straight, mirrored = see(load_nanodet(CPU), [square, square[:, ::-1].copy()])
    apart = []
    for here, across in zip(_maps(straight.cells), _maps(mirrored.cells), strict=True):
        across = across.flip(1)
        (score, label), (other, theirs) = (each[..., 4:].max(dim=2) for each in (here, across))
        sure = (score > 0.4) & (other > 0.4) & (label == theirs)
        apart += [(across[..., 0] - here[..., 2])[sure], (across[..., 2] - here[..., 0])[sure]]
    return torch.cat(apart)


def _maps(cells: Cells) -> list[Tensor]:
    return cells.on_grids(torch.cat([cells.distances_px(), cells.scores], dim=1))
