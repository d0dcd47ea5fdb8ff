"""A window taken apart, against the cascade's own evaluation and against OpenCV's picture sums."""

import cv2
import numpy as np
import pytest

from engine.detection.cascade_file import Cascade, Feature, load_cascade
from engine.detection.haar import evaluate
from engine.detection.haar_features import Integrals
from engine.detection.haar_window import explain_window
from engine.pictures.raster import grey
from engine.pictures.samples import sample


def windows(cascade: Cascade, count: int) -> list[np.ndarray]:
    """Windows of the astronaut, whole face and wall alike, and some noise."""
    rng = np.random.default_rng(3)
    pixels = grey(sample("astronaut").pixels)
    height, width = cascade.window_px
    found = [rng.integers(0, 256, cascade.window_px, dtype=np.uint8) for _ in range(3)]
    for _ in range(count):
        scale = rng.uniform(0.15, 0.8)
        small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        if small.shape[0] <= height or small.shape[1] <= width:
            continue
        y = rng.integers(0, small.shape[0] - height)
        x = rng.integers(0, small.shape[1] - width)
        found.append(small[y : y + height, x : x + width].astype(np.uint8))
    return found


@pytest.mark.parametrize("name", ["smile", "frontalface_alt2", "eye_tree_eyeglasses", "fullbody"])
def test_votes_add_up_to_what_the_cascade_computes(name: str) -> None:
    cascade = load_cascade(name)  # smile has tilted features, the next two deeper trees
    reached = 0
    for window in windows(cascade, 40):
        zero = np.zeros(1, np.int64)
        passed, margin = evaluate(cascade, Integrals.of(window), zero, zero)
        stages = explain_window(cascade, window)
        if passed[0] < 0:
            assert stages == ()
            continue
        assert sum(stage.passed for stage in stages) == passed[0]
        assert len(stages) == min(passed[0] + 1, len(cascade.stages))
        assert np.float32(stages[-1].total - stages[-1].threshold) == margin[0]
        for told, stage in zip(stages, cascade.stages, strict=False):
            assert len(told.votes) == len(stage.trees)
        reached = max(reached, len(stages))
    assert reached >= 3


def by_hand(feature: Feature, window: np.ndarray) -> float:
    """The rectangles' pixels, counted one by one; upright features only."""
    parts = [
        window[rect.y : rect.y + rect.height, rect.x : rect.x + rect.width].sum() * rect.weight
        for rect in feature.rects
    ]
    return float(sum(parts))


def test_a_features_value_is_its_rectangles_over_area_times_deviation() -> None:
    cascade = load_cascade("frontalface_default")
    window = windows(cascade, 1)[0]
    inner = window[1:-1, 1:-1].astype(np.float64)
    scale = inner.size * inner.std()
    asked = [node for vote in explain_window(cascade, window)[0].votes for node in vote.asked]
    assert len(asked) == len(cascade.stages[0].trees)
    for node in asked:
        expected = by_hand(cascade.features[node.feature], window) / scale
        assert node.value == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_a_flat_window_is_not_asked_anything() -> None:
    cascade = load_cascade("eye")
    assert explain_window(cascade, np.full((20, 20), 77, np.uint8)) == ()


def test_another_window_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="uint8 window"):
        explain_window(load_cascade("eye"), np.zeros((24, 24), np.uint8))
    with pytest.raises(ValueError, match="uint8 window"):
        explain_window(load_cascade("eye"), np.zeros((20, 20), np.float32))
