"""A response told cell by cell must add up to what OpenCV computes for the window."""

from typing import Any

import cv2
import numpy as np
import pytest
import torch

from engine.detection.hog import CELL_PX, Template, blocks, gradient_votes, people_template, respond
from engine.detection.hog_cells import explain_response, gradients, normalised_cells
from engine.errors import InputError
from engine.pictures.samples import sample

opencv: Any = cv2


def picture(name: str, size: tuple[int, int]) -> np.ndarray:
    return cv2.resize(sample(name).pixels, size[::-1], interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("name", ["astronaut", "camera"])
def test_cells_and_bias_add_up_to_opencvs_response(name: str) -> None:
    pixels = picture(name, (160, 120))
    detector = opencv.HOGDescriptor()
    detector.setSVMDetector(opencv.HOGDescriptor_getDefaultPeopleDetector())
    places, margins = detector.detect(pixels, -1e9, (CELL_PX, CELL_PX))
    assert len(places) == 5 * 8
    seen = blocks(pixels)
    for (x, y), margin in zip(places, np.ravel(margins), strict=True):
        told = explain_response(seen, people_template(), y // CELL_PX, x // CELL_PX)
        assert told.cells.shape == (16, 8)
        assert told.total == pytest.approx(margin, abs=1e-4)


def test_a_weight_counts_for_its_own_cell() -> None:
    seen = blocks(picture("china", (64, 80)))
    weights = torch.zeros(36, 3, 2)
    weights[1 * 18 + 0 * 9 : 1 * 18 + 9, 2, 1] = 1.0  # all of the right upper cell of a block
    told = explain_response(seen, Template(weights, -0.5), 1, 3)
    expected = seen[18:27, 3, 4].sum()
    assert told.cells[2, 2] == pytest.approx(expected.item())
    assert told.cells.count_nonzero() == 1
    assert told.total == pytest.approx(expected.item() - 0.5)
    assert told.total == pytest.approx(respond(seen, Template(weights, -0.5))[1, 3].item())


def test_normalised_cells_are_the_mean_of_their_blocks() -> None:
    seen = blocks(picture("chelsea", (40, 56)))
    cells = normalised_cells(seen)
    assert cells.shape == (5, 7, 9)
    torch.testing.assert_close(cells[0, 0], seen[:9, 0, 0])
    four = seen[27:36, 1, 2] + seen[9:18, 1, 3] + seen[18:27, 2, 2] + seen[:9, 2, 3]
    torch.testing.assert_close(cells[2, 3], four / 4)


@pytest.mark.parametrize("place", [(-1, 0), (0, -1), (1, 0), (0, 1)])
def test_no_such_window(place: tuple[int, int]) -> None:
    seen = blocks(np.zeros((128, 64), np.uint8))
    with pytest.raises(InputError, match="must lie"):
        explain_response(seen, people_template(), *place)


@pytest.mark.parametrize("degrees", [0, 3, 10, 45, 90, 99, 135, 171, 179])
def test_the_direction_of_a_ramp(degrees: int) -> None:
    """Gamma correction bends a ramp's brightness, but not its direction; rounding does a little."""
    y, x = np.mgrid[-20:21, -20:21]
    ramp = 128 + 5 * (x * np.cos(np.radians(degrees)) + y * np.sin(np.radians(degrees)))
    strength, found = gradients(np.clip(ramp.round(), 0, 255).astype(np.uint8))
    found = found[10:-10, 10:-10]
    assert strength[10:-10, 10:-10].min() > 0
    turned = np.exp(2j * np.radians(found)).mean()
    away = (np.degrees(np.angle(turned)) / 2 - degrees + 90) % 180 - 90
    assert abs(away) < 1
    assert (found >= 0).all()
    assert (found < 180).all()


def test_lengths_are_the_sums_of_the_votes() -> None:
    pixels = picture("astronaut", (40, 56))
    strength, angle = gradients(pixels)
    votes = gradient_votes(pixels)
    np.testing.assert_allclose(strength, votes.sum(axis=2), rtol=1e-5)
    y, x = np.unravel_index(strength.argmax(), strength.shape)
    assert votes[y, x, int(angle[y, x] // 20)] > 0
    flat, _ = gradients(np.full((20, 20), 9, np.uint8))
    assert flat.max() == 0
