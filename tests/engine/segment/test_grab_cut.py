"""GrabCut from a seed: OpenCV in one go is the oracle for the steps; scenes hold the truth."""

import cv2
import numpy as np
import pytest
from skimage.measure import label as pieces_of

from engine.errors import InputError
from engine.progress import finish
from engine.segment.grab_cut import (
    ITERATIONS,
    MAYBE_BACK,
    MAYBE_FRONT,
    SURE,
    SURE_BACK,
    SURE_FRONT,
    GrabCut,
    Trimap,
    grab_cut_steps,
    make_trimap,
)


def disc_picture() -> tuple[np.ndarray, np.ndarray]:
    """A noisy disc on noisy ground, and where the disc is."""
    dice = np.random.default_rng(3)
    rows, columns = np.mgrid[:60, :80]
    inside = (rows - 30) ** 2 + (columns - 45) ** 2 < 18**2
    colours = np.where(inside[:, :, None], (200, 80, 60), (60, 110, 150))
    noise = dice.normal(0, 12, (60, 80, 3))
    return np.clip(colours + noise, 0, 255).astype(np.uint8), inside


def blob() -> np.ndarray:
    """A rough map of the disc, peak 1, and a smaller blob elsewhere."""
    rows, columns = np.mgrid[:60, :80]
    main = np.exp(-((rows - 27) ** 2 + (columns - 42) ** 2) / 200)
    other = 0.5 * np.exp(-((rows - 5) ** 2 + (columns - 5) ** 2) / 8)
    return np.maximum(main, other).astype(np.float32)


@pytest.mark.parametrize("threshold", [0.05, 0.2, 0.6, SURE])
def test_the_trimap_is_the_largest_piece_and_its_box(threshold: float) -> None:
    unit = blob()
    trimap = make_trimap(unit, threshold)
    pieces = np.asarray(pieces_of(unit >= threshold, connectivity=2))
    largest = pieces == 1 + np.bincount(pieces.ravel())[1:].argmax()
    rows, columns = np.nonzero(largest)
    left, top, right, bottom = trimap.box
    assert trimap.box == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    in_box = np.zeros_like(largest)
    in_box[top:bottom, left:right] = True
    sure = largest & (unit >= SURE)
    assert np.array_equal(trimap.marks == SURE_FRONT, sure)
    assert np.array_equal(trimap.marks == MAYBE_FRONT, largest & ~sure)
    assert np.array_equal(trimap.marks == MAYBE_BACK, in_box & ~largest)
    assert np.array_equal(trimap.marks == SURE_BACK, ~in_box)


@pytest.mark.parametrize("threshold", [0, -0.1, 0.81, float("nan")])
def test_thresholds_out_of_range_are_refused(threshold: float) -> None:
    with pytest.raises(InputError, match="seed"):
        make_trimap(blob(), threshold)


def test_a_map_of_nothing_and_a_seed_of_everything_are_sentences() -> None:
    with pytest.raises(InputError, match="no place that speaks"):
        make_trimap(np.zeros((4, 5), np.float32))
    everywhere = make_trimap(np.ones((4, 5), np.float32))
    with pytest.raises(InputError, match="whole picture"):
        finish(grab_cut_steps(np.zeros((4, 5, 3), np.uint8), everywhere))


def test_iterations_are_opencv_s_and_find_the_disc() -> None:
    pixels, inside = disc_picture()
    trimap = make_trimap(blob(), 0.1)
    steps = list(grab_cut_steps(pixels, trimap))
    assert [(step.done, step.total) for step in steps] == [(k, 5) for k in range(1, 6)]
    cut = steps[-1].result
    assert isinstance(cut, GrabCut)
    assert cut.masks.shape == (ITERATIONS, 60, 80)
    for iterations in (1, ITERATIONS):
        marks = trimap.marks.copy()
        cv2.setRNGSeed(0)
        models = np.zeros((1, 65)), np.zeros((1, 65))
        bgr = np.ascontiguousarray(pixels[:, :, ::-1])
        cv2.grabCut(bgr, marks, None, *models, iterations, cv2.GC_INIT_WITH_MASK)  # pyright: ignore
        assert np.array_equal(cut.masks[iterations - 1], np.isin(marks, (1, 3)))
    found = cut.masks[-1]
    assert iou(found, inside) > 0.95
    rough = np.isin(trimap.marks, (SURE_FRONT, MAYBE_FRONT))
    assert iou(rough, inside) < 0.8  # GrabCut had something to do


def iou(one: np.ndarray, other: np.ndarray) -> float:
    return (one & other).sum() / (one | other).sum()


def test_the_smallest_picture_that_has_two_sides_is_cut() -> None:
    trimap = Trimap(np.array([[SURE_BACK, SURE_FRONT]], np.uint8), (1, 0, 2, 1))
    pixels = np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)
    assert finish(grab_cut_steps(pixels, trimap)).masks[-1].tolist() == [[False, True]]


@pytest.mark.parametrize("iterations", [0, 21])
def test_too_few_and_too_many_iterations_are_refused(iterations: int) -> None:
    trimap = make_trimap(blob())
    with pytest.raises(InputError, match="iterations"):
        finish(grab_cut_steps(disc_picture()[0], trimap, iterations))
