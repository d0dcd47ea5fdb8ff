"""Patches cut from drawn scenes: what they are called, and that they are where the scene says."""

import numpy as np
import pytest
import torch

from engine.data.scenes import draw_many
from engine.detection.window_patches import CLASSES, NEAR_PX, SCENES64, WINDOW_PX, cut_patches

COUNT = 60


def places(pixels: np.ndarray, patch: np.ndarray) -> list[tuple[int, int]]:
    """Every upper left corner ``(x, y)`` at which the scene shows just this patch."""
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (WINDOW_PX, WINDOW_PX), axis=(0, 1))
    same = (windows.transpose(0, 1, 3, 4, 2) == patch).all(axis=(2, 3, 4))
    return [(int(x), int(y)) for y, x in zip(*same.nonzero(), strict=True)]


def test_no_patches() -> None:
    images, targets = cut_patches(0, seed=0)
    assert images.shape == (0, WINDOW_PX, WINDOW_PX, 3)
    assert targets.shape == (0,)


def test_a_patch_is_named_after_the_object_in_its_middle_and_else_nothing() -> None:
    images, targets = cut_patches(COUNT, seed=3)
    scenes = draw_many(COUNT // 2, 3, SCENES64)
    for index, (patch, target) in enumerate(zip(images.numpy(), targets.tolist(), strict=True)):
        scene = scenes[index // 2]
        ((x, y),) = places(scene.pixels, patch)
        centres = (scene.boxes[:, :2] + scene.boxes[:, 2:]) / 2
        away = np.abs(centres - [x + WINDOW_PX / 2, y + WINDOW_PX / 2]).max(axis=1)
        near = scene.labels[away <= NEAR_PX + 1]
        if target:
            assert target - 1 in near
        elif index % 2 == 0:  # the scene's edge pushed the window away from its object
            assert x in (0, WINDOW_PX) or y in (0, WINDOW_PX)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_seed_gives_the_same_patches_and_all_classes(seed: int) -> None:
    first, second = cut_patches(200, seed), cut_patches(200, seed)
    assert all(a.equal(b) for a, b in zip(first, second, strict=True))
    counts = torch.bincount(first[1], minlength=len(CLASSES))
    assert (counts > 10).all()
    assert counts[0] >= 100
    assert not first[0].equal(cut_patches(200, seed + 7)[0])
