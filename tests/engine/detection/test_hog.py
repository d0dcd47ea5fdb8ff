"""HOG's gradients, blocks and responses, against OpenCV's whole detector and scikit-image."""

from typing import Any

import cv2
import numpy as np
import pytest
import torch
from skimage.feature import hog as skimage_hog

from engine.detection.hog import (
    BINS,
    CELL_PX,
    Template,
    blocks,
    cell_histograms,
    gradient_votes,
    people_template,
    respond,
    scan,
)
from engine.errors import InputError
from engine.pictures.samples import sample

opencv: Any = cv2


def people_detector() -> Any:
    descriptor = opencv.HOGDescriptor()
    descriptor.setSVMDetector(opencv.HOGDescriptor_getDefaultPeopleDetector())
    return descriptor


def picture(name: str, size: tuple[int, int]) -> np.ndarray:
    return cv2.resize(sample(name).pixels, size[::-1], interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("size", [(128, 64), (129, 71), (190, 143)])
@pytest.mark.parametrize("name", ["astronaut", "china"])
def test_responses_as_opencv_detect(name: str, size: tuple[int, int]) -> None:
    pixels = picture(name, size)
    response = respond(blocks(pixels), people_template())
    places, margins = people_detector().detect(pixels, -1e9, (CELL_PX, CELL_PX))
    assert len(places) == response.numel()
    for (x, y), margin in zip(places, np.ravel(margins), strict=True):
        assert response[y // CELL_PX, x // CELL_PX] == pytest.approx(margin, abs=1e-4)


@pytest.mark.parametrize("name", ["astronaut", "china"])
@pytest.mark.parametrize("factor", [1.05, 1.3])
def test_the_pyramid_as_opencv_detect_multi_scale(name: str, factor: float) -> None:
    pixels = picture(name, (230, 290))
    found = scan(pixels, people_template(), factor)
    rects, margins = people_detector().detectMultiScale(
        pixels, -2.0, (CELL_PX, CELL_PX), (0, 0), factor, 0
    )
    expected = sorted(
        (int(x), int(y), int(x + w), int(y + h), float(margin))
        for (x, y, w, h), margin in zip(rects, np.ravel(margins), strict=True)
    )
    chosen = found.response >= -2
    ours = sorted(
        (*map(int, box), margin)
        for box, margin in zip(
            found.boxes[chosen].tolist(), found.response[chosen].tolist(), strict=True
        )
    )
    assert ours
    assert [row[:4] for row in ours] == [row[:4] for row in expected]
    np.testing.assert_allclose([row[4] for row in ours], [row[4] for row in expected], atol=1e-4)


def test_a_person_is_found() -> None:
    """A standing figure, drawn: head, trunk and legs, dark before light."""
    canvas = np.full((200, 120, 3), 200, np.uint8)
    cv2.circle(canvas, (60, 50), 10, (40, 40, 40), -1)
    cv2.rectangle(canvas, (46, 62), (74, 110), (40, 40, 40), -1)
    cv2.rectangle(canvas, (47, 110), (58, 160), (40, 40, 40), -1)
    cv2.rectangle(canvas, (62, 110), (73, 160), (40, 40, 40), -1)
    canvas = cv2.GaussianBlur(canvas, (0, 0), 1)
    found = scan(canvas, people_template()).detections(0.0, "person")
    assert len(found) >= 1
    assert (found.scores >= 0.5).all()
    x1, y1, x2, y2 = found.boxes[0].tolist()
    assert x1 < 50 < 70 < x2
    assert y1 < 45 < 150 < y2
    assert len(scan(np.full_like(canvas, 90), people_template()).detections(0.0, "person")) == 0


def test_votes_are_the_gradient() -> None:
    """A ramp across changes by one step a pixel, in the direction of 0° and 180°."""
    ramp = np.tile(np.arange(0, 240, 4, dtype=np.uint8), (40, 1))
    votes = gradient_votes(ramp)
    assert votes.shape == (40, 60, BINS)
    root = np.sqrt(ramp.astype(np.float32))
    length = root[:, 2:] - root[:, :-2]  # central differences
    np.testing.assert_allclose(votes[:, 1:-1].sum(axis=2), length, rtol=1e-3)
    inner = votes[:, 1:-1]
    np.testing.assert_allclose(inner[..., 0], inner[..., 8], rtol=1e-3)  # half each: 10° and 170°
    assert inner[..., 1:8].max() == 0
    upright = gradient_votes(ramp.T.copy())[1:-1]
    assert upright.sum(axis=(0, 1)).argmax() == 4  # 80° to 100°


def test_cells_hold_all_votes_of_their_pixels() -> None:
    votes = gradient_votes(picture("chelsea", (45, 61)))
    cells = cell_histograms(votes)
    assert cells.shape == (5, 7, BINS)
    np.testing.assert_allclose(cells[2, 3], votes[16:24, 24:32].sum(axis=(0, 1)), rtol=1e-5)
    np.testing.assert_allclose(cells.sum(), votes[:40, :56].sum(), rtol=1e-5)


def test_cells_resemble_scikit_images() -> None:
    """It counts directions without sharing between bins and in steps of its own: similar only."""
    pixels = picture("chelsea", (160, 240))[:, :, 0].copy()
    theirs = skimage_hog(
        np.sqrt(pixels / 255.0), BINS, (CELL_PX, CELL_PX), (1, 1), "L2", feature_vector=False
    )
    ours = cell_histograms(gradient_votes(pixels))
    ours /= np.linalg.norm(ours, axis=2, keepdims=True) + 1e-5
    agreement = (ours * theirs[:, :, 0, 0]).sum(axis=2)  # cosine of the angle between histograms
    assert np.median(agreement) > 0.95


def test_blocks_are_scaled_to_one() -> None:
    found = blocks(picture("chelsea", (45, 61)))
    assert found.shape == (36, 4, 6)
    torch.testing.assert_close(found.norm(dim=0), torch.ones(4, 6), atol=2e-3, rtol=0)
    assert found.min() >= 0


def test_the_template_in_cells_keeps_every_weight() -> None:
    template = people_template()
    assert template.window_px == (128, 64)
    assert template.weights.shape == (36, 15, 7)
    cells = template.by_cell()
    assert cells.shape == (16, 8, BINS)
    assert cells.sum().item() == pytest.approx(template.weights.sum().item(), abs=1e-3)
    single = Template(torch.zeros(36, 2, 2), 0.0)
    single.weights[1 * 18 + 0 * 9 + 4, 1, 0] = 1.0  # right upper cell of the lower left block
    assert single.by_cell().nonzero().tolist() == [[1, 1, 4]]


def test_the_order_of_cells_in_a_block() -> None:
    """Only the lower left cell holds an edge: its votes are channels 9 to 17."""
    canvas = np.full((16, 16), 100, np.uint8)
    canvas[11:14, 2:5] = 200
    strength = blocks(canvas)[:, 0, 0].reshape(2, 2, BINS).sum(dim=2)
    assert strength.flatten().argmax() == 1


@pytest.mark.parametrize("size", [(1, 1), (127, 64), (128, 63)])
def test_small_pictures_have_no_windows(size: tuple[int, int]) -> None:
    found = scan(np.zeros((*size, 3), np.uint8), people_template())
    assert (len(found.boxes), len(found.response), found.levels) == (0, 0, ())
    assert len(found.detections(0.0, "person")) == 0


def test_bad_input() -> None:
    with pytest.raises(InputError, match="does not fit"):
        blocks(np.zeros((15, 40), np.uint8))
    with pytest.raises(ValueError, match="uint8"):
        blocks(np.zeros((20, 40), np.float32))
    with pytest.raises(InputError, match="scale_factor must lie"):
        scan(np.zeros((130, 70), np.uint8), people_template(), 1.0)
