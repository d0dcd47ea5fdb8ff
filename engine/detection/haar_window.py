"""One window of a Haar cascade, taken apart: every feature it was asked, and every vote.

The trace of :func:`engine.detection.haar.evaluate` for a single window, in the same precision: the
tests hold the two together.

Sources: Viola & Jones 2001; OpenCV's ``cascadedetect.cpp``.
"""

from dataclasses import dataclass

import numpy as np

from engine.cache import remembered
from engine.detection.cascade_file import Cascade, Tree
from engine.detection.haar import THRESHOLD_SLACK
from engine.detection.haar_features import Integrals, find_contrast


@dataclass(frozen=True)
class Asked:
    """One node of a tree that the window came to.

    Attributes:
        feature: index into the cascade's features.
        value: of the feature, over area times standard deviation of the window.
        threshold: what the value was compared with; below it, the tree's left branch is taken.
    """

    feature: int
    value: float
    threshold: float


@dataclass(frozen=True)
class Vote:
    """What one tree said.

    Attributes:
        asked: the nodes on the way, the root first.
        vote: the leaf at its end, which goes into the stage's sum.
    """

    asked: tuple[Asked, ...]
    vote: float


@dataclass(frozen=True)
class StageVotes:
    """A stage's trees, their sum, and what it had to reach.

    Attributes:
        votes: in the order of the trees.
        total: float64 sum of the votes.
        threshold: the stage's, less the 0.00001 by which OpenCV lowers it.
    """

    votes: tuple[Vote, ...]
    total: float
    threshold: float

    @property
    def passed(self) -> bool:
        """Whether the window went on."""
        return self.total >= self.threshold


def explain_window(cascade: Cascade, window: np.ndarray) -> tuple[StageVotes, ...]:
    """Send one window through the cascade, as far as it comes.

    Args:
        cascade: from :mod:`engine.detection.cascade_file`.
        window: uint8 of the cascade's ``window_px``.

    Returns:
        The stages that the window came to, the last one perhaps not passed; none if it is so flat
        that OpenCV does not look at it.

    Raises:
        ValueError: a window of another size or type.
    """
    if window.shape != cascade.window_px or window.dtype != np.uint8:
        raise ValueError(f"a uint8 window of {cascade.window_px} is needed, not {window.shape}")
    values = _feature_values(cascade, window)
    if values is None:
        return ()
    stages: list[StageVotes] = []
    for stage in cascade.stages:
        votes = tuple(_walk(tree, values) for tree in stage.trees)
        total = float(np.sum([np.float32(vote.vote) for vote in votes], dtype=np.float64))
        threshold = float(np.float32(stage.threshold) - THRESHOLD_SLACK)
        stages.append(StageVotes(votes, total, threshold))
        if not stages[-1].passed:
            break
    return tuple(stages)


def _walk(tree: Tree, values: np.ndarray) -> Vote:
    asked, at = [], 0
    while True:
        node = tree.nodes[at]
        value, threshold = values[node.feature], np.float32(node.threshold)
        asked.append(Asked(node.feature, float(value), float(threshold)))
        at = node.left if value < threshold else node.right
        if at <= 0:
            return Vote(tuple(asked), tree.leaves[-at])


def _feature_values(cascade: Cascade, window: np.ndarray) -> np.ndarray | None:
    """Every feature of the cascade on the window, float32 ``(F,)``; None where it is too flat."""
    sums, corner = Integrals.of(window), np.zeros(1, np.int64)
    contrast = find_contrast(cascade.window_px, sums, corner, corner)
    if np.isnan(contrast[0]):
        return None
    places, weights, tilted = _tables(cascade)
    corners = sums.upright.ravel()[places]  # (F, 3, 4)
    corners[tilted] = sums.tilted.ravel()[places[tilted]]
    inside = corners[..., 0] - corners[..., 1] - corners[..., 2] + corners[..., 3]
    weighted = inside.astype(np.float32) * weights
    return (weighted[:, 0] + weighted[:, 1] + weighted[:, 2]) * contrast[0]


@remembered(32)
def _tables(cascade: Cascade) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places in a window's flat integral image ``(F, 3, 4)``, weights ``(F, 3)``, which tilt."""
    row = cascade.window_px[1] + 1
    places = np.zeros((len(cascade.features), 3, 4), np.int64)
    weights = np.zeros(places.shape[:2], np.float32)
    for f, feature in enumerate(cascade.features):
        for r, rect in enumerate(feature.rects):
            places[f, r] = [y * row + x for y, x in rect.corners(feature.tilted)]
            weights[f, r] = rect.weight
    return places, weights, np.array([feature.tilted for feature in cascade.features])
