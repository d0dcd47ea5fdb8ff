"""The pyramid of blocks: its windows in pixels, and responses against the template's own."""

import cv2
import numpy as np
import pytest
import torch

from engine.detection.hog import CELL_PX, Template, blocks, respond
from engine.detection.hog_pyramid import FIRST_ENLARGED, HogPyramid, strongest_map
from engine.pictures.samples import sample


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return cv2.resize(sample("motorcycle").pixels, (150, 100), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="module")
def pyramid(picture: np.ndarray) -> HogPyramid:
    return HogPyramid.of(picture)


def test_levels_are_the_blocks_of_the_picture_at_their_size(
    picture: np.ndarray, pyramid: HogPyramid
) -> None:
    assert pyramid.size == (100, 150)
    first = cv2.resize(picture, (240, 160), interpolation=cv2.INTER_LINEAR_EXACT)
    assert (round(150 * FIRST_ENLARGED), round(100 * FIRST_ENLARGED)) == (240, 160)
    assert torch.equal(pyramid.levels[0], blocks(first))
    assert pyramid.scales[0] == (100 / 160, 150 / 240)
    rows = [level.shape[1] for level in pyramid.levels]
    assert rows == sorted(rows, reverse=True)
    assert rows[-1] >= 2


def test_each_windows_response_is_weights_times_its_features(pyramid: HogPyramid) -> None:
    generator = torch.Generator().manual_seed(1)
    template = Template(torch.randn(36, 4, 6, generator=generator), 0.3)
    windows = pyramid.windows((4, 6))
    response = pyramid.respond(template)
    assert len(response) == len(windows) > 300
    seen = pyramid.features(windows, torch.arange(len(windows)), (4, 6))
    expected = (seen * template.weights).sum(dim=(1, 2, 3)) + template.bias
    torch.testing.assert_close(response, expected, atol=1e-4, rtol=1e-4)
    second = windows.level == 1
    alone = respond(pyramid.levels[1], template).flatten()
    assert torch.equal(response[second], alone)


def test_windows_lie_where_their_cells_lie(pyramid: HogPyramid) -> None:
    windows = pyramid.windows((3, 2))
    at = ((windows.level == 2) & (windows.row == 4) & (windows.column == 5)).int().argmax()
    down, across = (CELL_PX * scale for scale in pyramid.scales[2])
    expected = [5 * across, 4 * down, 8 * across, 8 * down]
    assert windows.boxes[at].tolist() == pytest.approx(expected)
    assert (windows.boxes >= 0).all()
    assert windows.boxes[:, 2].max() <= 150
    assert windows.boxes[:, 3].max() <= 100


@pytest.mark.parametrize("size", [(1, 1), (14, 60), (16, 16)])
def test_small_pictures(size: tuple[int, int]) -> None:
    pyramid = HogPyramid.of(np.zeros((*size, 3), np.uint8))
    assert len(pyramid.levels) == (1 if size == (16, 16) else 0)
    assert len(pyramid.windows((5, 5))) == 0
    assert pyramid.respond(Template(torch.ones(36, 5, 5), 0.0)).shape == (0,)
    assert pyramid.features(pyramid.windows((5, 5)), torch.zeros(0).long(), (5, 5)).numel() == 0


def test_the_map_holds_the_strongest_of_each_cell() -> None:
    boxes = torch.tensor([[0, 0, 8, 8], [0, 0, 9, 7], [10, 0, 20, 16], [0, 0, 46, 38.0]])
    found = strongest_map(boxes, torch.tensor([-1.0, 2.0, 0.5, 3.0]), (20, 25))
    assert found.shape == (3, 4)
    assert found[0, 0] == 2
    assert found[1, 1] == 0.5
    assert found[2, 2] == 3
    assert found.isnan().sum() == 9
    assert strongest_map(torch.zeros(0, 4), torch.zeros(0), (8, 8)).isnan().all()
