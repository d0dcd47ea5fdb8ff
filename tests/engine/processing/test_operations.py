"""Every operation is the OpenCV call that it prints, and keeps to its bounds."""

import random
from dataclasses import fields
from typing import Any

import cv2
import numpy as np
import pytest
from skimage.filters import threshold_otsu
from skimage.metrics import peak_signal_noise_ratio

from engine.errors import InputError
from engine.pictures import psnr_db, sample
from engine.processing import OPERATIONS, Step, run_chain
from engine.processing.enhancement import Brightness, Clahe, EqualizeHist, Sharpen
from engine.processing.geometric import Flip, Perspective, Rotate
from engine.processing.operation import Bounds, Operation
from engine.processing.program import code_of, main_line
from engine.processing.restoration import GaussianBlur, GaussianNoise, MedianBlur, SaltAndPepper
from engine.processing.structure import Otsu

SIZES = [(1, 1), (1, 40), (40, 1), (2, 3), (33, 40)]


def noise(size: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, size, np.uint8)


def drawn(kind: type[Operation], rng: random.Random) -> Operation:
    """The operation with arguments drawn from all that it accepts."""
    values = []
    for each in fields(kind):
        bounds = each.metadata["bounds"]
        if not isinstance(bounds, Bounds):
            values.append(rng.choice(bounds.names))
        elif bounds.is_whole:
            values.append(rng.randrange(int(bounds.low), int(bounds.high) + 1, int(bounds.step)))
        else:
            values.append(round(rng.uniform(bounds.low, bounds.high), 2))
    try:
        return kind(*values)
    except InputError:  # corners that do not go together
        return kind()


def run_printed(lines: list[str], picture: np.ndarray) -> np.ndarray:
    """What the printed lines make of a picture, in a namespace that has nothing else."""
    space: dict[str, Any] = {"__builtins__": {}, "cv2": cv2, "np": np, "picture": picture}
    exec("\n".join(lines), space)
    return space["picture"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_is_printed_is_what_runs(name: str) -> None:
    rng = random.Random(name)
    picture = noise((33, 40, 3))
    for _ in range(8):
        operation = drawn(OPERATIONS[name], rng)
        try:
            (done,) = run_chain(picture, [Step(operation)])
        except InputError:
            continue
        lines = [line for call in done.calls for line in code_of(call)]
        assert np.array_equal(run_printed(lines, picture), done.picture), lines
        assert main_line(operation) in lines
        assert not any("self" in line or "return" in line for line in lines)


@pytest.mark.parametrize(
    ("operation", "line"),
    [
        (Otsu(), "_, picture = cv2.threshold("),
        (Rotate(20), "matrix = cv2.getRotationMatrix2D(middle, 20, 1)"),
        (Clahe(4, 6), "clahe = cv2.createCLAHE(clipLimit=4, tileGridSize=(6, 6))"),
        (Sharpen(2), "picture = cv2.addWeighted(picture, 1 + 2, blurred, -2, 0)"),
        (EqualizeHist(), "picture = cv2.cvtColor(cv2.merge("),
        (Flip(0), "picture = cv2.flip(picture, 0)"),
    ],
)
def test_the_line_that_says_most(operation: Operation, line: str) -> None:
    assert main_line(operation).startswith(line)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("size", SIZES)
def test_any_picture_is_processed_or_refused_in_a_sentence(
    name: str, size: tuple[int, int]
) -> None:
    rng = random.Random(name)
    picture = noise((*size, 3))
    before = picture.copy()
    for operation in (OPERATIONS[name](), drawn(OPERATIONS[name], rng)):
        try:
            found = run_chain(picture, [Step(operation)])[0].picture
        except InputError:
            continue
        assert found.dtype == np.uint8
        assert found.shape[:2] == operation.size_after(size)
    assert np.array_equal(picture, before)


@pytest.mark.parametrize("name", OPERATIONS)
def test_arguments_out_of_bounds_are_refused(name: str) -> None:
    kind = OPERATIONS[name]
    for each in fields(kind):
        bounds = each.metadata["bounds"]
        wrong: list[Any] = ["IMREAD_COLOR", "", "__class__"]
        if isinstance(bounds, Bounds):
            wrong = [bounds.low - 1, bounds.high + 1, float("nan"), float("inf")]
            if bounds.is_whole:
                wrong.append(bounds.low + 0.5)
                if bounds.step > 1:
                    wrong.append(int(bounds.low) + 1)
        for value in wrong:
            with pytest.raises(InputError):
                kind(**{each.name: value})
    for each in fields(kind):
        assert kind(**{each.name: each.default}) == kind()


def test_otsu_finds_scikit_images_threshold() -> None:
    grey = cv2.cvtColor(sample("camera").pixels, cv2.COLOR_RGB2GRAY)
    found = Otsu().facts(grey)["threshold"]
    assert found == threshold_otsu(grey)


def test_noise_comes_back_with_its_seed_and_in_the_stated_amount() -> None:
    clean = np.full((400, 400, 3), 100, np.uint8)
    salt = SaltAndPepper
    once, again, other = (salt(20, seed).apply(clean) for seed in (1, 1, 2))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)
    assert np.mean(once == 0) == pytest.approx(0.1, abs=0.005)
    assert np.mean(once == 255) == pytest.approx(0.1, abs=0.005)
    gaussian = GaussianNoise(10, 3).apply(clean)
    assert gaussian.std() == pytest.approx(10, rel=0.02)
    assert gaussian.mean() == pytest.approx(100, abs=0.1)


def test_the_median_removes_salt_and_pepper_and_the_mean_does_not() -> None:
    """The claim that the page opens with, against scikit-image's PSNR."""
    clean = sample("chelsea").pixels
    noisy = SaltAndPepper(10, 1).apply(clean)
    reached = {
        each.NAME: psnr_db(clean, each.apply(noisy)) for each in (MedianBlur(3), GaussianBlur(3))
    }
    median = MedianBlur(3).apply(noisy)
    assert reached["median_blur"] == pytest.approx(peak_signal_noise_ratio(clean, median))
    assert reached["median_blur"] > reached["gaussian_blur"] + 5


def test_a_flip_is_the_mirrored_array_and_brightness_stays_within_a_byte() -> None:
    picture = noise((20, 30, 3))
    assert np.array_equal(Flip(1).apply(picture), picture[:, ::-1])
    lighter = Brightness(40).apply(picture)
    assert np.array_equal(lighter, np.minimum(picture.astype(int) + 40, 255))
    darker = Brightness(-40).apply(picture)
    assert np.array_equal(darker, np.maximum(picture.astype(int) - 40, 0))


def test_perspective_takes_the_chosen_corners_to_the_pictures_own() -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[40:42, 60:62] = 255  # around the upper left corner of the quadrilateral
    operation = Perspective(200, 200, 900, 100, 900, 900, 100, 800)
    assert operation.apply(picture)[:4, :4].max() > 200
    assert Perspective(0, 0, 1000, 0, 1000, 1000, 0, 1000).apply(picture).sum() == (picture.sum())


@pytest.mark.parametrize(
    "corners",
    [
        (0, 0, 1000, 1000, 1000, 0, 0, 1000),  # crossed
        (0, 0, 0, 1000, 1000, 1000, 1000, 0),  # the other way round
        (0, 0, 500, 0, 1000, 0, 0, 1000),  # three in a line
        (500, 500, 1000, 0, 1000, 1000, 600, 600),  # one points inwards
    ],
)
def test_corners_that_make_no_quadrilateral_are_refused(corners: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="four corners"):
        Perspective(*corners)
