"""Patches to train a window classifier on, cut from drawn scenes as a sliding window would.

A window is named after an object only where the object's centre lies near the window's own. One
that shows half an object, or none, is "nothing": a classifier that has only met whole objects in
the middle of its window takes every corner of one for something.

Source: Rowley, Baluja, Kanade, "Neural Network-Based Face Detection", PAMI 1998 (what is not a face
is cut from scenery).
"""

import numpy as np
import torch
from torch import Tensor

from engine.data.painting import SceneSettings
from engine.data.scenes import Scene, draw_many
from engine.data.shapes import SHAPES

CLASSES = ("nothing", *SHAPES)
WINDOW_PX = 32
NEAR_PX, FAR_PX = 4, 9  # between them a window is neither, and is not cut
SCENES64 = SceneSettings(
    size=(64, 64), objects=(1, 3), hidden_share=0.1, cut_share=0, border_share=0.2
)
_TRIES = 30


def cut_patches(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Half of the patches around an object, half away from all.

    Args:
        count: how many, at least 0; an even number.
        seed: of the scenes and of the places, 0 to 2**63 - 1.

    Returns:
        uint8 ``(count, 32, 32, 3)``, and int64 ``(count,)``, index into :data:`CLASSES`.
    """
    draws = np.random.default_rng(seed)
    images = np.empty((count, WINDOW_PX, WINDOW_PX, 3), np.uint8)
    targets = np.zeros(count, np.int64)
    for index, scene in enumerate(draw_many(count // 2, seed, SCENES64)):
        centres = (scene.boxes[:, :2] + scene.boxes[:, 2:]) / 2
        chosen = int(draws.integers(len(centres)))
        corner = centres[chosen] + draws.integers(-NEAR_PX, NEAR_PX + 1, 2) - WINDOW_PX / 2
        images[2 * index] = _cut(scene, _inside(corner))
        if _is_near(corner, centres[chosen]):  # else the scene's edge pushed the window away
            targets[2 * index] = 1 + scene.labels[chosen]
        images[2 * index + 1] = _cut(scene, _far_corner(centres, draws))
    return torch.from_numpy(images), torch.from_numpy(targets)


def _inside(corner: np.ndarray) -> np.ndarray:
    """A window's upper left corner ``(x, y)``, in whole pixels and within the scene."""
    height, width = SCENES64.size
    return np.clip(np.rint(corner), 0, [width - WINDOW_PX, height - WINDOW_PX]).astype(np.int64)


def _is_near(corner: np.ndarray, centre: np.ndarray) -> bool:
    """Whether the window that is cut still has the object in its middle."""
    return bool(np.abs(_inside(corner) + WINDOW_PX / 2 - centre).max() <= NEAR_PX + 1)


def _far_corner(centres: np.ndarray, draws: np.random.Generator) -> np.ndarray:
    """A window far from all centres; of many tries the farthest where none is far."""
    height, width = SCENES64.size
    room = [width - WINDOW_PX + 1, height - WINDOW_PX + 1]
    corners = draws.integers(0, room, (_TRIES, 2))
    away = np.abs(corners[:, None] + WINDOW_PX / 2 - centres).max(axis=2).min(axis=1)
    far = np.flatnonzero(away >= FAR_PX)
    return corners[far[0] if len(far) else away.argmax()]


def _cut(scene: Scene, corner: np.ndarray) -> np.ndarray:
    x, y = corner
    return scene.pixels[y : y + WINDOW_PX, x : x + WINDOW_PX]
