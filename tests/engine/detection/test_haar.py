"""Haar cascades, window for window against OpenCV."""

import cv2
import numpy as np
import pytest
import torch

from engine.detection.boxes import clip
from engine.detection.cascade_file import cascade_file, cascade_names, load_cascade
from engine.detection.haar import HaarScan, evaluate, scan
from engine.detection.haar_features import Integrals
from engine.errors import InputError
from engine.pictures.raster import grey
from engine.pictures.samples import sample

Boxes = list[tuple[int, ...]]


def picture(name: str, side_px: int = 160) -> np.ndarray:
    """A sample in grey, its longer side cut down by OpenCV."""
    pixels = grey(sample(name).pixels)
    scale = side_px / max(pixels.shape)
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def by_opencv(name: str, pixels: np.ndarray, factor: float, min_neighbours: int) -> Boxes:
    classifier = cv2.CascadeClassifier(str(cascade_file(name)))
    found = classifier.detectMultiScale(pixels, factor, min_neighbours)
    return sorted((int(x), int(y), int(x + w), int(y + h)) for x, y, w, h in found)


def survivors(found: HaarScan) -> Boxes:
    return whole(clip(found.boxes[found.survivors(found.stages)], found.size))


def whole(boxes: torch.Tensor) -> Boxes:
    return sorted(tuple(box) for box in boxes.int().tolist())


@pytest.mark.parametrize("name", cascade_names())
def test_every_cascade_finds_the_windows_that_opencv_finds(name: str) -> None:
    total = 0
    for shown in ("astronaut", "chelsea"):
        pixels = picture(shown)
        found = scan(load_cascade(name), pixels, 1.2)
        assert survivors(found) == by_opencv(name, pixels, 1.2, 0), shown
        assert whole(found.detections(3, name).boxes) == by_opencv(name, pixels, 1.2, 3), shown
        total += len(survivors(found))
    if name in ("frontalface_default", "smile", "eye", "upperbody"):
        assert total > 0


@pytest.mark.parametrize("factor", [1.05, 1.1, 1.5, 2.0])
def test_any_factor_as_opencv(factor: float) -> None:
    pixels = picture("astronaut", 160)
    found = scan(load_cascade("frontalface_alt2"), pixels, factor)
    assert survivors(found) == by_opencv("frontalface_alt2", pixels, factor, 0)
    assert survivors(found)


@pytest.mark.parametrize("size", [(1, 1), (19, 40), (20, 20), (21, 20), (24, 37), (63, 20)])
def test_small_pictures_of_noise_as_opencv(size: tuple[int, int]) -> None:
    """The smile cascade lets much noise pass, and has tilted features."""
    for name in ("smile", "lefteye_2splits"):
        for seed in range(5):
            noise = np.random.default_rng(seed).integers(0, 256, size, dtype=np.uint8)
            smooth = cv2.GaussianBlur(noise, (0, 0), 3)
            found = scan(load_cascade(name), smooth, 1.1)
            assert survivors(found) == by_opencv(name, smooth, 1.1, 0)


@pytest.fixture(scope="module")
def face_scan() -> HaarScan:
    return scan(load_cascade("frontalface_default"), picture("astronaut"), 1.1)


def test_fewer_and_fewer_windows_survive(face_scan: HaarScan) -> None:
    counts = face_scan.counts()
    assert len(counts) == face_scan.stages + 1
    assert counts[0] == len(face_scan.boxes) > 5_000
    assert (counts.diff() <= 0).all()
    assert 0 < counts[-1] < 100
    assert counts[1] < 0.7 * counts[0]
    for stage in range(face_scan.stages):
        assert set(face_scan.survivors(stage + 1).tolist()) <= set(
            face_scan.survivors(stage).tolist()
        )


def test_margins_say_why_a_window_stopped(face_scan: HaarScan) -> None:
    through = face_scan.passed == face_scan.stages
    flat = face_scan.passed < 0
    assert (face_scan.margin[through] >= 0).all()
    assert (face_scan.margin[~through & ~flat] < 0).all()
    assert (face_scan.margin[flat] == 0).all()


def test_levels_shrink_and_their_windows_grow(face_scan: HaarScan) -> None:
    width = face_scan.boxes[:, 2] - face_scan.boxes[:, 0]
    for level, scale in enumerate(face_scan.scales):
        assert (width[face_scan.level == level] == round(24 * scale)).all()
    assert face_scan.scales[:2] == pytest.approx((1, 1.1))


def test_one_face_is_found_with_a_score_that_ranks(face_scan: HaarScan) -> None:
    found = face_scan.detections(8, "face")
    assert found.class_names == ("face",)
    assert len(found) >= 1
    x1, y1, x2, y2 = found.boxes[0].tolist()
    assert x1 < 70 < x2  # the astronaut's nose
    assert y1 < 37 < y2
    counts = face_scan.group(8).counts[face_scan.group(8).kept].sort(descending=True).values
    assert torch.allclose(found.scores, counts / (counts + 1))


def test_a_blank_picture_is_too_flat_to_look_at() -> None:
    found = scan(load_cascade("eye"), np.full((40, 40), 128, np.uint8))
    assert len(found.boxes) > 0
    assert (found.passed == -1).all()
    assert len(found.detections(0, "eye")) == 0


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (30, 44)])
def test_integral_images_as_opencv(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8)
    ours = Integrals.of(pixels)
    upright, squared, tilted = cv2.integral3(pixels)
    assert np.array_equal(ours.upright, upright)
    assert np.array_equal(ours.squared, squared)
    assert np.array_equal(ours.tilted, tilted)


def test_no_windows_at_all() -> None:
    nowhere = np.zeros(0, np.int64)
    passed, margin = evaluate(
        load_cascade("eye"), Integrals.of(np.zeros((30, 30), np.uint8)), nowhere, nowhere
    )
    assert (len(passed), len(margin)) == (0, 0)


@pytest.mark.parametrize("factor", [1.0, 3.0, float("nan")])
def test_factors_that_cannot_be(factor: float) -> None:
    with pytest.raises(InputError, match="scale_factor must lie"):
        scan(load_cascade("eye"), np.zeros((30, 30), np.uint8), factor)


def test_a_coloured_picture_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="uint8"):
        scan(load_cascade("eye"), np.zeros((30, 30, 3), np.uint8))
